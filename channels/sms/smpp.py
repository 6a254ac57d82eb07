"""SMS over SMPP 3.4: the channel and its settings."""

from channels.sms.adapter import SmppChannel
from channels.sms.settings import SmppSettings

__all__ = ["SmppChannel", "SmppSettings"]
