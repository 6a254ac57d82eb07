"""From published definitions to what the office knows. Seeds from `procedures/library/` and `templates/` are
published once; what was published at the desk stands above them."""

from __future__ import annotations

from pathlib import Path

from core.config import Settings
from core.ear import load_ear
from core.office import Knowledge
from core.post.wording import Wording
from core.store.registry import Registry
from core.talk.topics import REPERTOIRE
from procedures.calendar import load_calendar
from procedures.catalogue import LIBRARY, read
from procedures.codes import load_patterns
from procedures.search import Finder
from procedures.search_text import load as load_lexicon

LANGUAGES = ("vi", "en")


def learn(settings: Settings, templates: Path, portal: str, registry: Registry | None = None) -> Knowledge:
    """The present generation. Raises `LibraryError` or `ValueError`, naming file, key and remedy."""
    catalogue = read(LIBRARY)
    return Knowledge(
        generation=registry.generation() if registry is not None else 0,
        settings=settings.office,
        catalogue=catalogue,
        calendar=load_calendar(),
        search=Finder(catalogue.list(), load_lexicon(LIBRARY / "lexicon.yaml")),
        wording=Wording(templates, LANGUAGES),
        ear=load_ear(templates, LANGUAGES, patterns=load_patterns(), keywords=settings.office.keywords),
        repertoire=REPERTOIRE,
        portal=portal,
    )
