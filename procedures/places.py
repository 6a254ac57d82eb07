"""The provinces: their names, what they took in on 1 July 2025, and the codes in personal numbers.

Editable data (`library/places.yaml`): citizens go on using the old names for years, and
both must be understood.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from procedures.definition import STRICT, parse, read_yaml
from procedures.words import syllables

_SHIPPED = Path(__file__).parent / "library" / "places.yaml"


@dataclass(frozen=True)
class Former:
    """A province that has been, or still is under the same name; ``code`` opens personal numbers."""

    __pydantic_config__: ClassVar = STRICT

    name: str
    code: str
    also: tuple[str, ...] = ()  # other spellings and short forms


@dataclass(frozen=True)
class Province:
    """A province of today; ``took_in`` are those of before, itself first."""

    __pydantic_config__: ClassVar = STRICT

    name: str
    took_in: tuple[Former, ...]
    city: bool = False  # a city under the centre (thành phố trực thuộc trung ương)


@dataclass(frozen=True)
class Places:
    """All provinces, and the tables that follow from them."""

    __pydantic_config__: ClassVar = STRICT

    provinces: tuple[Province, ...]

    @cached_property
    def birthplaces(self) -> Mapping[str, str]:
        """The names by the three digits that open a personal number."""
        return {old.code: old.name for province in self.provinces for old in province.took_in}

    @cached_property
    def by_words(self) -> Mapping[tuple[str, ...], tuple[str, str]]:
        """Folded words of any name to (province of today, name as it was before)."""
        return {
            syllables(name): (province.name, old.name)
            for province in self.provinces
            for old in province.took_in
            for name in (old.name, *old.also)
        }


def load_places(path: Path = _SHIPPED, shown: str = "places.yaml") -> Places:
    """The provinces in a file. Raises definition.LibraryError."""
    return parse(Places, read_yaml(path, shown), shown)
