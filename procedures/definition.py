"""Reading a definition (YAML or JSON already parsed) strictly: whatever is wrong is named by its path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

T = TypeVar("T")
LIBRARY = Path(__file__).parent / "library"


class DefinitionError(Exception):
    """A definition does not say what it must. ``path`` is where, like ``fields[2].choices[0].label``."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Part:
    """One mapping of a definition, taken apart key by key; ``done`` refuses what nobody asked for."""

    def __init__(self, data: Any, path: str) -> None:
        if not isinstance(data, Mapping):
            raise DefinitionError(path, "must be a mapping of keys to values")
        self._data = {str(key): value for key, value in data.items()}
        self._asked: set[str] = set()
        self.path = path

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        return key in self._data

    def any(self, key: str, default: Any = None) -> Any:
        self._asked.add(key)
        return self._data.get(key, default)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.any(key, default)
        if value is None:
            raise DefinitionError(self.at(key), "is missing")
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise DefinitionError(self.at(key), "must be a text")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.any(key, default)
        if not isinstance(value, bool):
            raise DefinitionError(self.at(key), "must be true or false")
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        value = self.any(key, default)
        if value is None:
            raise DefinitionError(self.at(key), "is missing")
        if isinstance(value, bool) or not isinstance(value, int):
            raise DefinitionError(self.at(key), "must be a whole number")
        return value

    def one_of(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise DefinitionError(self.at(key), f"is {value!r}, must be one of {', '.join(allowed)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        items = self._list(key)
        if not all(isinstance(item, str) for item in items):
            raise DefinitionError(self.at(key), "must be a list of texts")
        return tuple(items)

    def table(self, key: str) -> dict[str, str]:
        """A mapping of text to text, empty when absent."""
        data = self.any(key) or {}
        if not isinstance(data, Mapping) or not all(isinstance(value, str) for value in data.values()):
            raise DefinitionError(self.at(key), "must be a mapping of texts")
        return {str(name): value for name, value in data.items()}

    def parts(self, key: str, build: Callable[[Part], T]) -> tuple[T, ...]:
        """Each mapping of a list, built; empty when absent."""
        return tuple(build(part) for part in self._parts(key))

    def _parts(self, key: str) -> Iterator[Part]:
        for index, item in enumerate(self._list(key)):
            yield Part(item, f"{self.at(key)}[{index}]")

    def _list(self, key: str) -> list[Any]:
        items = self.any(key)
        if items is None:
            return []
        if not isinstance(items, list):
            raise DefinitionError(self.at(key), "must be a list")
        return items

    def done(self) -> None:
        """Raises DefinitionError when a key is left that nobody asked for."""
        for key in self._data:
            if key not in self._asked:
                raise DefinitionError(self.at(key), "is not a known key")


@cache
def seed(name: str) -> Any:
    """A definition that ships with the library, parsed; the file is read once."""
    return yaml.safe_load((LIBRARY / name).read_text(encoding="utf-8"))
