"""Our nouns as JSON text and back, without loss. What is stored between two turns passes through here."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def dump(value: Any) -> str:
    """JSON text of a noun (a frozen dataclass of `core.messages` or `core.talk`, or plain values)."""
    return _adapter(type(value)).dump_json(value).decode()


def load(kind: type[T], text: str | bytes) -> T:
    """Read back what `dump` wrote. Raises `pydantic.ValidationError` where the text is something else."""
    loaded: T = _adapter(kind).validate_json(text)
    return loaded
