"""One YAML file into one typed definition; every fault with file, key and remedy.

The classes that are read stay plain frozen dataclasses; pydantic looks at them only here, at the edge.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError

try:  # six times as fast, and there is a library to read at every start
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)
"""Put on a dataclass as `__pydantic_config__`: an unknown key is a fault, not a silence."""

T = TypeVar("T")

REMEDIES = {
    "missing": "add this key",
    "unexpected_keyword_argument": "remove the key or correct its spelling",
    "string_type": "write text; quote numbers and yes/no words",
    "enum": "use one of the words listed",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "date_from_datetime_parsing": "write the date as YYYY-MM-DD",
    "int_parsing": "write a whole number without separators",
    "int_type": "write a whole number without separators",
    "tuple_type": "write a list",
    "dataclass_type": "write keys and values, one a line",
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong in the library: where it stands, what is wrong, what to do about it."""

    file: str
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key or '(file)'}: {self.problem}; {self.remedy}"


class LibraryError(Exception):
    """The library cannot be used. `faults` holds all that was found, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class _UniqueKeys(_Loader):
    """A key written twice is a fault: YAML itself would quietly keep the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path, shown: str) -> Any:
    """The plain content of a file. Raises LibraryError where the file is missing or is not YAML."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)
    except OSError as error:
        raise LibraryError([Fault(shown, "", error.strerror or "unreadable", "restore the file")]) from error
    except UnicodeDecodeError as error:
        raise LibraryError([Fault(shown, "", "is not UTF-8", "save the file as UTF-8")]) from error
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise LibraryError([Fault(shown, line, str(error.problem), "correct the YAML")]) from error


def parse(kind: type[T], content: Any, shown: str) -> T:
    """Plain content into a `kind`. Raises LibraryError with one fault for each key that does not fit."""
    try:
        fitted: T = _adapter(cast(Any, kind)).validate_python(content)
        return fitted
    except ValidationError as error:
        raise LibraryError([_fault(shown, detail) for detail in error.errors()]) from error


def read(kind: type[T], path: Path, shown: str) -> T:
    """A file into a `kind`. Raises LibraryError."""
    return parse(kind, read_yaml(path, shown), shown)


def plain(value: object) -> Any:
    """A definition as plain JSON, to be kept and parsed again: `parse(type(x), plain(x), ...) == x`."""
    return _adapter(cast(Any, type(value))).dump_python(value, mode="json")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _fault(shown: str, detail: Any) -> Fault:
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in detail["loc"]).lstrip(".")
    return Fault(shown, key, detail["msg"], REMEDIES.get(detail["type"], "correct the value"))
