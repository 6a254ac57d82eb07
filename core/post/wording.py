"""A meaning becomes words: (message, medium, language) to text.

`templates/<language>/<topic>/<message>[.<medium>].txt`; language before medium. After rendering, numbered
lines where the medium has no buttons, keys behind their function in a call, and Vietnamese marks stripped
where the route demands it or it saves parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound

from core.channel import Marks, Traits
from core.messages import Address, Choice, Expect, ExpectKind, OutboundMessage, Priority, Say
from core.post.filters import FILTERS, GLUE, for_the_ear
from procedures.words import strip_marks

FALLBACK = "vi"
FIXED = 4096  # sayings without values that are kept in words: nobody's own, and asked for all day
KEY_FIRST = "\f"  # in a pushed call: what stands behind it is said only after a key press
FIXED_KEYS = "\ue000"  # in a template: behind the choices, say which keys lead to a person and say it again


class NoWording(Exception):
    """There are no words for this key on this medium in any language. `start` verifies that this cannot
    happen."""


class _Sources(BaseLoader):
    """Templates from memory: the files, and over them what the office has published."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Any]:
        if template not in self.sources:
            raise TemplateNotFound(template)
        return self.sources[template], template, None


@dataclass(frozen=True, slots=True)
class Worded:
    """A `Say` in words: final text, and the expectation with its choices labelled."""

    text: str
    expect: Expect | None


