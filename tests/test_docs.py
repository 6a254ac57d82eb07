"""The documents are tested: what they name exists, what exists is named, and what they promise holds."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from channels.registry import KINDS
from channels.sms.settings import BindSettings
from core import access, caretaker, courier, gateway, gather, intake, paper_folder
from core.answering import people
from core.config import Section, Settings, read
from core.store import database, tokens
from core.talk import dialogue
from house.building import adapters
from house.parts import outside
from procedures import form
from procedures.calendar import load_calendar, stale
from procedures.catalogue import LIBRARY
from procedures.definition import parse
from procedures.procedure import Procedure
from procedures.process import Process
from tests import test_dialogues
from tests.dialogues import stories
from tests.test_house import NEVER, RULES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.glob("*.md")])
PROMISED = {
    "README.md",
    "CHANGELOG.md",
    "adding-a-channel.md",
    "adding-a-procedure.md",
    "architecture.md",
    "conversation.md",
    "glossary.md",
    "law.md",
    "operating.md",
    "sandbox.md",
    "security.md",
}
LARGEST_PICTURE = 250 * 1024  # bytes: a page of documents must open on a slow line

# What no file may name: a path of one machine, a package mirror, a work place.
FORBIDDEN = re.compile(
    r"(?<![\w.])/(?:home|mnt|root|Users)/[\w.]"
    r"|[\w.-]*(?:artifactory|nexus|devpi|pypi-mirror|proxy\.golang)[\w.-]*\.[a-z]{2,}",
    re.IGNORECASE,
)


def _text(page: str) -> str:
    return (DOCS / page).read_text("utf-8")


def _tracked() -> list[str]:
    """The files that are committed; all files of the folder where this is no checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    return [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


# -- pages and links -------------------------------------------------------------------------------------


def test_every_promised_page_exists() -> None:
    assert {page.name for page in PAGES} >= PROMISED


def _anchor(heading: str) -> str:
    """The anchor that a reader's browser gets for a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _links(page: Path) -> Iterator[str]:
    prose = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if not re.match(r"[a-z]+:", target):
            yield target


def _broken_link(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    found = (page.parent / path).resolve() if path else page
    if not found.exists():
        return True
    if not anchor:
        return False
    headings = re.findall(r"^#+ (.+)$", found.read_text("utf-8"), re.MULTILINE)
    return anchor not in {_anchor(heading) for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    assert [target for target in _links(page) if _broken_link(page, target)] == []


def test_a_broken_link_is_noticed() -> None:
    assert _broken_link(DOCS / "law.md", "nowhere.md")
    assert _broken_link(DOCS / "law.md", "operating.md#no-such-heading")
    assert not _broken_link(DOCS / "law.md", "operating.md#what-to-watch")


def test_pictures_exist_are_shown_and_are_small() -> None:
    shown = {
        (page.parent / link).resolve() for page in PAGES for link in _links(page) if link.endswith(".png")
    }
    there = {path.resolve() for path in (DOCS / "pictures").glob("*")}
    assert shown == there
    assert {path.name for path in there if path.stat().st_size > LARGEST_PICTURE} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_exist(page: Path) -> None:
    """Every path in backticks that looks like a file or folder of this house."""
    rooms = "procedures|core|channels|portal|desk|sandbox|templates|tests|bench|docs"
    named = re.findall(rf"`((?:{rooms})/[\w./-]*)(?:#[\w-]*)?`", page.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_only_make_targets_that_exist_are_named() -> None:
    targets = set(re.findall(r"^([a-z./]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        (page.name, target)
        for page in PAGES
        for target in re.findall(r"(?:`|^)make ([a-z./]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert named
    assert {(page, target) for page, target in named if target not in targets} == set()


def test_no_committed_file_names_one_machine() -> None:
    wrong = {}
    for name in _tracked():
        if name in ("requirements.lock", "requirements-dev.lock") or name == "tests/test_docs.py":
            continue
        try:
            text = (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if found := FORBIDDEN.search(text):
            wrong[name] = found.group()
    assert wrong == {}
    assert FORBIDDEN.search("see /home/somebody/x") and not FORBIDDEN.search("https://example.org/at/x")


# -- the house as the architecture page draws it ----------------------------------------------------------


def _tree() -> tuple[set[str], dict[str, set[str]]]:
    """The rooms of the drawn tree: top names, and under each folder what stands in it."""
    drawn = re.search(r"^## The rooms\n+```\n(.*?)```", _text("architecture.md"), re.DOTALL | re.MULTILINE)
    assert drawn is not None
    tops: set[str] = set()
    below: dict[str, set[str]] = {}
    top = ""
    for line in drawn.group(1).splitlines():
        name = line.split()[0]
        if line.startswith(" "):
            below.setdefault(top, set()).add(name)
        else:
            top = name
            tops.add(name)
    return tops, below


def _rooms(folder: Path) -> set[str]:
    """Python files and folders of a folder."""
    files = {path.name for path in folder.glob("*.py") if path.name != "__init__.py"}
    folders = {
        f"{path.name}/"
        for path in folder.iterdir()
        if path.is_dir() and not path.name.startswith((".", "__")) and any(path.iterdir())
    }
    return files | folders


def test_every_room_is_drawn_and_every_drawn_room_exists() -> None:
    tops, below = _tree()
    committed = {name.split("/")[0] for name in _tracked()}
    there = {name for name in _rooms(ROOT) if name.strip("/") in committed}
    assert tops - {"config.yaml"} == there
    assert below["core/"] == _rooms(ROOT / "core")
    assert below["channels/"] == _rooms(ROOT / "channels")
    assert below["procedures/"] == _rooms(ROOT / "procedures")
    drawn = [ROOT / top / name for top, names in below.items() for name in names]
    assert [path for path in drawn if not path.exists()] == []


def _cell(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", text))


def test_the_import_table_is_the_one_that_is_enforced() -> None:
    page = _text("architecture.md")
    rows = re.findall(r"^\| `([\w.]+)` \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    told = {room: (set(_cell(may)), set(_cell(never))) for room, may, never in rows if room in RULES}
    assert told == {room: (set(may), set(NEVER.get(room, ()))) for room, may in RULES.items()}


# -- settings --------------------------------------------------------------------------------------------


def _sections() -> Mapping[str, type[BaseModel]]:
    return {
        name: field.annotation
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
    }


def _kinds() -> Mapping[str, type[BaseModel]]:
    return {use: getattr(import_module(kind.room), kind.settings) for use, kind in KINDS.items()}


def _default(field: FieldInfo) -> str:
    """A default as the page writes it."""
    value: Any = field.default_factory() if field.default_factory is not None else field.default  # type: ignore[call-arg]
    if value is PydanticUndefined:
        return "required"
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "none"}[value]
    if value in ("", (), {}, []):
        return "empty"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {each}" for key, each in value.items())
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def _tables() -> dict[str, dict[str, str]]:
    """The tables of keys: the backticked name in the heading, or "binds", to key and default."""
    tables: dict[str, dict[str, str]] = {}
    heading = ""
    for line in _text("operating.md").splitlines():
        if found := re.match(r"#+ .*?`(\w+)`", line):
            heading = found.group(1)
        elif line.startswith("#"):
            heading = ""
        elif line.startswith("One bind "):
            heading = "binds"
        elif heading and (row := re.match(r"\| `(\w+)` \| (.+?) \|", line)):
            tables.setdefault(heading, {})[row.group(1)] = row.group(2)
    return tables


def _documented() -> Mapping[str, type[BaseModel]]:
    return {**_sections(), **_kinds(), "binds": BindSettings}


@pytest.mark.parametrize("name", sorted(_documented()))
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    model = _documented()[name]
    assert _tables().get(name) == {key: _default(field) for key, field in model.model_fields.items()}


def test_every_section_and_its_keys_stand_in_config_yaml() -> None:
    shipped = yaml.safe_load((ROOT / "config.yaml").read_text("utf-8"))
    assert set(shipped) == set(Settings.model_fields)
    for name, model in _sections().items():
        assert set(shipped[name]) == set(model.model_fields), name


def test_every_kind_of_channel_in_config_yaml_is_one_of_ours_with_keys_of_its_own() -> None:
    shipped = yaml.safe_load((ROOT / "config.yaml").read_text("utf-8"))["channels"]
    kinds = _kinds()
    for name, channel in shipped.items():
        own = set(channel) - {"use", "enabled"}
        assert own <= set(kinds[channel["use"]].model_fields), name


# -- examples and figures --------------------------------------------------------------------------------


def _blocks(page: str, kind: str) -> list[str]:
    """The fenced blocks of a page of one kind ("" for plain ones)."""
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", _text(page), re.DOTALL | re.MULTILINE)
    return [content for found, content in fences if found == kind]


def test_the_examples_of_definitions_can_be_read() -> None:
    procedure, questions, process = map(yaml.safe_load, _blocks("adding-a-procedure.md", "yaml"))
    assert parse(Procedure, procedure, "procedure").form == "birth"
    assert len(form.read(questions).fields) == 3
    assert parse(Process, process, "process").start == "arrived"


def test_the_configuration_for_service_makes_its_channels(tmp_path: Path) -> None:
    path = tmp_path / "office.yaml"
    path.write_text(_blocks("operating.md", "yaml")[0], "utf-8")
    secrets = dict.fromkeys(re.findall(r"\$\{(\w+)\}", path.read_text("utf-8")), "secret")
    settings = read(path, {}, secrets)
    made = adapters(settings, outside(settings))
    assert [adapter.name for adapter in made] == ["sms", "hotline", "web", "mail"]
    assert not settings.sandbox.enabled


def test_the_example_of_a_story_is_a_story(tmp_path: Path) -> None:
    told = next(block for block in _blocks("conversation.md", "") if "Công dân:" in block)
    (tmp_path / "docs.story").write_text(told, "utf-8")
    found = stories.read(tmp_path)
    assert found
    for story in found:
        test_dialogues.test_story(story)


def test_the_first_walk_can_be_walked() -> None:
    """What the newcomer texts, as the README says it, in the world of the stories."""
    readme = (ROOT / "README.md").read_text("utf-8")
    answers = re.search(r"^(\S.*#.*#.*#.*)$", readme, re.MULTILINE)
    assert answers is not None and "`khai sinh can giay to gi`" in readme and "`nop tam vang`" in readme
    stage = test_dialogues.Stage()
    assert "Khai sinh" in stage.hear("khai sinh can giay to gi")
    assert "(1/7)" in stage.hear("nop tam vang")
    assert "Nguyen Van An" in stage.hear(answers.group(1))
    assert "PIN" in stage.hear("1")


PRESSED = {
    "Cán bộ": "templates/desk/layout.html",
    "Hồ sơ": "templates/desk/layout.html",
    "Tiếp nhận": "templates/desk/macros.html",
    "Giải quyết": "templates/desk/macros.html",
    "Lãnh đạo": "templates/desk/macros.html",
    "Ghi nhận": "procedures/library/processes/notice.yaml",
    "Gọi": "sandbox/handsets/index.html",
    "BẮT ĐẦU": "sandbox/handsets/index.html",
}


def test_what_the_first_walk_presses_stands_on_the_pages() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    vietnamese = re.compile(r"[À-ỹĐđ]")
    named = {name for name in re.findall(r"\*{1,2}([^*\n]+)\*{1,2}", readme) if vietnamese.search(name)}
    assert named == set(PRESSED)
    assert [name for name, file in PRESSED.items() if name not in (ROOT / file).read_text("utf-8")] == []


def test_the_figures_about_the_library_are_right() -> None:
    read = [
        yaml.safe_load(path.read_text("utf-8")) for path in sorted((LIBRARY / "procedures").glob("*.yaml"))
    ]
    page = _text("law.md")
    for kind in ("pre_declaration", "hand_off", "notice", "not_a_procedure"):
        count = sum(each["filing"]["kind"] == kind for each in read)
        assert re.search(rf"^\| `{kind}` \|.*\| {count} \|$", page, re.MULTILINE), (kind, count)
    assert f"holds {len(read)} entries" in page
    for word in ("sourced", "one_source", "conflict", "listed"):
        assert f"{sum(each['confidence'] == word for each in read)} {word}" in page
    numbered = sum(each["filing"]["kind"] != "not_a_procedure" for each in read)
    assert f"{numbered} procedures are in the library" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def _seconds(time: timedelta) -> str:
    return f"{int(time.total_seconds())} s"


def test_the_times_and_numbers_of_the_house_are_those_of_the_code() -> None:
    page = " ".join(_text("architecture.md").split())
    told = (
        f"up to {intake.LANES} lanes leased for {_seconds(intake.LEASE)}",
        f"**leased** ({_seconds(intake.LEASE)}; {_seconds(courier.LEASE)} for a send; "
        f"{_seconds(gateway.CALL_LEASE)} for a call)",
        f"**heartbeat** every {_seconds(caretaker.ROUND)}, and after {_seconds(caretaker.LIFE)} of silence",
        f"waits {round(gather.LINGER * 1000)} ms for company",
        f"for at most {round(database.HOLD * 1000)} ms",
        f"tried {('one', 'two', 'three')[intake.TRIES - 1]} times, {_seconds(intake.REST)} apart",
    )
    assert [sentence for sentence in told if sentence not in page] == []
    numbers = " ".join(_text("operating.md").split())
    limits = (
        f"{dialogue.MANY} messages, or {dialogue.EQUAL} equal ones, in {_minutes(dialogue.WINDOW)}",
        f"{access.FAILURES} wrong passwords lock {_minutes(access.LOCKED)}",
        f"{_minutes(people.CODE_LIFE)}, {tokens.TRIES} tries, {people.CODES_AN_HOUR} an hour to one number, "
        f"{people.CODES_A_SENDER} by one sender",
        f"{paper_folder.LARGEST // 2**20} MiB, by content",
    )
    assert [sentence for sentence in limits if sentence not in numbers] == []


def _minutes(time: timedelta) -> str:
    return f"{int(time.total_seconds()) // 60} minutes"


# -- what grows old --------------------------------------------------------------------------------------


def test_next_years_days_off_are_known() -> None:
    """On the day this was written the year after it must be in the calendar, if only as a forecast."""
    missing = [item for item in stale(load_calendar(), date(2026, 11, 23)) if not item.days]
    assert missing == []


def test_a_calendar_that_was_forgotten_is_noticed() -> None:
    assert [item.year for item in stale(load_calendar(), date(2029, 11, 23))]
