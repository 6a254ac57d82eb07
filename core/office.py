"""What the office knows: its catalogue, words, working time. Read by every turn, swapped as a whole when something
new is published, so that no turn sees half of a change."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

from core.config import OfficeSettings, PrivacySettings
from core.post.wording import Wording
from core.store.dossiers import Record
from core.store.registry import Registry
from core.talk.dialogue import Repertoire
from core.talk.hearing import Ear
from procedures.calendar import Calendar
from procedures.catalogue import Catalogue
from procedures.definition import LibraryError
from procedures.dossier import Office as Workplace
from procedures.dossier import late
from procedures.search import Finder

log = logging.getLogger(__name__)

# Vietnam keeps one time all year (Decree-Law of 1975 as applied: UTC+7), so no database of zones is needed.
HANOI = timezone(timedelta(hours=7))


@dataclass(frozen=True)
class Knowledge:
    """One generation of what the office has published."""

    generation: int
    settings: OfficeSettings
    catalogue: Catalogue
    calendar: Calendar
    search: Finder
    wording: Wording
    ear: Ear
    repertoire: Repertoire
    portal: str
    privacy: PrivacySettings = field(default_factory=PrivacySettings)

    def local(self, at: datetime) -> datetime:
        """The moment as the office's clock shows it."""
        return at.astimezone(HANOI)

    def late(self, record: Record, now: datetime) -> bool:
        """Does the office owe an answer that is overdue?"""
        return late(record.dossier, self.catalogue.states, now)

    def workplace(self, process: str) -> Workplace:
        """What moving a dossier needs to know."""
        return Workplace(self.catalogue.processes[process], self.catalogue.states, self.calendar)


class Office:
    """The knowledge in force. Reading an attribute reads the present generation.

    `relearn` makes the knowledge of a generation from the store's definitions.
    """

    def __init__(self, knowledge: Knowledge, relearn: Callable[[Registry], Knowledge] | None = None) -> None:
        self.knowledge = knowledge
        self._relearn = relearn
        self._lock = threading.Lock()

    def refresh(self, registry: Registry) -> None:
        """See whether something was published since; every turn asks. What cannot be read is left as it was."""
        generation = registry.generation()
        if generation == self.knowledge.generation or self._relearn is None:
            return
        with self._lock:
            if generation == self.knowledge.generation:
                return
            try:
                self.knowledge = self._relearn(registry)
            except (LibraryError, ValueError):
                log.exception("generation %d cannot be read; the one before stays in force", generation)
                self.knowledge = replace(self.knowledge, generation=generation)

    @property
    def ear(self) -> Ear:
        return self.knowledge.ear

    @property
    def repertoire(self) -> Repertoire:
        return self.knowledge.repertoire

    @property
    def wording(self) -> Wording:
        return self.knowledge.wording
