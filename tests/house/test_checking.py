"""`main.py check`: a file that cannot be used is a fault with its name, its key and a remedy, never a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import house.checking
from house.checking import check, page_words
from house.joining import assumed
from house.parts import TEMPLATES
from tests.house.test_joining import settings


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Texts of one's own, to be spoilt."""
    copied = shutil.copytree(TEMPLATES, tmp_path / "templates")
    monkeypatch.setattr(house.checking, "TEMPLATES", copied)
    return copied


def faults(tmp_path: Path) -> list[str]:
    return [str(fault) for fault in check(assumed(settings(MOTCUA__STORE__FILES=str(tmp_path / "papers"))))]


def test_what_is_shipped_is_in_order(tmp_path: Path) -> None:
    assert faults(tmp_path) == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", ["channels", "choices", "commands", "portal", "words"])
def test_texts_that_cannot_be_read(texts: Path, tmp_path: Path, language: str, name: str) -> None:
    (texts / language / f"{name}.yaml").write_text("a: [\n b: }{\n", "utf-8")
    (found,) = faults(tmp_path)
    assert found.startswith(f"templates/{language}/{name}.yaml: -: not YAML") and found.endswith(
        "Correct the YAML"
    )


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: path.unlink(), "cannot be read"),
        (lambda path: path.write_text("", "utf-8"), "no keys with texts"),
        (lambda path: path.write_bytes(b"a: \xff"), "cannot be read"),
    ],
    ids=["gone", "empty", "no UTF-8"],
)
def test_texts_that_are_not_there(texts: Path, tmp_path: Path, spoil: object, told: str) -> None:
    assert callable(spoil)
    spoil(texts / "vi" / "portal.yaml")
    (found,) = faults(tmp_path)
    assert told in found


def test_a_page_that_names_words_which_nobody_wrote(texts: Path) -> None:
    portal = texts / "vi" / "portal.yaml"
    portal.write_text(portal.read_text("utf-8").replace("  skip:", "  skipp:", 1), "utf-8")
    found = [str(fault) for fault in page_words(texts)]
    assert found and all(
        each.startswith("templates/vi/portal.yaml: site.skip: no such words") for each in found
    )


def test_a_secret_of_the_sandbox_is_for_no_provider(tmp_path: Path) -> None:
    real = settings(
        MOTCUA__SANDBOX__ENABLED="false",
        MOTCUA__STORE__FILES=str(tmp_path / "papers"),
        MOTCUA__CHANNELS__SMS__BINDS="[{name: a, host: smsc.test, port: 2775, system_id: x, password: y}]",
        MOTCUA__CHANNELS__MAIL__PORT="25",
        TELEGRAM_TOKEN="4711:" + "b" * 35,
    )
    (found,) = (str(fault) for fault in check(real))
    assert found.startswith("config.yaml: channels.hotline: the secret was made for the sandbox")
    assert "enabled: false" in found
