"""A message made ready for matching: codes cut out, abbreviations written out, the question's wrapping noted.

Nothing here knows procedures. Words are lists of folded syllables, so that marks never decide.
"""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from procedures.definition import STRICT, read
from procedures.words import fold, syllables

Words = tuple[str, ...]

PROCEDURE_CODE = re.compile(r"(?<![\d.])(\d\.\d{6})(?!\d)")
NUMBERS = re.compile(r"\d{3}|\d[./-]\d+[./-]\d")  # dossier codes, telephone and identity numbers, dates
LONGEST = 1000  # characters of a message that are read: a matter is named early
TONE_KEYS = "sfrxj"
LONE_Y = re.compile("([hklmst]|qu)y")  # ký and kí, lý and lí: one word, two spellings
SOUNDS = re.compile("^(x|tr|gi|r|n(?![gh]))")
SYLLABLE = re.compile(
    "(ngh|ng|nh|gh|gi|qu|ch|kh|ph|th|tr|[bcdghklmnpqrstvx])?"
    "(uye|oai|oay|oeo|uay|uya|uyu|uoi|uou|ieu|yeu|a[iouy]?|e[ou]?|i[aeu]?|o[aeio]?|u[aeiouy]?|y[ae]?)"
    "(ch|nh|ng|[cmnpt])?"
)  # how a Vietnamese syllable is built, without its marks


class Aspect(StrEnum):
    """What about a procedure was asked."""

    PAPERS = "papers"
    FEE = "fee"
    TIME_LIMIT = "time_limit"
    WHERE = "where"
    ONLINE = "online"


@dataclass(frozen=True)
class Elsewhere:
    """A matter that this office does not handle, and who does."""

    __pydantic_config__: ClassVar = STRICT

    name: str
    phrases: tuple[str, ...]
    go_to: str = ""


@dataclass(frozen=True)
class Lexicon:
    """How citizens write; see `library/lexicon.yaml`."""

    __pydantic_config__: ClassVar = STRICT

    abbreviations: Mapping[str, str]
    frames: Mapping[Aspect, tuple[str, ...]]
    fillers: tuple[str, ...]
    lay: Mapping[str, str]
    elsewhere: tuple[Elsewhere, ...]
    common: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What is left of a message: the words, a second reading of them, what was asked, a code if named."""

    words: Words
    official: Words
    aspect: Aspect | None
    code: str


def load(path: Path, shown: str = "") -> Lexicon:
    """Read the lexicon. Raises definition.LibraryError."""
    return read(Lexicon, path, shown or path.name)


def words(text: str) -> Words:
    """The folded words of a text, in one spelling."""
    return tuple(f"{word[:-1]}i" if LONE_Y.fullmatch(word) else word for word in syllables(text))


class Reader:
    """Reads messages by one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._short = {fold(short): words(full) for short, full in lexicon.abbreviations.items()}
        self._frames = _Phrases(
            (words(text), aspect) for aspect, texts in lexicon.frames.items() for text in texts
        )
        self._fillers = _Phrases((words(text), None) for text in lexicon.fillers)
        self._lay = _Phrases((words(lay), words(law)) for lay, law in lexicon.lay.items())
        self._own = {
            word for table in (self._frames, self._fillers, self._lay) for word in table.vocabulary()
        }
        self._own |= self._short.keys()

    def read(self, text: str, vocabulary: Set[str] = frozenset()) -> Question:
        """The question in a message; `vocabulary` are the words that the library knows."""
        text = text[:LONGEST]
        named = PROCEDURE_CODE.search(text)
        typed = words(" ".join(part for part in text.split() if not NUMBERS.search(part)))
        full = self._expand(tuple(self._typed(word, vocabulary) for word in typed))
        bare, aspects = self._unwrap(full)
        aspect = aspects[0] if aspects else None
        return Question(bare, self._official(bare), aspect, named.group(1) if named else "")

    def bare(self, text: str) -> Words:
        """A phrase of the library, read as a message would be; whole where nothing else would be left."""
        full = self._expand(words(text))
        return self._unwrap(full)[0] or full

    def _typed(self, word: str, vocabulary: Set[str]) -> str:
        """The word without telex keys, where only that makes it a known one."""
        bare = untyped(word)
        known = bare in vocabulary or bare in self._own
        return bare if known and word not in vocabulary and word not in self._own else word

    def _expand(self, words: Words) -> Words:
        return tuple(part for word in words for part in self._short.get(word, (word,)))

    def _unwrap(self, words: Words) -> tuple[Words, list[Aspect]]:
        """Take off frames and fillers; "online" is asked about more precisely than the frame around it."""
        words, found = self._frames.take(words)
        words, more = self._frames.take(words)
        words, _ = self._fillers.take(words)
        aspects = [Aspect(aspect) for aspect in (*found, *more)]
        return words, sorted(aspects, key=lambda aspect: aspect is not Aspect.ONLINE)

    def _official(self, words: Words) -> Words:
        return self._lay.replace(words)


class _Phrases:
    """Fixed sequences of words, the longest first, each with something it stands for."""

    def __init__(self, entries: Iterable[tuple[Words, object]]) -> None:
        self._table = {words: meaning for words, meaning in entries if words}
        self._longest = max(map(len, self._table), default=0)

    def vocabulary(self) -> set[str]:
        """Every word of every phrase."""
        return {word for words in self._table for word in words}

    def take(self, words: Words) -> tuple[Words, list[str]]:
        """The words without the phrases, and what the phrases stood for."""
        left: list[str] = []
        meanings: list[str] = []
        at = 0
        while at < len(words):
            size = self._size(words, at)
            if size:
                meanings.append(str(self._table[words[at : at + size]]))
            else:
                left.append(words[at])
            at += size or 1
        return tuple(left), meanings

    def replace(self, words: Words) -> Words:
        """The words with each phrase replaced by what it stands for."""
        done: list[str] = []
        at = 0
        while at < len(words):
            size = self._size(words, at)
            meaning = self._table.get(words[at : at + size]) if size else None
            done += meaning if isinstance(meaning, tuple) else [words[at]]
            at += size or 1
        return tuple(done)

    def _size(self, words: Words, at: int) -> int:
        for size in range(min(self._longest, len(words) - at), 0, -1):
            if words[at : at + size] in self._table:
                return size
        return 0


def untyped(word: str) -> str:
    """A word left in the telex keys of a keyboard, without them: `maats` → mat, `ddoocj` → doc."""
    bare = re.sub(r"([aeod])\1", r"\1", word).replace("w", "")
    return bare[:-1] if len(bare) > 1 and bare[-1] in TONE_KEYS else bare


def said_alike(word: str, other: str) -> bool:
    """Written apart but spoken alike somewhere in the country: xinh and sinh, chú and trú."""
    return word != other and SOUNDS.sub(_as_spoken, word) == SOUNDS.sub(_as_spoken, other)


def _as_spoken(onset: re.Match[str]) -> str:
    return {"x": "s", "tr": "ch", "gi": "d", "r": "d", "n": "l"}[onset.group()]


def misspelt(word: str) -> bool:
    """Letters that make no Vietnamese syllable: a slip of the finger, or a foreign word."""
    return word.isalpha() and not SYLLABLE.fullmatch(word)


def near(word: str, other: str) -> bool:
    """One letter more, less or wrong, or two neighbours swapped."""
    if abs(len(word) - len(other)) > 1 or word == other:
        return False
    at = next(
        (i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other))
    )
    if len(word) == len(other):
        swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        return word[at + 1 :] == other[at + 1 :] or swapped == other
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    return longer[:at] + longer[at + 1 :] == shorter
