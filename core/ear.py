"""Reads the words that mean the same everywhere: `templates/<language>/commands.yaml` to an `Ear`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from core.talk.hearing import Ear
from procedures.codes import CodePattern
from procedures.words import clean, fold


def load_ear(
    templates: Path,
    languages: Sequence[str] = ("vi", "en"),
    *,
    patterns: Sequence[CodePattern] = (),
    keywords: Iterable[str] = (),
) -> Ear:
    """The ear for these languages. `patterns` are the shapes of dossier codes, `keywords` the agency and
    action words of the short numbers. Raises `ValueError` naming file, phrase and remedy where a phrase has
    two meanings."""
    commands: dict[str, str] = {}
    answers: dict[str, str] = {}
    never: set[str] = set()
    words = set(keywords)
    for language in languages:
        path = templates / language / "commands.yaml"
        content: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        _enter(commands, content["commands"], path)
        _enter(answers, content["answers"], path)
        never.update(clean(phrase).lower() for phrase in content.get("never", ()))
        words.update(content.get("keywords", ()))
    return Ear(
        commands=commands,
        patterns=tuple(patterns),
        keywords=frozenset(fold(word) for word in words),
        answers=answers,
        never=frozenset(never),
    )


def _enter(table: dict[str, str], section: Mapping[str, Sequence[str]], path: Path) -> None:
    for name, phrases in section.items():
        for phrase in phrases:
            key = fold(str(phrase))
            if table.setdefault(key, name) != name:
                raise ValueError(
                    f"{path}: {phrase!r} means both {table[key]!r} and {name!r}: keep it in one list"
                )
