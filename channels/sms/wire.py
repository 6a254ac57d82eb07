"""One session by aiosmpplib: its ESME, with what we need instead of its loops. (`submit` has its submit_sm.)

What stays the library's: checks of the bind's parameters, the PDUs we write (bind, submit_sm, enquire_link,
unbind and the plain responses), sequence numbers, the state of the session. What is ours, and why:

- reading (`_receive_data`, `_get_pdu`): the library ends the client on an odd PDU, drops the line on a
  vendor status and reads one PDU, waits and answers, before it reads the next; ours never parses what it
  cannot survive, reads on while messages are being kept, and answers when they are.
- `connect`: the library knows no TLS and loses the status of a refused bind without a body.
- `_connection_keeper`: the library starts two tasks for every PDU that comes.
- `_send_data`: the library awaits hook and correlator around every write and drains each; ours gathers what
  one turn of the loop writes into one system call.
- `start`, broker, correlator, throttle handler: one `Line` is one session (`run`); `supervisor` makes the
  next one.
- its log, which holds numbers and texts, is silent.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Callable
from typing import Any

from aiosmpplib import ESME, BindMode  # type: ignore[import-untyped]
from aiosmpplib.protocol import (  # type: ignore[import-untyped]
    BindReceiver,
    BindTransceiver,
    BindTransmitter,
    EnquireLink,
    Unbind,
)
from aiosmpplib.state import SmppSessionState  # type: ignore[import-untyped]

from channels.sms import codes
from channels.sms.pace import Pace
from channels.sms.pdu import HEADER, LONGEST, SHORTEST, Command, Frame, pack
from channels.sms.settings import BindSettings, SmppSettings
from channels.sms.window import Window
from core.channel import Unreachable

_MODES = {
    "transceiver": (BindMode.TRANSCEIVER, BindTransceiver),
    "transmitter": (BindMode.TRANSMITTER, BindTransmitter),
    "receiver": (BindMode.RECEIVER, BindReceiver),
}
_REQUESTS = (Command.DELIVER_SM, Command.DATA_SM)
_UNREAD = 1 << 20
"""Octets written and not yet taken by the peer, from which on we read nothing more of it."""


class BindRefused(Exception):
    """The SMSC said no to the bind; `status` is its command_status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"bind refused with status 0x{status:X}")
        self.status = status


class LineBroken(Exception):
    """The session ended: cut, silent, unbound by the SMSC, or out of step."""


