"""Builds the house from its settings, and opens and closes it as one context. This room and main.py are the only
ones that know everybody."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from channels.registry import KINDS, Surroundings
from core.caretaker import Caretaker
from core.channel import ChannelAdapter
from core.collector import Collector
from core.config import ConfigError, Fault, Settings
from core.courier import Courier
from core.gateway import Gateway
from core.intake import Intake
from core.learning import LANGUAGES, learn, published, sow
from core.office import Knowledge, Office
from core.paper_folder import PaperFolder
from core.store.database import Database
from core.store.registry import Registry
from core.store.signals import InProcess, Signals, ThroughRedis
from core.turns import Stage
from core.undelivered import Undelivered
from core.world import World
from house.doors import Doors, serve
from house.parts import TEMPLATES, House, outside


def channel_words() -> dict[str, Any]:
    """What channels say by themselves, by language."""
    return {
        language: yaml.safe_load((TEMPLATES / language / "channels.yaml").read_text(encoding="utf-8"))
        for language in LANGUAGES
    }


def adapters(settings: Settings, public_url: str) -> tuple[ChannelAdapter, ...]:
    """The channels that the settings name. Raises `ConfigError` with every fault."""
    around = Surroundings(public_url, settings.store.files, settings.office.officer_number, channel_words())
    made: list[ChannelAdapter] = []
    faults: list[Fault] = []
    for name, channel in settings.channels.items():
        key = f"channels.{name}"
        if channel.use not in KINDS:
            faults.append(
                Fault(
                    "config.yaml",
                    f"{key}.use",
                    f"no such kind {channel.use!r}",
                    f"Use one of {', '.join(KINDS)}",
                )
            )
        elif channel.enabled:
            try:
                made.append(KINDS[channel.use].make(name, channel.own(), around))
            except ValidationError as error:
                faults += [_fault(key, each) for each in error.errors()]
    if faults:
        raise ConfigError(faults)
    return tuple(made)


def _fault(key: str, error: Any) -> Fault:
    where = ".".join([key, *(str(part) for part in error["loc"])])
    unknown = error["type"] == "extra_forbidden"
    problem = "unknown key" if unknown else error["msg"]
    return Fault(
        "config.yaml",
        where,
        problem,
        "Remove it, or correct its spelling" if unknown else "Correct the value",
    )


def build(
    settings: Settings, world: World | None = None, channels: Sequence[ChannelAdapter] | None = None
) -> House:
    """Make everything and hand it down. Nothing listens yet. `channels` stand in for those of the settings."""
    world = world or World()
    database = Database(settings.store.url)
    if database.sqlite:
        Path(settings.store.url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    database.create()
    signals: Signals = ThroughRedis(settings.redis.url) if settings.redis.url else InProcess()
    database.at_start(lambda shelves: sow(shelves.registry, world.now()))

    def relearn(registry: Registry) -> Knowledge:
        return learn(settings, TEMPLATES, outside(settings), *published(registry))

    office = Office(database.at_start(lambda shelves: relearn(shelves.registry)), relearn)
    made = adapters(settings, outside(settings)) if channels is None else tuple(channels)
    traits = {adapter.name: adapter.traits for adapter in made}
    stage = Stage(office, traits, world)
    papers = PaperFolder(Path(settings.store.files))
    undelivered = Undelivered(database, office, traits, world)
    return House(
        settings=settings,
        world=world,
        database=database,
        signals=signals,
        office=office,
        traits=traits,
        adapters=made,
        gateway=Gateway(database, signals, stage, traits, world),
        intake=Intake(database, signals, stage, world),
        courier=Courier(database, signals, made, undelivered, world),
        caretaker=Caretaker(database, signals, undelivered, world, settings.privacy, papers),
        collector=Collector(database, signals, made, papers, world),
        papers=papers,
    )


@contextlib.asynccontextmanager
async def opened(house: House) -> AsyncIterator[Doors]:
    """Open the house: store, bell, channels, loops, doors. Leaving closes in reverse; what was begun is finished."""
    roles = set(house.settings.roles)
    house.database.open()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(house.database.close)
        if isinstance(house.signals, ThroughRedis):
            await stack.enter_async_context(house.signals.open())
        stack.push_async_callback(_leave, house)
        await house.caretaker.begin()
        doors = await stack.enter_async_context(serve(house)) if "web" in roles else Doors()
        for adapter in house.adapters:
            await stack.enter_async_context(adapter.open(house.gateway.reception(adapter.name)))
        stack.push_async_callback(house.courier.finish)
        loops = [house.caretaker.run()]
        if "intake" in roles:
            loops.append(house.intake.run())
        if "courier" in roles:
            loops += [house.courier.run(), house.courier.bell(), house.collector.run()]
        tasks = [asyncio.create_task(loop) for loop in loops]
        stack.push_async_callback(_stop, tasks)
        yield doors


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _leave(house: House) -> None:
    await house.database.write(lambda shelves: shelves.pages.unlock_all(house.world.holder))


__all__ = ["House", "adapters", "build", "opened"]
