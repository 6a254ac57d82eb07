"""Pages from templates: `templates/portal/*.html`, with the words of `templates/<language>/portal.yaml`.

Vietnamese first. What is missing in another language is shown in Vietnamese rather than left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.office import HANOI
from core.selfservice import FILTERS

LANGUAGES = ("vi", "en")
STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file of the house, read once; `version` changes with its content, so that it may be kept for a
    year."""

    content: bytes
    content_type: str
    version: str


class Pages:
    """Renders pages. `templates` is the folder that holds `portal/` and a folder for each language."""

    def __init__(self, templates: Path) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(templates / "portal"),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # pages and words change together, at a start
        )
        self._environment.filters.update(FILTERS)
        self._environment.filters |= {"at": at, "mask_number": mask_number, "local_time": local_time}
        self.files = {path.name: _static(path) for path in sorted(STATIC.iterdir()) if path.suffix in TYPES}
        self._environment.globals["static"] = self.static
        first = _yaml(templates / LANGUAGES[0] / "portal.yaml")
        self._text = {name: _over(first, _yaml(templates / name / "portal.yaml")) for name in LANGUAGES}
        self._words = {name: _yaml(templates / name / "words.yaml") for name in LANGUAGES}

    def text(self, language: str) -> Mapping[str, Any]:
        """The words of the pages in a language."""
        return self._text[language]

    def static(self, name: str) -> str:
        """The address of a file of the house."""
        return f"/static/portal/{name}?v={self.files[name].version}"

    def render(self, template: str, language: str, values: Mapping[str, Any]) -> str:
        """A page as HTML. Raises jinja2's `UndefinedError` where a value is missing."""
        given = {
            "t": self._text[language],
            "words": self._words[language],
            "medium": "web",
            "language": language,
            **values,
        }
        return self._environment.get_template(template).render(given)


def at(text: str, values: Mapping[str, Any]) -> str:
    """A sentence with its values: "Câu {number} trên {total}"."""
    return text.format(**values)


def mask_number(ending: str) -> str:
    """A telephone number of which only the last figures are shown."""
    return f"••• {ending}"


def local_time(text: str) -> str:
    """The time of day of an ISO moment, as the office's clock shows it."""
    return datetime.fromisoformat(text).astimezone(HANOI).strftime("%H:%M")


def _static(path: Path) -> StaticFile:
    content = path.read_bytes()
    return StaticFile(content, TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:12])


def _yaml(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.exists() else {}


def _over(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """`top` laid over `base`, mapping by mapping."""
    found = dict(base)
    for key, value in top.items():
        below = found.get(key)
        found[key] = _over(below, value) if isinstance(value, dict) and isinstance(below, dict) else value
    return found
