"""Short messages: over SMPP 3.4 (`adapter.SmppChannel`) or over HTTP (`http`); alphabets and segments for
both."""
