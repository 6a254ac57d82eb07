"""An SMSC of the sandbox and the adapter bound to it, for the tests in this folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from channels.sms.adapter import SmppChannel
from channels.sms.settings import SmppSettings
from channels.sms.supervisor import BindState, Standing
from core.messages import Address, OutboundMessage, Say
from sandbox.smpp.server import Smsc
from tests.channels.reception import MemoryReception

CITIZEN = "84912345678"


def settings(port: int, bind: dict[str, Any] | None = None, **more: Any) -> SmppSettings:
    """One bind of "motcua" to a port of this machine."""
    one = {"system_id": "motcua", "password": "motcua", "port": port, **(bind or {})}
    return SmppSettings.model_validate({"binds": [one], **more})


def message(text: str, to: str = "+84912345678", **more: Any) -> OutboundMessage:
    """Something to send."""
    return OutboundMessage("d1", "sms", Address("tel", to), text, Say("test"), **more)


@dataclass
class Street:
    """What a test looks at: the carrier, the channel, the house, and the alarms that were raised."""

    smsc: Smsc
    channel: SmppChannel
    house: MemoryReception
    alarms: list[Standing] = field(default_factory=list)
    alarmed: asyncio.Event = field(default_factory=asyncio.Event)

    def alarm(self, standing: Standing) -> None:
        self.alarms.append(standing)
        self.alarmed.set()

    async def say(self, text: str, sender: str = CITIZEN, **more: Any) -> tuple[int, ...]:
        """A citizen texts 8088; the statuses of our answers."""
        return await self.smsc.acknowledged(await self.smsc.text(sender, "8088", text, **more))

    async def until(self, state: BindState) -> None:
        """Wait until the bind stands so."""
        (bind,) = self.channel._binds
        async with asyncio.timeout(5):
            while bind.standing.state is not state:
                await bind.changed.wait()

    async def raw(self, *pdus: str) -> None:
        """The SMSC sends octets, given in hex."""
        assert self.smsc.raw(bytes.fromhex("".join(pdus))) > 0


@asynccontextmanager
async def street(
    smsc: Smsc | None = None, bind: dict[str, Any] | None = None, wait: bool = True, **more: Any
) -> AsyncIterator[Street]:
    """The carrier up and, if `wait`, the bind too; `more` are settings of the channel.

    A carrier that is up already is left up.
    """
    async with AsyncExitStack() as stack:
        carrier = smsc if smsc and smsc.port else await stack.enter_async_context(smsc or Smsc())
        house = MemoryReception()
        shown: list[Street] = []
        channel = SmppChannel(
            "sms", settings(carrier.port, bind, **more), alarm=lambda standing: shown[0].alarm(standing)
        )
        shown.append(Street(carrier, channel, house))
        async with channel.open(house):
            if wait:
                await carrier.bound()
                await channel.bound()
            yield shown[0]


def pdu(command: int, sequence: int, body: str = "", status: int = 0, length: int | None = None) -> str:
    """A PDU in hex; `length` lies about its own."""
    octets = bytes.fromhex(body)
    header = [16 + len(octets) if length is None else length, command, status, sequence]
    return "".join(f"{field:08x}" for field in header) + octets.hex()


def deliver(tail: str, sequence: int = 900, command: int = 5, source: str = CITIZEN, ton: int = 1) -> str:
    """A deliver_sm in hex; `tail` is what follows the addresses, from esm_class on."""
    return pdu(command, sequence, f"00{ton:02x}01{source.encode().hex()}00 0300{b'8088'.hex()}00 {tail}")
