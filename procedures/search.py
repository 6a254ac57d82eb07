"""Find the procedure that a citizen means, in memory and in a few milliseconds.

Scored are *views*: each procedure's name, short name and phrases, and the phrases of matters handled
elsewhere. A view's score mixes two measures. Coverage: how much of the question the view explains, times how
much of the view the question uses, in words and pairs of words weighted by how rare they are. Likeness: the
cosine of 2–4-letter pieces, which forgives typing. A view told within a long story counts by how much of it
is there. The answer is given only when the best is good and clearly ahead; else up to three choices are
offered; else we do not know.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from procedures.procedure import Procedure
from procedures.search_text import (
    Aspect,
    Elsewhere,
    Lexicon,
    Reader,
    Words,
    misspelt,
    near,
    said_alike,
    words,
)

ANSWER = 0.56  # a score from here on may be answered at once ...
EXACT = 0.985  # the question is a name or phrase of this procedure, word for word, and of no other
AHEAD = 1.12  # ... when it is that many times the next procedure's
ALONE = 0.45  # ... or from here on, when nothing else comes near
FAR_AHEAD = 1.7
CHOICES = 0.37  # from here on it is worth asking
OFFERED = 3
COVERAGE = 0.5  # the share of coverage in the mix; the rest is likeness
USED = 0.35  # a long view is not blamed much for what the question left out
TOLD = 0.55  # a view that stands whole in a longer story is worth offering, never answering
TELLING = 18.0  # the weight of three rare words in a row: less than that may stand anywhere by chance
SLIGHT = 0.2  # the weight of a common word, and of pairs with one
UNSEEN_PAIR = 0.5  # two words never seen together say less than a word never seen


class Outcome(StrEnum):
    """What to do with what was found."""

    ANSWER = "answer"  # matches[0] is meant
    CHOICES = "choices"  # ask which of the matches is meant
    UNKNOWN = "unknown"  # nothing fits, or nothing was asked


@dataclass(frozen=True)
class Match:
    """A procedure, how well it fits (0–1), and the wording that fitted."""

    code: str
    score: float
    wording: str


@dataclass(frozen=True)
class Found:
    """The result. `empty`: the message names no matter at all ("how much is it?"): use the one in hand.

    `elsewhere` says whose matter it is where it is not this office's.
    """

    outcome: Outcome
    matches: tuple[Match, ...] = ()
    aspect: Aspect | None = None
    empty: bool = False
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True)
class _View:
    owner: str
    wording: str
    words: Words
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True)
class _Ranked:
    """A view and its score; `asked` is the score without the allowance for a story."""

    score: float
    asked: float
    view: _View


class Finder:
    """An index over procedures. Build it anew when the catalogue changes, then swap."""

    def __init__(self, procedures: Iterable[Procedure], lexicon: Lexicon) -> None:
        self._reader = Reader(lexicon)
        self._codes: set[str] = set()
        self._views: list[_View] = []
        for procedure in procedures:
            self._codes.add(procedure.code)
            for wording in dict.fromkeys((procedure.name, procedure.short_name, *procedure.phrases)):
                self._views.append(_View(procedure.code, wording, self._reader.bare(wording)))
        for matter in lexicon.elsewhere:
            for wording in matter.phrases:
                self._views.append(_View(matter.name, wording, self._reader.bare(wording), matter))
        self._common = frozenset(words(" ".join(lexicon.common)))
        self._terms = _Index([_terms(view.words) for view in self._views], self._common)
        self._grams = _Index([self._pieces(view.words) for view in self._views])
        self._after: dict[str, set[str]] = defaultdict(set)
        self._before: dict[str, set[str]] = defaultdict(set)
        for view in self._views:
            for one, two in pairwise(view.words):
                self._after[one].add(two)
                self._before[two].add(one)
        self._vocabulary = {word for view in self._views for word in view.words}

    def find(self, text: str) -> Found:
        """What a message asks for."""
        question = self._reader.read(text, self._vocabulary)
        if question.code in self._codes:
            return Found(Outcome.ANSWER, (Match(question.code, 1.0, question.code),), question.aspect)
        if not question.words:
            return Found(Outcome.UNKNOWN, aspect=question.aspect, empty=not question.code)
        ranked = self._rank({self._repair(question.words), self._repair(question.official)})
        return _decide(ranked, question.aspect)

    def _rank(self, readings: set[Words]) -> list[_Ranked]:
        """The best view of each owner, best first; of several readings the better one counts."""
        best: dict[str, _Ranked] = {}
        for reading in sorted(readings):
            covered = self._terms.coverage(_terms(reading))
            alike = self._grams.likeness(self._pieces(reading))
            told = self._terms.told(_terms(reading))
            for number in covered.keys() | alike.keys():
                asked = COVERAGE * covered.get(number, 0.0) + (1 - COVERAGE) * alike.get(number, 0.0)
                score = max(asked, TOLD * told.get(number, 0.0))
                view = self._views[number]
                if len(reading) == 1 and view.words != reading:
                    score = asked = min(score, CHOICES)  # one word ("huỷ") is too little to answer by
                if view.owner not in best or score > best[view.owner].score:
                    best[view.owner] = _Ranked(score, asked, view)
        return sorted(best.values(), key=lambda ranked: (-ranked.score, ranked.view.owner))

    def _pieces(self, words: Words) -> Counter[str]:
        return _grams(tuple(word for word in words if word not in self._common) or words)

    def _repair(self, words: Words) -> Words:
        """Words that no view knows: one slip is mended where exactly one known pair of words results."""
        mended = list(words)
        for at, word in enumerate(words):
            if word not in self._vocabulary:
                mended[at] = self._known(word, mended[at - 1] if at else "", words[at + 1 : at + 2])
        return tuple(mended)

    def _known(self, word: str, before: str, after: Words) -> str:
        neighbours = self._after.get(before, set()) | self._before.get("".join(after), set())
        alike = near if misspelt(word) else said_alike
        fitting = [other for other in neighbours if alike(word, other)]
        return fitting[0] if len(fitting) == 1 else word


class _Index:
    """Which views hold a feature, and how telling it is."""

    def __init__(self, documents: list[Counter[str]], common: Set[str] = frozenset()) -> None:
        self._common = common
        self._rows: dict[str, list[tuple[int, float]]] = defaultdict(list)
        spread = Counter(feature for document in documents for feature in document)
        self._idf = {feature: math.log(1 + len(documents) / count) for feature, count in spread.items()}
        self._unseen = math.log(1 + len(documents))
        self._total: list[float] = []
        self._norm: list[float] = []
        for number, document in enumerate(documents):
            weights = self._weights(document)
            for feature, weight in weights.items():
                self._rows[feature].append((number, weight))
            self._total.append(sum(weights.values()))
            self._norm.append(math.sqrt(sum(weight * weight for weight in weights.values())))

    def _weights(self, document: Mapping[str, int]) -> dict[str, float]:
        return {feature: self._weight(feature) for feature in document}

    def _weight(self, feature: str) -> float:
        words = feature.split(" ") if self._common else []
        if any(word in self._common for word in words):
            return SLIGHT * self._idf.get(feature, self._unseen)
        unseen = self._unseen * (UNSEEN_PAIR if len(words) > 1 else 1.0)
        return self._idf.get(feature, unseen)

    def coverage(self, question: Mapping[str, int]) -> dict[int, float]:
        """For each view that shares a feature: explained share × (used share of the view) ** USED."""
        weights = self._weights(question)
        whole = sum(weights.values()) or 1.0
        return {
            number: shared / whole * (shared / self._total[number]) ** USED
            for number, shared in self._shared(weights, squared=False).items()
        }

    def told(self, question: Mapping[str, int]) -> dict[int, float]:
        """For each view: how much of it stands in the question, less where it is too short to tell."""
        return {
            number: (shared / self._total[number]) ** 2 * min(1.0, self._total[number] / TELLING)
            for number, shared in self._shared(self._weights(question), squared=False).items()
        }

    def likeness(self, question: Mapping[str, int]) -> dict[int, float]:
        """For each view that shares a feature: the cosine."""
        weights = self._weights(question)
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {
            number: shared / (norm * self._norm[number])
            for number, shared in self._shared(weights, squared=True).items()
        }

    def _shared(self, weights: Mapping[str, float], *, squared: bool) -> dict[int, float]:
        shared: dict[int, float] = defaultdict(float)
        for feature, weight in weights.items():
            for number, same in self._rows.get(feature, ()):
                shared[number] += weight * same if squared else same
        return shared


def _terms(words: Words) -> Counter[str]:
    return Counter([*words, *(f"{one} {two}" for one, two in pairwise(words))])


def _grams(words: Words) -> Counter[str]:
    line = f" {' '.join(words)} "
    return Counter(line[at : at + size] for size in (2, 3, 4) for at in range(len(line) - size + 1))


def _decide(ranked: list[_Ranked], aspect: Aspect | None) -> Found:
    good = [found for found in ranked if found.score >= CHOICES]
    if not good:
        return Found(Outcome.UNKNOWN, aspect=aspect)
    best = good[0]
    matches = tuple(
        Match(found.view.owner, round(found.score, 3), found.view.wording)
        for found in good
        if found.view.elsewhere is None
    )
    if best.view.elsewhere is not None:
        near_by = tuple(match for match in matches if match.score * AHEAD >= best.score)[:OFFERED]
        outcome = Outcome.CHOICES if near_by else Outcome.UNKNOWN
        return Found(outcome, near_by, aspect, elsewhere=best.view.elsewhere)
    if best.asked >= EXACT and (len(ranked) < 2 or ranked[1].score < EXACT):
        return Found(Outcome.ANSWER, matches[:1], aspect)
    lead = best.score / ranked[1].score if len(ranked) > 1 else FAR_AHEAD
    if (best.asked >= ANSWER and lead >= AHEAD) or (best.asked >= ALONE and lead >= FAR_AHEAD):
        return Found(Outcome.ANSWER, matches[:1], aspect)
    return Found(Outcome.CHOICES, matches[:OFFERED], aspect)
