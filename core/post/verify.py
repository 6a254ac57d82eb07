"""Is there a word for everything that can be said? Checked at start and before texts are published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from jinja2 import TemplateError

from core.channel import one_part
from core.messages import Say
from core.post.wording import FALLBACK, NoWording, Wording, bare_text

MOST_PARTS = 3  # SMS segments; more is expensive and read by nobody


class Declared(Protocol):
    """A declared saying: which values it takes and where it is said."""

    @property
    def values(self) -> tuple[str, ...]: ...

    @property
    def media(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: the file or key, what, and what to do. `serious` faults refuse the start; the others
    are incomplete translations."""

    file: str
    key: str
    problem: str
    remedy: str
    serious: bool = True


def verify(
    wording: Wording,
    sayings: Mapping[str, Declared],
    samples: Mapping[str, Any],
    media: Iterable[str],
    *,
    parts: Callable[[str], int] = one_part,
) -> list[Fault]:
    """Every key on every medium in every language, rendered with the sample values. `samples` is the content
    of `templates/samples.yaml`, `parts` measures an SMS."""
    used = frozenset(media)
    found: list[Fault] = []
    for key, saying in sayings.items():
        values, missing = _values(key, saying, samples)
        if missing:
            found.append(Fault("samples.yaml", key, f"no sample for {missing}", "add it under values"))
            continue
        for medium in sorted(used & saying.media):
            for language in wording.languages:
                found += _check(wording, key, values, medium, language, parts)
    return found + list(_tables(wording))


def _tables(wording: Wording) -> Iterator[Fault]:
    """The labels of choices and the words of the filters, which every language must have."""
    for name in ("choices.yaml", "words.yaml"):
        known = wording.table(name, FALLBACK)
        for language in wording.languages:
            for key in sorted(set(known) - set(wording.table(name, language))):
                yield Fault(
                    f"{language}/{name}", key, "not translated", "translate it", serious=name == "words.yaml"
                )


def _values(key: str, saying: Declared, samples: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The sample values of a key, and the names that have none."""
    pool = {**samples["values"], **samples.get("keys", {}).get(key, {})}
    lacking = [name for name in saying.values if name not in pool]
    return {name: pool[name] for name in saying.values if name in pool}, ", ".join(lacking)


def _check(
    wording: Wording,
    key: str,
    values: Mapping[str, Any],
    medium: str,
    language: str,
    parts: Callable[[str], int],
) -> Iterator[Fault]:
    name = wording.find(key, medium, language)
    wanted = f"{language}/{key.replace('.', '/', 1)}.txt"
    if name is None:
        yield Fault(wanted, key, f"no words on {medium}", "write this file")
        return
    if not name.startswith(f"{language}/"):
        yield Fault(wanted, key, f"not translated ({medium})", "translate it", serious=False)
        return
    try:
        text = wording.render(Say(key, values), medium, language)
    except (TemplateError, NoWording, KeyError, TypeError, ValueError, AttributeError) as error:
        yield Fault(name, key, f"does not render: {error}", "use only the declared values")
        return
    if not text.strip():
        yield Fault(name, key, f"is empty on {medium}", "write the text")
    if medium == "sms" and language == FALLBACK and parts(bare_text(text)) > MOST_PARTS:
        yield Fault(name, key, f"{parts(bare_text(text))} parts", f"shorten it to {MOST_PARTS}")
