"""What the house is made of, once it is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.caretaker import Caretaker
from core.channel import ChannelAdapter, Traits
from core.collector import Collector
from core.config import Settings
from core.courier import Courier
from core.gateway import Gateway
from core.intake import Intake
from core.office import Office
from core.paper_folder import PaperFolder
from core.store.database import Database
from core.store.signals import Signals
from core.world import World

TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True, slots=True)
class House:
    """What was built, for main.py, the pages and the tests."""

    settings: Settings
    world: World
    database: Database
    signals: Signals
    office: Office
    traits: Mapping[str, Traits]
    adapters: tuple[ChannelAdapter, ...]
    gateway: Gateway
    intake: Intake
    courier: Courier
    caretaker: Caretaker
    collector: Collector
    papers: PaperFolder
    templates: Path = TEMPLATES


def outside(settings: Settings) -> str:
    """The address under which citizens and providers reach us."""
    return settings.http.public_url.rstrip("/") or f"http://{settings.http.public}"
