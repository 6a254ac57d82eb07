"""What the desk's pages stand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from core.access import Passwords
from core.casework import Casework
from core.channel import Traits
from core.config import Settings
from core.conversations import Conversations
from core.office import Knowledge, Office
from core.store.database import Database
from core.store.shelves import Shelves
from core.store.signals import Signals
from core.world import World

TEMPLATES = Path(__file__).parent.parent / "templates" / "desk"


@dataclass(frozen=True)
class Desk:
    """The house as far as the desk needs it. `traits` are those of the channels by name."""

    database: Database
    office: Office
    world: World
    traits: Mapping[str, Traits]
    settings: Settings
    signals: Signals
    templates: Path = TEMPLATES
    passwords: Passwords = field(default_factory=Passwords)

    @property
    def knowledge(self) -> Knowledge:
        return self.office.knowledge

    @property
    def url(self) -> str:
        """The address under which officials reach the desk."""
        return self.settings.http.desk_url.rstrip("/") or f"http://{self.settings.http.desk}"

    @property
    def secure(self) -> bool:
        """Whether browsers may be told to send the cookie over https only."""
        return self.url.startswith("https://")

    def casework(self, shelves: Shelves, at: datetime) -> Casework:
        return Casework(shelves, self.knowledge, self.world, self.traits, at)

    def conversations(self, shelves: Shelves, at: datetime) -> Conversations:
        return Conversations(shelves, self.knowledge, self.world, self.traits, at)