class Wording:
    """The words of the house. Reads the files once; a new one is made when texts are published."""

    def __init__(
        self,
        templates: Path,
        languages: Sequence[str] = ("vi", "en"),
        *,
        published: Mapping[str, str] | None = None,
    ) -> None:
        """`published` are texts that stand above the files, by the same relative path
        ("vi/status/found.txt")."""
        self.languages = tuple(languages)
        self.sources = _read(templates, self.languages) | dict(published or {})
        self._environment = Environment(
            loader=_Sources(self.sources),
            undefined=StrictUndefined,
            autoescape=False,  # plain text: nothing here is read by a browser as markup
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(FILTERS)
        self._words = {name: self._yaml(f"{name}/words.yaml") for name in self.languages}
        self._choices = {name: self._yaml(f"{name}/choices.yaml") for name in self.languages}
        self._fixed = lru_cache(FIXED)(self._fixed_words)

    def _yaml(self, path: str) -> Mapping[str, Any]:
        content: Mapping[str, Any] = yaml.safe_load(self.sources.get(path, "")) or {}
        return content

    def table(self, name: str, language: str) -> Mapping[str, Any]:
        """`choices.yaml` or `words.yaml` of a language."""
        return (self._choices if name == "choices.yaml" else self._words)[language]

    def find(self, key: str, medium: str, language: str) -> str | None:
        """The template for a key: language before medium, the general text before the other language's
        own."""
        path = key.replace(".", "/", 1)
        for spoken in dict.fromkeys((language, FALLBACK)):
            for name in (f"{spoken}/{path}.{medium}.txt", f"{spoken}/{path}.txt"):
                if name in self.sources:
                    return name
        return None

    def render(self, say: Say, medium: str, language: str = FALLBACK) -> str:
        """The text alone. Raises `NoWording`, or jinja2's `UndefinedError` where a value is missing."""
        name = self.find(say.key, medium, language)
        if name is None:
            raise NoWording(f"{say.key} ({medium}, {language})")
        spoken = name.partition("/")[0]
        text = self._environment.get_template(name).render(
            **say.values, medium=medium, words=self._words[spoken], key_first=KEY_FIRST, fixed_keys=FIXED_KEYS
        )
        if medium == "ivr":
            text = for_the_ear(text, self._words[spoken])
        return _tidy(text, medium)

    def label(self, choice: Choice, medium: str, language: str = FALLBACK) -> str:
        """What is read on a button or behind a number: the definition's label, or the one worded for
        `say`."""
        if not choice.say:
            return choice.label or choice.value
        for spoken in dict.fromkeys((language, FALLBACK)):
            entry = self._choices[spoken].get(choice.say)
            if entry is not None:
                text = entry.get(medium, entry["text"]) if isinstance(entry, Mapping) else entry
                return str(text).replace("{label}", choice.label)
        raise NoWording(f"choices.yaml: {choice.say} ({language})")

    def expectation(self, expect: Expect | None, medium: str, language: str = FALLBACK) -> Expect | None:
        """The expectation with labels, payloads (`<question>.<number>`) and keys."""
        if expect is None:
            return None
        choices = tuple(
            replace(
                choice,
                label=self.label(choice, medium, language),
                payload=choice.payload if choice.payload.startswith("!") else f"{expect.id}.{number}",
                key=choice.key or str(number),
            )
            for number, choice in enumerate(expect.choices, 1)
        )
        return replace(expect, choices=choices)

    def say_text(self, say: Say, traits: Traits, language: str = FALLBACK) -> Worded:
        """What `say` becomes on a medium: final text and labelled expectation."""
        labels = say.expect is not None and any(choice.label for choice in say.expect.choices)
        if say.values or labels:
            return self._in_words(say, traits, language)
        return self._fixed(say.key, say.expect, traits, language)

    def _fixed_words(self, key: str, expect: Expect | None, traits: Traits, language: str) -> Worded:
        return self._in_words(Say(key, {}, expect), traits, language)

    def _in_words(self, say: Say, traits: Traits, language: str) -> Worded:
        expect = self.expectation(say.expect, traits.medium, language)
        text = self.render(say, traits.medium, language)
        choices = expect.choices if expect is not None else ()
        if choices and traits.medium == "ivr":
            text = _join(text, [self._key_line(choice, language) for choice in choices], " ")
        elif len(choices) > traits.buttons:
            text = _join(text, [f"{choice.key}. {choice.label}" for choice in choices], "\n")
        if FIXED_KEYS in text:
            text = _join(text.replace(FIXED_KEYS, ""), [self._fixed_keys(expect, language)], " ")
            text = text.replace("  ", " ")
        return Worded(_marked(text, traits), expect)

    def _key_line(self, choice: Choice, language: str) -> str:
        if not choice.label:
            return ""  # the question has told the keys itself
        pattern: str = self._words[language if language in self._words else FALLBACK]["key_line"]
        return pattern.format(label=choice.label, key=choice.key)

    def _fixed_keys(self, expect: Expect | None, language: str) -> str:
        """While digits are entered a figure is an answer, so the fixed keys are dialled behind a star."""
        entry = expect is not None and expect.kind is ExpectKind.DIGITS
        words = self._words[language if language in self._words else FALLBACK]
        sentence: str = words["fixed_keys_entry" if entry else "fixed_keys"]
        return sentence

    def words(
        self,
        say: Say,
        traits: Traits,
        language: str = FALLBACK,
        *,
        id: str,
        channel: str,
        address: Address,
        priority: Priority = Priority.REPLY,
        session: str = "",
        answers: str = "",
        addressed_from: str = "",
        good_until: datetime | None = None,
        charge: str = "",
    ) -> OutboundMessage:
        """The message that leaves the house."""
        worded = self.say_text(say, traits, language)
        return OutboundMessage(
            id=id,
            channel=channel,
            address=address,
            text=worded.text,
            say=say,
            language=language,
            expect=worded.expect,
            ends=say.ends,
            priority=priority,
            session=session,
            answers=answers,
            addressed_from=addressed_from,
            good_until=good_until,
            charge=charge,
        )


def _read(folder: Path, languages: Sequence[str]) -> dict[str, str]:
    """Every text of these languages, by its path below `folder`."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for language in languages
        for path in sorted((folder / language).rglob("*"))
        if path.suffix in (".txt", ".yaml")
    }


def _tidy(text: str, medium: str) -> str:
    """Single blanks and no empty lines at the ends; in a call one stream of sentences, in an SMS no empty
    lines."""
    if medium == "ivr":
        parts = (" ".join(part.split()) for part in text.replace(GLUE, " ").split(KEY_FIRST))
        return KEY_FIRST.join(parts)
    lines = [re.sub(r"[^\S\n\u00a0]+", " ", line).strip(" ") for line in text.strip().split("\n")]
    joined = "\n".join(lines)
    return re.sub(r"\n{2,}", "\n" if medium == "sms" else "\n\n", joined)


def _join(text: str, lines: Sequence[str], between: str) -> str:
    return between.join(piece for piece in (text.strip(" \n"), *lines) if piece)


def _marked(text: str, traits: Traits) -> str:
    """Marks kept or stripped, from all of the text: half a message without marks reads like a mistake."""
    if traits.marks is Marks.KEEP:
        return text
    bare = bare_text(text)
    if traits.marks is Marks.STRIP or traits.parts(bare) < traits.parts(text):
        return bare
    return text


def bare_text(text: str) -> str:
    """Without Vietnamese marks, but with the glue that keeps amounts and codes in one piece."""
    return GLUE.join(strip_marks(piece) for piece in text.split(GLUE))
