"""An answer to the open question of a filing: chosen, typed, keyed, spoken or sent; alone or many in one
message."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta, timezone
from typing import Any

from core.messages import Attachment, ExpectKind, Say
from core.talk.hearing import Chosen, Heard, Silence, Words
from core.talk.needs import KeepDraft, KeepPaper
from core.talk.script import Script, Steps, Turn, ask, go, stay
from core.talk.topics.filing_end import newer, proceed
from core.talk.topics.filing_question import DIGITS, Sheet, ask_again, ask_field, expectation
from core.talk.topics.offers import asked, asking, offer
from procedures.form import Answers, put
from procedures.form_field import Field, Kind
from procedures.form_reading import Answer, read_answer, shown
from procedures.form_structured import looks_structured, read_structured
from procedures.problem import JSON, Problem, wrong

VIETNAM = timezone(timedelta(hours=7))  # no summer time since 1975; "hôm nay" is meant there
READ_BACK = frozenset({Kind.DATE, *DIGITS})  # keyed answers are read back before they count


def take(sheet: Sheet, field: Field, heard: Heard) -> Script:
    """Read what was said as the answer to `field`."""
    if heard.message.attachments:
        return _received(sheet, field, heard)
    match heard.meaning:
        case Chosen(value=value):
            return keep(sheet, field, value == "yes" if field.kind is Kind.YESNO else value)
        case Words(text=text) if text:
            return _typed(sheet, field, text, today(heard))
        case Silence() if sheet.medium == "ivr" and not field.required:
            return keep(sheet, field, None)  # the end key alone: there is none
        case Silence():
            return _unheard(sheet, field)
        case _:
            return ask_again(sheet, field, wrong("required"))


def today(heard: Heard) -> date:
    """The day in Viet Nam."""
    return heard.at.astimezone(VIETNAM).date()


def keep(sheet: Sheet, field: Field, value: JSON, *says: Say) -> Steps:
    """Write one answer; name the answers that no longer apply; go on."""
    answers, dropped = put(sheet.form, sheet.draft.answers, field.name, value)
    return (yield from write(sheet, answers, *says, *_dropped(sheet, dropped)))


def write(sheet: Sheet, answers: Answers, *says: Say) -> Steps:
    """Write all answers, if nobody else changed the draft meanwhile."""
    revision = sheet.draft.revision
    draft = yield from ask(KeepDraft(sheet.draft.id, answers, revision))
    if draft.revision != revision + 1 or dict(draft.answers) != dict(answers):
        return (yield from newer(sheet))
    kept = replace(draft, title=sheet.draft.title)
    return (yield from proceed(Sheet(sheet.talk, kept, sheet.form), *says))


def _typed(sheet: Sheet, field: Field, text: str, day: date) -> Script:
    if sheet.medium != "ivr" and field.kind is not Kind.LONG_TEXT and looks_structured(text):
        return _structured(sheet, text, day)
    read = read_answer(field, text, sheet.medium, day)
    if isinstance(read, Problem):
        return ask_again(sheet, field, read)
    by_ear = sheet.medium == "ivr" and field.kind in READ_BACK
    if (by_ear or field.confirm) and read.value is not None:
        return _read_back(sheet, field, read)
    return keep(sheet, field, read.value, *_warnings(read))


def _structured(sheet: Sheet, text: str, day: date) -> Steps:
    """Many answers at once; what is missing or wrong is asked afterwards, one short question at a time."""
    read = read_structured(sheet.form, text, day, sheet.draft.answers, sheet.medium)
    problems = [
        {"name": _title(sheet, name), "problem": problem.code, **problem.values}
        for name, problem in read.problems.items()
    ]
    says = [Say("filing.understood", {"count": len(read.answers), "problems": problems})] if problems else []
    return (yield from write(sheet, read.answers, *says))


def _title(sheet: Sheet, name: str) -> str:
    return next((field.title for field in sheet.form.fields if field.name == name), name)


def _read_back(sheet: Sheet, field: Field, read: Answer) -> Turn:
    values = {
        "title": field.title,
        "kind": field.kind.value,
        "value": read.value,
        "shown": shown(field, read.value),
    }
    say = Say("filing.read_back", values, offer("filing.right", "filing.wrong"))
    memory = sheet.memory(step="confirm", field=field.name, value=read.value)
    return go(sheet.talk, "filing", *_warnings(read), say, **memory)


def confirmed(sheet: Sheet, field: Field, heard: Heard) -> Script:
    """The answer to a read-back: right, wrong, or the value itself once more."""
    match heard.meaning:
        case Chosen(value="right"):
            return keep(sheet, field, sheet.talk.memory["value"])
        case Chosen():
            return ask_field(sheet, field)
        case Words(text=text) if text:
            return _typed(sheet, field, text, today(heard))
        case _:
            return stay(sheet.talk, Say("filing.silence", {}, asked(sheet.talk)), stumbled=True)


def _received(sheet: Sheet, field: Field, heard: Heard) -> Script:
    """Papers for a question that wants papers, a recording for one that is spoken; anything else is not
    kept."""
    awaited = expectation(field, sheet.medium).kind
    if awaited is ExpectKind.RECORDING:
        return _recording(sheet, field, heard.message.attachments[-1])
    if awaited is not ExpectKind.FILE:
        return stay(sheet.talk, Say("filing.no_file", {}, asked(sheet.talk)), stumbled=True)
    return _papers(sheet, field, heard)


def _papers(sheet: Sheet, field: Field, heard: Heard) -> Steps:
    """Checked by what the provider says of them before anything is kept; by content once they are fetched."""
    before: list[Any] = list(sheet.draft.answers.get(field.name) or ())
    sent = heard.message.attachments
    read = read_answer(field, [*before, *map(_file, sent)], sheet.medium, today(heard))
    if isinstance(read, Problem):
        return ask_again(sheet, field, read)
    files = list(before)
    for attachment in sent:
        paper = yield from ask(KeepPaper(sheet.draft.id, field.name, attachment))
        files.append(_file(attachment, paper))
    most = int(field.max) if isinstance(field.max, int | float) else 1
    if len(files) < most:
        return (yield from _more(sheet, field, files, most))
    return (yield from keep(sheet, field, list(files)))


def _more(sheet: Sheet, field: Field, files: list[Any], most: int) -> Steps:
    answers, _ = put(sheet.form, sheet.draft.answers, field.name, list(files))
    draft = yield from ask(KeepDraft(sheet.draft.id, answers, sheet.draft.revision))
    again = Sheet(sheet.talk, replace(draft, title=sheet.draft.title), sheet.form)
    say = Say("filing.more_files", {"count": len(files), "most": most}, asking(ExpectKind.FILE))
    return go(sheet.talk, "filing", say, **again.memory(step="files", field=field.name))


def _file(attachment: Attachment, paper: str = "sent") -> dict[str, JSON]:
    return {"id": paper, "name": attachment.name, "type": attachment.content_type}


def _recording(sheet: Sheet, field: Field, attachment: Attachment) -> Steps:
    paper = yield from ask(KeepPaper(sheet.draft.id, field.name, attachment))
    return (yield from keep(sheet, field, {"recording": paper}))


def _unheard(sheet: Sheet, field: Field) -> Turn:
    question = expectation(field, sheet.medium)
    values = {"help": field.help, "question": field.question(sheet.medium)}
    return stay(sheet.talk, Say("filing.unheard", values, question), stumbled=True)


def _dropped(sheet: Sheet, names: tuple[str, ...]) -> list[Say]:
    return [Say("filing.dropped", {"fields": sheet.titles(names)})] if names else []


def _warnings(read: Answer) -> list[Say]:
    """The first thing that deserves a second look; it stands in nobody's way."""
    return [Say(problem.key, dict(problem.values)) for problem in read.warnings[:1]]
