"""The SMSC: accounts, handsets and binds brought together."""

import asyncio
import itertools
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from types import TracebackType

from sandbox.smpp.behaviour import Receipts, Script
from sandbox.smpp.codes import Command, Status
from sandbox.smpp.esme import Account, Delivery, Esme
from sandbox.smpp.handsets import Handsets, Received
from sandbox.smpp.journal import Journal
from sandbox.smpp.mobile import Texts, compose
from sandbox.smpp.pdu import Bind, Message, Pdu
from sandbox.smpp.session import Session
from sandbox.smpp.submits import Submits
from sandbox.smpp.wire import Wire

VIETNAM = timezone(timedelta(hours=7))
_TRY_AGAIN = (Status.RX_T_APPN, Status.RSYSERR, Status.RMSGQFUL, Status.RTHROTTLED)


@dataclass(frozen=True)
class Timings:
    """Seconds. `patience`: for an answer or a first bind; `redeliver`: after a temporary error."""

    enquire_link: float = 30.0
    patience: float = 10.0
    redeliver: float = 1.0


def _now() -> datetime:
    return datetime.now(VIETNAM)


class Smsc:
    """A carrier's SMSC on loopback: `async with Smsc(...) as smsc: ... smsc.port`.

    `script` and `receipts` are plain values that may be replaced while it runs (see `misbehave`).
    """

    def __init__(
        self,
        accounts: Sequence[Account] = (Account("motcua", "motcua"),),
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        script: Script | None = None,
        receipts: Receipts | None = None,
        timings: Timings | None = None,
        journal: Journal | None = None,
        clock: Callable[[], datetime] = _now,
        strict: bool = True,
        name: str = "SANDBOX",
    ) -> None:
        self.host, self.port, self.name = host, port, name
        self.script = script or Script()
        self.receipts = receipts or Receipts()
        self.timings = timings or Timings()
        self.journal = journal
        self.clock = clock
        self.strict = strict
        self.wire = Wire()
        self.handsets = Handsets()
        self.texts = Texts()
        self.esmes = {account.system_id: Esme(account) for account in accounts}
        self.sessions: dict[str, Session] = {}
        self.throttled_until = 0.0
        self._submits = Submits(self)
        self._tls = tls
        self._labels = itertools.count(1)
        self._server: asyncio.Server | None = None
        self._admitted = asyncio.Event()
        self._ticker: asyncio.Task[None] | None = None

    # -- life

    async def __aenter__(self) -> "Smsc":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen. Port 0 takes a free one and keeps it: stop and start come back on the same port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Session(self), self.host, self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self._ticker = asyncio.create_task(self._tick())

    def renumber(self, first: int) -> None:
        """Give message ids from here on (decimal, at most ten digits)."""
        self._submits.renumber(first)

    async def stop(self) -> None:
        """Unbind everybody and listen no more; what is owed stays owed."""
        if self._server is None or self._ticker is None:
            return
        self._server.close()
        self._ticker.cancel()
        with suppress(asyncio.CancelledError):
            await self._ticker
        for session in list(self.sessions.values()):
            if session.mode:
                session.respond(Command.UNBIND, Status.ROK, 0x7FFFFFFF)
            session.close()
        await asyncio.sleep(0)
        self.drop()
        self._server = None
        if self.journal is not None:
            self.journal.flush()

    async def _tick(self) -> None:
        loop, timings = asyncio.get_running_loop(), self.timings
        interval = min(1.0, timings.patience / 4, timings.enquire_link / 4)
        while True:
            await asyncio.sleep(interval)
            for session in list(self.sessions.values()):
                session.tick(loop.time(), timings.enquire_link, timings.patience)

    # -- the handsets' side

    async def text(
        self,
        from_number: str,
        to_number: str,
        text: str,
        *,
        coding: str = "auto",
        long: str = "udh8",
        order: Sequence[int] | None = None,
        drop_part: int | None = None,
        data_coding: int | None = None,
        careless: bool = False,
    ) -> str:
        """A handset texts a number; the id of the text, for `acknowledged`.

        `coding`: auto, gsm, ucs2, latin1. `long`: udh8, udh16, sar, payload. `order`: the numbers of the
        parts as they are to be sent; `drop_part`: the part that is lost. `data_coding` overrides the octet
        that announces the coding; `careless` cuts parts through characters. Raises UnicodeEncodeError where
        the coding cannot hold the text, LookupError where nobody has the number.
        """
        esme = self._esme_for(to_number)
        reference = self.texts.next_reference()
        bodies = compose(from_number, to_number, text, coding, long, reference, careless)
        numbers = [part for part in order or range(1, len(bodies) + 1) if part != drop_part]
        if data_coding is not None:
            bodies = [message._replace(data_coding=data_coding) for message in bodies]
        return self._owe(esme, text, [(part, bodies[part - 1]) for part in numbers])

    async def deliver(self, message: Message) -> str:
        """Owe any deliver_sm at all to whoever has its destination; its id, for `acknowledged`."""
        return self._owe(self._esme_for(message.destination), "", [(1, message)])

    def _owe(self, esme: Esme, text: str, parts: list[tuple[int, Message]]) -> str:
        deliveries = self.texts.new(parts)
        identity, message = deliveries[0].id, parts[0][1]
        self.note(
            "mo",
            **{"id": identity, "from": message.source, "to": message.destination},
            text=text,
            parts=[part for part, _ in parts],
        )
        for delivery in deliveries:
            esme.owe(delivery)
        return identity

    async def acknowledged(self, identity: str, timeout: float = 5.0) -> tuple[int, ...]:
        """The command_status with which the ESME settled each part. Raises TimeoutError, KeyError."""
        return await self.texts.acknowledged(identity, timeout)

    def inbox(self, number: str) -> list[Received]:
        """What a handset has received, oldest first."""
        return self.handsets.texts(number)

    async def received(self, number: str, count: int = 1, timeout: float = 5.0) -> list[Received]:
        """The inbox once it has had `count` texts. Raises TimeoutError."""
        return await self.handsets.wait(number, count, timeout)

    # -- misbehaviour

    def misbehave(self, **changes: object) -> None:
        """Replace fields of the script (see `Script`) from this moment on; TypeError on an unknown name."""
        self.script = replace(self.script, **changes)  # type: ignore[arg-type]
        self.throttled_until = asyncio.get_running_loop().time() + self.script.throttle_for
        for session in self.sessions.values():
            session.read_or_not()

    def behave(self) -> None:
        """Be a good SMSC again."""
        self.script = Script()
        self.misbehave()

    def drop(self, label: str = "") -> None:
        """Cut every connection whose label begins so."""
        for session in list(self.sessions.values()):
            if session.label.startswith(label):
                session.abort()

    def raw(self, octets: bytes, label: str = "") -> int:
        """Send any octets to every connection whose label begins so; to how many."""
        chosen = [session for session in self.sessions.values() if session.label.startswith(label)]
        for session in chosen:
            session.send(octets)
        return len(chosen)

    async def bound(self, count: int = 1, timeout: float = 5.0) -> list[Session]:
        """The bound sessions once there are so many. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while len(found := [session for session in self.sessions.values() if session.mode]) < count:
                self._admitted.clear()
                await self._admitted.wait()
        return found

    # -- what sessions ask (see session.Host)

    def note(self, what: str, **fields: object) -> None:
        if self.journal is not None:
            self.journal.note(what, **fields)

    def connected(self, session: Session) -> str:
        label = f"#{next(self._labels)}"
        self.sessions[label] = session
        return label

    def admit(self, session: Session, bind: Bind) -> Esme | int:
        if self.script.refuse_bind:
            return self.script.refuse_bind
        esme = self.esmes.get(bind.system_id)
        if esme is None:
            return Status.RINVSYSID
        if bind.password != esme.account.password:
            return Status.RINVPASWD
        if esme.account.most_binds and esme.binds >= esme.account.most_binds:
            return Status.RBINDFAIL
        esme.binds += 1
        self._admitted.set()
        del self.sessions[session.label]
        session.label = bind.system_id + session.label
        self.sessions[session.label] = session
        self.note("bound", bind=session.label, system_id=bind.system_id)
        return esme

    def submitted(self, session: Session, pdu: Pdu) -> None:
        self._submits.take(session, pdu)

    def sent(self, session: Session, delivery: Delivery) -> None:
        self._note_delivery("deliver", session, delivery, attempt=delivery.attempts)

    def settled(self, session: Session, delivery: Delivery, status: int) -> None:
        self._note_delivery("deliver_resp", session, delivery, status=status)
        if status in _TRY_AGAIN and session.esme is not None and delivery.status is None:
            loop = asyncio.get_running_loop()
            loop.call_later(self.timings.redeliver, session.esme.owe_again, [delivery])
        elif delivery.status is None:
            delivery.status = status
            self.texts.settled(delivery)

    def _note_delivery(self, what: str, session: Session, delivery: Delivery, **more: int) -> None:
        if self.journal is not None:
            about = {"id": delivery.id, "part": delivery.part, "kind": delivery.kind}
            self.journal.note(what, **about, bind=session.label, **more)

    def drops(self, pdus: int) -> bool:
        script = self.script
        if not script.drop_after or pdus < script.drop_after:
            return False
        left = script.drop_times - 1
        self.script = replace(script, drop_times=left, drop_after=script.drop_after if left > 0 else 0)
        return True

    def closed(self, session: Session, unsettled: list[Delivery]) -> None:
        self.sessions.pop(session.label, None)
        if session.esme is not None:
            session.esme.binds -= 1
            self.note("unbound", bind=session.label, system_id=session.esme.account.system_id)
            session.esme.owe_again(unsettled)

    def _esme_for(self, number: str) -> Esme:
        """Whose number it is; LookupError where nobody's."""
        esmes = list(self.esmes.values())
        named = [esme for esme in esmes if number in esme.account.numbers]
        found = named or [esme for esme in esmes if not esme.account.numbers]
        if not found:
            raise LookupError(f"nobody has the number {number}")
        return found[0]
