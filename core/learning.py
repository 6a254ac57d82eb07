"""From published definitions to what the office knows.

`procedures/library/` and `templates/` are seeds. The library's definitions live in the store, by version: a seed is
published when it is new or its file has changed, unless the office has published its own version of it at the
desk. A definition that cannot be read fails its publishing, never the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from core.config import Settings
from core.ear import load_ear
from core.office import Knowledge
from core.post.wording import Wording
from core.store.registry import Registry
from core.talk.topics import REPERTOIRE
from procedures.calendar import load_calendar
from procedures.catalogue import LIBRARY, assemble, contents
from procedures.codes import load_patterns
from procedures.definition import LibraryError, plain
from procedures.search import Finder

LANGUAGES = ("vi", "en")
KIND = "library"
SEED = "seed"


def sow(registry: Registry, now: datetime, library: Path = LIBRARY) -> list[str]:
    """Publish the seeds that are new or changed; returns their names. Raises `LibraryError` where a file is no YAML."""
    files, faults = contents(library)
    if faults:
        raise LibraryError(faults)
    own = {name for name, (_, _, source) in registry.latest(KIND).items() if source != SEED}
    seeds = {name: plain(document) for name, document in files.items() if name not in own}
    return registry.publish(KIND, seeds, SEED, "start", now)


def published(registry: Registry) -> tuple[int, Mapping[str, Any]]:
    """The generation in force, and every definition in it by name."""
    latest = registry.latest(KIND)
    return registry.generation(), {name: document for name, (_, document, _) in latest.items()}


def learn(
    settings: Settings, templates: Path, portal: str, generation: int, definitions: Mapping[str, Any]
) -> Knowledge:
    """What the office knows by these definitions. Raises `LibraryError` or `ValueError`, naming file and key."""
    catalogue, faults = assemble(definitions)
    if faults:
        raise LibraryError(faults)
    return Knowledge(
        generation=generation,
        settings=settings.office,
        catalogue=catalogue,
        calendar=load_calendar(),
        search=Finder(catalogue.list(), catalogue.lexicon),
        wording=Wording(templates, LANGUAGES),
        ear=load_ear(templates, LANGUAGES, patterns=load_patterns(), keywords=settings.office.keywords),
        repertoire=REPERTOIRE,
        portal=portal,
        privacy=settings.privacy,
    )
