"""One file a matter: functions `(context, need) -> answer`."""
