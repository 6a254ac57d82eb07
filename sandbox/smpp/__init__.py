"""A carrier's SMSC on loopback, SMPP 3.4: the counterpart of the SMS adapter. `server.Smsc` is the door."""