class Line(ESME):  # type: ignore[misc]
    """One session with one SMSC, from connect to its end.

    `take` gets every deliver_sm and data_sm at once, must not wait, and sees to it that `answer` is called
    later.
    """

    def __init__(self, bind: BindSettings, common: SmppSettings, take: Callable[[Line, Frame], None]) -> None:
        mode, self._bind_request = _MODES[bind.bind]
        super().__init__(
            bind.host,
            bind.port,
            bind.system_id,
            bind.password.get_secret_value(),
            system_type=bind.system_type,
            bind_mode=mode,
            client_id=bind.name,
            log_level="CRITICAL",
            log_handler=logging.NullHandler(),
            enquire_link_interval=float(common.enquire_every),
            socket_timeout=float(common.silence_limit),
        )
        self.bind = bind
        self.common = common
        self.window = Window(bind.window, common.answer_time)
        self.pace = Pace(bind.segments_per_second)
        self.turn = asyncio.Lock()
        self.waiting = 0  # messages that wait for their turn to be written
        self._take = take
        self._buffer = bytearray()
        self._outgoing: list[bytes] = []
        self._heard_at = 0.0
        self._unbound = asyncio.Event()
        self.alive = False

    def room(self, now: float) -> int:
        """How many more messages to take on: free places in the window, less who waits for them already,
        and no more than the rate lets out soon. None while the SMSC wants a pause."""
        if not self.sends or self.pace.paused(now):
            return 0
        return max(0, min(self.window.free, self.pace.most) - self.waiting)

    @property
    def sends(self) -> bool:
        """Whether it can carry a message now."""
        return self.alive and self.bind.bind != "receiver"

    async def run(self, on_bound: Callable[[], None]) -> None:
        """Connect, bind and serve until the end, which is always an exception: BindRefused, LineBroken,
        OSError or TimeoutError."""
        await self.connect()
        tasks = [asyncio.create_task(work) for work in (self._receive_data(), self._connection_keeper())]
        try:
            self.alive = True
            on_bound()
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            raise LineBroken("the session ended")
        finally:
            self._close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def connect(self) -> None:
        """TCP or TLS, then the bind and its answer, by the status in its header alone (defect 22)."""
        async with asyncio.timeout(self.common.connect_time):
            self._reader, self._writer = await asyncio.open_connection(
                self.smsc_host, self.smsc_port, **_tls(self.bind)
            )
            try:
                await self._bind()
            except BaseException:
                self._writer.close()
                raise
        self._session_state = self.bind_mode.session_state

    async def _bind(self) -> None:
        self._session_state = SmppSessionState.OPEN
        request = self._bind_request(
            system_id=self.system_id,
            password=self.password,
            system_type=self.system_type,
            interface_version=self.interface_version,
        )
        await self._send_data(request)
        while True:
            frame = await self._get_pdu()
            if frame.sequence == request.sequence_num and frame.command & Command.RESPONSE:
                break
            self._hear(frame)  # an eager SMSC sends before its answer
        if frame.status not in (codes.ROK, codes.RALYBND) or frame.command == Command.GENERIC_NACK:
            raise BindRefused(frame.status)

    async def _send_data(self, smpp_message: Any) -> None:
        """Number a request and write it."""
        smpp_message.sequence_num = self.sequence_generator.next_sequence()
        self._write(smpp_message.pdu())

    def submit(self, pdu: bytes) -> asyncio.Future[Frame]:
        """Write a submit_sm, in a slot of the window that the caller has entered. Raises Unreachable."""
        if not self.alive:
            self.window.leave()
            raise Unreachable("the bind is down", code="smpp:down")
        sequence: int = self.sequence_generator.next_sequence()
        answer = self.window.sent(sequence)
        self._write(b"".join((pdu[:12], sequence.to_bytes(4, "big"), pdu[16:])))
        return answer

    def answer(self, frame: Frame, status: int) -> None:
        """Answer a request; nothing happens where the line is gone."""
        body = b"\0" if frame.command in _REQUESTS else b""
        self._write(pack(frame.command | Command.RESPONSE, status, frame.sequence, body))

    def _write(self, pdu: bytes) -> None:
        """Gather what this turn of the loop writes."""
        if not self._outgoing:
            asyncio.get_running_loop().call_soon(self._flush)
        self._outgoing.append(pdu)

    def _flush(self) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(b"".join(self._outgoing))
        self._outgoing.clear()

    async def _receive_data(self) -> None:
        """Read on and on. What is whole in the buffer is heard without giving way."""
        assert self._writer is not None
        while True:
            self._hear(await self._get_pdu())
            if self._writer.transport.get_write_buffer_size() > _UNREAD:
                async with asyncio.timeout(self.socket_timeout):
                    await self._writer.drain()

    async def _get_pdu(self) -> Frame:
        """The next frame of 16 to 70,000 octets; anything else ends the session, because the stream is out
        of step.

        A begun frame must be finished within the silence limit (defect 21).
        """
        while (frame := self._cut_frame()) is None:
            assert self._reader is not None
            if self._buffer:
                async with asyncio.timeout(self.socket_timeout):
                    chunk = await self._reader.read(65536)
            else:
                chunk = await self._reader.read(65536)
            if not chunk:
                raise LineBroken("the SMSC closed the connection")
            self._heard_at = asyncio.get_running_loop().time()
            self._buffer += chunk
        return frame

    def _cut_frame(self) -> Frame | None:
        buffer = self._buffer
        if len(buffer) < SHORTEST:
            return None
        length, command, status, sequence = HEADER.unpack_from(buffer)
        if not SHORTEST <= length <= LONGEST:
            self._write(pack(Command.GENERIC_NACK, codes.RINVCMDLEN, sequence))
            self._flush()
            raise LineBroken(f"a PDU of {length} octets")
        if len(buffer) < length:
            return None
        body = bytes(buffer[SHORTEST:length])
        del buffer[:length]
        return Frame(command, status, sequence, body)

    def _hear(self, frame: Frame) -> None:
        """One PDU. Never waits, never raises but for the end of the session."""
        command = frame.command
        if command in _REQUESTS:
            self._take(self, frame)
        elif command in (Command.SUBMIT_SM_RESP, Command.GENERIC_NACK):
            self.window.answered(frame)
        elif command == Command.ENQUIRE_LINK:
            self.answer(frame, codes.ROK)
        elif command == Command.UNBIND:
            self.answer(frame, codes.ROK)
            self._flush()
            raise LineBroken("the SMSC unbound")
        elif command == Command.UNBIND_RESP:
            self._unbound.set()
        elif not command & Command.RESPONSE:
            self._write(pack(Command.GENERIC_NACK, codes.RINVCMDID, frame.sequence))

    async def _connection_keeper(self) -> None:
        """enquire_link after silence, the end of the session after more; late answers end here."""
        loop = asyncio.get_running_loop()
        asked_at = 0.0
        self._heard_at = loop.time()
        while True:
            await asyncio.sleep(min(1.0, self.enquire_link_interval / 4, self.socket_timeout / 4))
            now = loop.time()
            self.window.expire(now)
            if asked_at > self._heard_at:
                if now - asked_at > self.socket_timeout:
                    raise LineBroken("no answer to enquire_link")
            elif now - self._heard_at > self.enquire_link_interval:
                asked_at = now
                await self._send_data(EnquireLink())

    async def leave(self) -> None:
        """Unbind and wait a second for the answer; `run` then ends by itself or is cancelled."""
        if not self.alive:
            return
        await self._send_data(Unbind())
        self.alive = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._unbound.wait()

    def _close(self) -> None:
        self.alive = False
        self._unbound.set()  # nobody will answer now
        self._session_state = SmppSessionState.CLOSED
        self.window.cut()
        if self._writer is not None:
            self._flush()
            self._writer.close()


def _tls(bind: BindSettings) -> dict[str, Any]:
    if not bind.tls:
        return {}
    context = ssl.create_default_context(cafile=bind.tls_ca or None)
    return {"ssl": context, "server_hostname": bind.tls_name or bind.host}
