"""`main.py check`: configuration, wording and library, every fault with its file, key and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from core.channel import Traits, one_part
from core.config import Fault, Settings
from core.ear import load_ear
from core.learning import LANGUAGES
from core.office import HANOI
from core.post.verify import verify
from core.post.wording import Wording
from core.talk.sayings import SAYINGS
from core.talk.topics import REPERTOIRE
from house.building import adapters
from house.joining import made_up
from house.parts import TEMPLATES, outside
from procedures.calendar import load_calendar, stale
from procedures.catalogue import LIBRARY, examine
from procedures.codes import load_patterns
from procedures.definition import LibraryError

_NAMED = re.compile(r"(?<![\w.])t\.([a-z_]+(?:\.[a-z_]+)+)")  # t.home.title in a page


def check(settings: Settings) -> Iterator[Fault]:
    """Everything that is wrong. Raises `ConfigError` where even the channels cannot be made."""
    unreadable = [*_unreadable()]
    if unreadable:  # nothing that builds on these files can be judged
        yield from unreadable
        return
    yield from page_words(TEMPLATES)
    yield from made_up(settings)
    made = adapters(settings, outside(settings))
    _, faults = examine(LIBRARY)
    for fault in faults:
        yield Fault(f"procedures/library/{fault.file}", fault.key, fault.problem, fault.remedy)
    yield from _words([adapter.traits for adapter in made])
    ear = load_ear(TEMPLATES, LANGUAGES, patterns=load_patterns(), keywords=settings.office.keywords)
    for name in sorted(set(ear.commands.values()) - set(REPERTOIRE.commands)):
        yield Fault(
            "templates/vi/commands.yaml",
            name,
            "no topic hears this command",
            "Remove it, or name a known one",
        )
    yield from _files(settings)


def _unreadable() -> Iterator[Fault]:
    """Files that the program reads at its start and cannot use."""
    for language in LANGUAGES:
        for name in ("channels", "choices", "commands", "portal", "words"):
            yield from _not_a_table(TEMPLATES / language / f"{name}.yaml")
    for load in (load_calendar, load_patterns):
        try:
            load()
        except LibraryError as error:
            for fault in error.faults:
                yield Fault(f"procedures/library/{fault.file}", fault.key, fault.problem, fault.remedy)


def _not_a_table(path: Path) -> Iterator[Fault]:
    shown = path.relative_to(TEMPLATES.parent).as_posix()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        yield Fault(shown, "-", f"cannot be read: {error}", "Bring the file back")
    except yaml.YAMLError as error:
        yield Fault(shown, "-", " ".join(f"not YAML: {error}".split()), "Correct the YAML")
    else:
        if not isinstance(content, dict):
            yield Fault(shown, "-", "no keys with texts", "Write it like the file that is shipped")


def page_words(templates: Path) -> Iterator[Fault]:
    """Words that the citizens' pages name and the first language does not have."""
    words = yaml.safe_load((templates / LANGUAGES[0] / "portal.yaml").read_text(encoding="utf-8"))
    for page in sorted((templates / "portal").glob("*.html")):
        for key in sorted(set(_NAMED.findall(page.read_text(encoding="utf-8")))):
            if not _has(words, key.split(".")):
                remedy = f"Write {key}; templates/portal/{page.name} names it"
                yield Fault(f"templates/{LANGUAGES[0]}/portal.yaml", key, "no such words", remedy)


def _has(words: Any, path: Sequence[str]) -> bool:
    """Is there something under these keys? A method of the text (`.format`) is not looked for."""
    for part in path:
        if not isinstance(words, dict):
            return True
        if part not in words:
            return False
        words = words[part]
    return True


def remarks(settings: Settings) -> Iterator[str]:
    """What is not wrong but wants a person's eye."""
    today = datetime.now(HANOI).date()
    for item in stale(load_calendar(), today):
        days = ", ".join(day.isoformat() for day in item.days) or "no day off is known"
        yield f"procedures/library/calendar.yaml: {item.year}: {item.status}: {days}"


def _words(traits: Sequence[Traits]) -> Iterator[Fault]:
    """Is there a word for everything that can be said on the channels in use?"""
    samples = yaml.safe_load((TEMPLATES / "samples.yaml").read_text(encoding="utf-8"))
    parts = next((each.parts for each in traits if each.medium == "sms"), one_part)
    media = {each.medium for each in traits}
    for wrong in verify(Wording(TEMPLATES, LANGUAGES), SAYINGS, samples, media, parts=parts):
        if wrong.serious:
            yield Fault(f"templates/{wrong.file}", wrong.key, wrong.problem, wrong.remedy)


def _files(settings: Settings) -> Iterator[Fault]:
    folder = Path(settings.store.files)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        yield Fault(
            "config.yaml", "store.files", f"cannot be written: {error.strerror}", "Give a folder of ours"
        )
