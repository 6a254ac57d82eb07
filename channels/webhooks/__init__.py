"""What every HTTP-speaking channel needs: read a request safely, know who sent it, answer its mistakes.

Route("POST", "/hooks/telegram/bot", guarded(self._update))

async def _update(self, request: web.Request) -> web.Response:
    check_secret(request.headers.getall(HEADER, ()), self._secrets)    # 403
    update = await read_json(request)                                   # 400, 408, 413
    await reception.accept(...)                                         # NotNow: 503 and Retry-After
    return web.Response()
"""

from channels.webhooks.guard import BadInput, Forbidden, Handler, TooLarge, TooSlow, guarded
from channels.webhooks.numbers import e164
from channels.webhooks.reading import Form, read_body, read_form, read_json
from channels.webhooks.secrets import check_secret, same_secret
from channels.webhooks.signature import TwilioSignature

__all__ = [
    "BadInput",
    "Forbidden",
    "Form",
    "Handler",
    "TooLarge",
    "TooSlow",
    "TwilioSignature",
    "check_secret",
    "e164",
    "guarded",
    "read_body",
    "read_form",
    "read_json",
    "same_secret",
]
