"""The chat box of the citizens' pages: posts in, Server-Sent Events out, both sides kept in the notebook."""

from channels.web.channel import WebChannel
from channels.web.settings import WebSettings
from channels.web.visitors import Visitor, Visitors

__all__ = ["Visitor", "Visitors", "WebChannel", "WebSettings"]
