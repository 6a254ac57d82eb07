"""Calls that we place: who calls is said to anybody, what it is about only to whoever presses a key.

A voice box or a child that picks up hears the office's name and nothing personal, without any detection of
answering machines, which costs seconds of silence and errs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from twilio.rest import Client  # type: ignore[import-untyped]

from channels.ivr.hearing import ENDED
from channels.ivr.settings import TwimlSettings
from channels.ivr.speech import clean
from channels.ivr.twiml import Document
from channels.webhooks import BadInput, Form, e164
from channels.webhooks.account import TwilioAccount
from channels.webhooks.errors import Reasons
from core.channel import Doubtful, Misconfigured, Reception, Refused, SendError, Throttled
from core.messages import OutboundMessage, Receipt, ReceiptState

KEY_TO_HEAR = "1"
KEY_AGAIN = "*"
INTRODUCTIONS = 3  # how often the introduction is spoken after a wrong key

# https://www.twilio.com/docs/api/errors: of placing a call
REASONS: Reasons = {
    10004: (Throttled, "too many calls at once"),
    13223: (Refused, "not a telephone number"),
    13224: (Refused, "not a telephone number"),
    13225: (Refused, "the number is blocked"),
    13227: (Misconfigured, "calls to this country are not enabled"),
    21210: (Misconfigured, "our number may not be shown"),
    21212: (Misconfigured, "our number is not a number of the account"),
    21213: (Misconfigured, "our number is missing"),
    21215: (Misconfigured, "calls to this country are not enabled"),
    21216: (Refused, "the number is blocked"),
    21220: (Refused, "the call has ended"),
    21264: (Misconfigured, "our number may not be shown"),
}

# How a call for a notice ended unheard: an error that an operator reads, by the status of the call.
UNHEARD = {
    "completed": "no-key",
    "busy": "busy",
    "no-answer": "no-answer",
    "canceled": "canceled",
    "failed": "failed",
}


def halves(text: str) -> tuple[str, str]:
    """Introduction and content of a notice, which a form feed divides.

    Raises `Refused` where one is missing: without an introduction the content would be told to whoever picks
    up, or nobody would know who calls.
    """
    introduction, divider, content = text.partition("\f")
    if not divider or not clean(introduction).strip() or not clean(content).strip():
        raise Refused(
            "a notice for the telephone needs an introduction and a content", code="no-introduction"
        )
    return introduction, content


class Notices:
    """Places the calls, answers them, and tells what became of them."""

    def __init__(
        self,
        name: str,
        settings: TwimlSettings,
        document: Document,
        account: TwilioAccount,
        reception: Reception,
        *,
        token: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        self._name = name
        self._settings = settings
        self._document = document
        self._account = account
        self._reception = reception
        self._token = token
        self._now = now

    async def send(self, message: OutboundMessage) -> str:
        """Keep the content under an unguessable token, ring, and return the SID of the call."""
        number = e164(message.address.identity) if message.address.kind == "tel" else ""
        if not number:
            raise Refused("not a telephone number", code="address")
        introduction, content = halves(message.text)
        token = self._token()
        page = {
            "introduction": introduction,
            "content": content,
            "language": message.language,
            "slow": message.say.values.get("pace") == "slow",
        }
        keep = timedelta(hours=self._settings.notice_hours)
        await self._reception.notebook.put(f"notice:{token}", page, keep=keep)
        try:
            return await self._account.create(self._call(number, token), REASONS)
        except Doubtful:  # it may ring all the same
            raise
        except SendError:
            await self._reception.notebook.drop(f"notice:{token}")
            raise

    async def answered(self, token: str) -> str:
        """Somebody or something picked up."""
        page = await self._page(token)
        return self._introduce(token, page, 1) if page else self._document.goodbye()

    async def pressed(self, token: str, form: Form, sid: str, times: int) -> str:
        """A key was pressed: the content counts as delivered from here on."""
        page = await self._page(token)
        digits = form.text("Digits", most=20).strip("#")
        if page is None:
            return self._document.goodbye()
        if digits == KEY_TO_HEAR or (digits == KEY_AGAIN and page.get("heard")):
            await self._heard(token, page, sid)
            return self._tell(token, page)
        if page.get("heard") or times >= INTRODUCTIONS:
            return self._document.goodbye()
        return self._introduce(token, page, times + 1)

    async def ended(self, token: str, form: Form, sid: str) -> None:
        """The call is over: without the key it has not delivered anything."""
        status = form.text("CallStatus")
        page = await self._page(token)
        if status not in ENDED or page is None or page.get("heard"):
            return
        sip = form.text("SipResponseCode", most=10)
        error = "machine" if form.text("AnsweredBy").startswith("machine") else UNHEARD[status]
        error = f"{error}:{sip}" if status == "failed" and sip else error
        await self._report(sid, ReceiptState.FAILED, error)

    def _call(self, number: str, token: str) -> Callable[[Client], Awaitable[Any]]:
        settings = self._settings
        return lambda client: client.calls.create_async(
            to=number,
            from_=settings.number,
            url=self._document.notice("", token),
            method="POST",
            status_callback=self._document.notice("/ended", token),
            status_callback_method="POST",
            status_callback_event=["completed"],
            timeout=settings.notice_ring,
            time_limit=settings.notice_seconds,
        )

    def _introduce(self, token: str, page: dict[str, Any], times: int) -> str:
        action = self._document.notice("/key", token, times)
        return self._document.key_to_hear(page["introduction"], page["language"], action, slow=page["slow"])

    def _tell(self, token: str, page: dict[str, Any]) -> str:
        action = self._document.notice("/key", token, INTRODUCTIONS)
        return self._document.key_to_hear(page["content"], page["language"], action, slow=page["slow"])

    async def _heard(self, token: str, page: dict[str, Any], sid: str) -> None:
        """Reported before it is noted: a crash between the two reports twice, never not at all."""
        if page.get("heard"):
            return
        await self._report(sid, ReceiptState.DELIVERED, "")
        keep = timedelta(hours=self._settings.notice_hours)
        await self._reception.notebook.put(f"notice:{token}", {**page, "heard": True}, keep=keep)

    async def _report(self, sid: str, state: ReceiptState, error: str) -> None:
        await self._reception.report(Receipt(self._name, sid, state, self._now(), error))

    async def _page(self, token: str) -> dict[str, Any] | None:
        if not token or len(token) > 100:
            raise BadInput("no token")
        page = await self._reception.notebook.get(f"notice:{token}")
        return dict(page.value) if page is not None and page.value is not None else None
