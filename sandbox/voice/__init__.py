"""A voice exchange on loopback: it plays the caller against TwiML, and rings telephones.

`Exchange` is the provider's side, `Call` a person's side of one call, for tests and for the handsets page.
Time in a call is virtual: silence is an act, not a wait. It is strict where the real exchanges are strict,
because a stand-in that forgives teaches nothing, and it shares no code with the product. Source of verbs,
fields, limits and error numbers: the public TwiML and Voice API manuals, twilio.com/docs/voice.
"""

from sandbox.voice.acts import CallEnded, Listening
from sandbox.voice.call import Call
from sandbox.voice.exchange import Exchange
from sandbox.voice.lines import Answering, Line
from sandbox.voice.speech import Spoken

__all__ = ["Answering", "Call", "CallEnded", "Exchange", "Line", "Listening", "Spoken"]
