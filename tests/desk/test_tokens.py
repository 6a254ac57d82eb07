"""Every pair of text and ground reaches the contrast of WCAG 2.2 AA (1.4.3: 4.5 to 1), in light and in dark."""

from __future__ import annotations

import re

import pytest

from desk.pages import STATIC

PAIRS = [
    ("ink", "paper"), ("ink", "card"), ("ink", "hover"), ("ink", "quiet-ground"), ("muted", "paper"),
    ("muted", "card"), ("muted", "hover"), ("link", "paper"), ("link", "card"), ("link", "hover"),
    ("on-accent", "accent"), ("on-accent", "accent-hover"), ("good", "card"), ("good", "good-ground"),
    ("warn", "card"), ("warn", "warn-ground"), ("bad", "card"), ("bad", "bad-ground"), ("late", "card"),
    ("late", "late-ground"), ("late", "hover"), ("ink", "good-ground"), ("ink", "bad-ground"),
    ("ink", "warn-ground"), ("warn", "hover"), ("warn", "paper"),
]  # fmt: skip


def _tokens(scheme: str) -> dict[str, str]:
    light, dark = (STATIC / "tokens.css").read_text("utf-8").split("@media")
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark))


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, definitions)."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(text: str, ground: str, scheme: str) -> None:
    tokens = _tokens(scheme)
    low, high = sorted((_luminance(tokens[text]), _luminance(tokens[ground])))
    assert (high + 0.05) / (low + 0.05) >= 4.5, f"{text} on {ground} in {scheme}"
