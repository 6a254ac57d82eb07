"""The telephone: TwiML webhooks in, TwiML and calls out."""

from channels.ivr.channel import TwimlChannel
from channels.ivr.settings import PHRASES, TwimlSettings

__all__ = ["PHRASES", "TwimlChannel", "TwimlSettings"]
