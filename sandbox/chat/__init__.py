"""A chat platform on loopback that speaks the Telegram Bot API to a real bot library.

`ChatPlatform` serves the API; `Handset` is a person's side of it, for tests and for the handsets page. It is
strict where the real platform is strict, because a stand-in that forgives teaches nothing. It shares no code
with the product. Source of shapes and limits: the public Bot API manual, core.telegram.org/bots/api.
"""

from sandbox.chat.limits import Limits
from sandbox.chat.people import Handset
from sandbox.chat.platform import ChatPlatform
from sandbox.chat.world import BotAccount, Button, Shown

__all__ = ["BotAccount", "Button", "ChatPlatform", "Handset", "Limits", "Shown"]
