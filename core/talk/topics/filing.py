"""File something: any published form, one question at a time, on whatever medium the citizen has at hand.

What the filing is in law is said before the first question. Every answer is written to the draft at once, so
that a cut call, a stop or another medium loses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.messages import Choice, Expect, ExpectKind, Say, Values
from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import Chosen, Command, Heard, Words
from core.talk.needs import (
    DraftState,
    DropDraft,
    FindProcedure,
    KeepDraft,
    ListFilings,
    MyDrafts,
    OpenDraft,
    ReadForm,
    ReadProcedure,
    UseCode,
)
from core.talk.script import Script, Steps, Turn, ask, go, run, stay
from core.talk.topics import filing_answer, filing_end
from core.talk.topics.filing_question import Sheet, ask_again, ask_field
from core.talk.topics.offers import OPTIONS_IN_A_CALL, asked, home, offer
from procedures.form import find_field, prune, visible
from procedures.form_field import Field, askable
from procedures.problem import wrong

FEEDBACK = "feedback"  # the form for a complaint or a thank-you; no administrative procedure
LISTED = 6
KEEPS = frozenset({"back", "cancel", "skip", "save", "review", "correct", "done", "elsewhere", "continue"})


def play(talk: Conversation, heard: Heard) -> Script:
    """Choose what to file, or go on with the draft in hand."""
    meaning = heard.meaning
    if isinstance(meaning, Command) and meaning.name == "feedback":
        return begin(talk, FEEDBACK)
    if talk.memory.get("draft"):
        return _go_on(talk, heard)
    match meaning:
        case Chosen(value=value) if value.startswith("procedure:"):
            return begin(talk, value.partition(":")[2])
        case Chosen(value="more"):
            return _more(talk)
        case Words(text=text) if text:
            return begin(talk, words=text)
        case Chosen() | Command():
            return home(talk)
        case _:
            return stay(talk, Say("filing.silence", {}, asked(talk)), stumbled=True)


def begin(talk: Conversation, code: str = "", words: str = "") -> Steps:
    """Begin to file `code`, or what these words mean, or let choose."""
    if code:
        return (yield from _open(talk, code))
    if words:
        found = yield from ask(FindProcedure(words, talk.procedure, filing=True))
        if found.outcome == "answer":
            return (yield from _open(talk, str(found.procedures[0]["code"])))
        if found.outcome == "choices":
            return _choose(talk, "filing.which", found.procedures)
    offered = yield from ask(ListFilings(talk.medium))
    return _choose(talk, "filing.unknown" if words else "filing.which", offered)


def take_up(talk: Conversation, draft: DraftState) -> Steps:
    """Go on with a draft where it was left, on whatever medium it was begun."""
    form = yield from ask(ReadForm(draft.procedure, draft.form_version))
    if form is None:
        return home(talk, Say("filing.gone"))
    kept, dropped = prune(form, draft.answers)
    sheet = Sheet(talk, draft, form)
    says = [Say("filing.taken_up", {"title": sheet.title, "count": len(kept)})]
    if dropped:
        says.append(Say("filing.dropped", {"fields": [*sheet.titles(dropped)] or list(dropped)}))
        draft = yield from ask(KeepDraft(draft.id, kept, draft.revision))
    return (yield from filing_end.proceed(Sheet(talk, draft, form), *says))


def take_up_by_code(talk: Conversation, code: str) -> Steps:
    """Go on with the draft that a one-time code from another channel stands for."""
    draft = yield from ask(UseCode("".join(code.split())))
    if draft is None:
        return home(talk, Say("resume.unknown"))
    return (yield from take_up(talk, draft))


def _choose(talk: Conversation, key: str, procedures: Sequence[Values], first: int = 0) -> Turn:
    """Some procedures by name; the rest behind one more choice, so that keys alone reach them all."""
    most = OPTIONS_IN_A_CALL - 1 if talk.medium == "ivr" else LISTED
    named = [
        Choice(f"procedure:{each['code']}", str(each["short_name"]), "lookup.procedure")
        for each in procedures[first : first + most]
    ]
    left = len(procedures) - first - most
    if left > 0:
        named.append(Choice("more", say="filing.more"))
    expect = Expect(ExpectKind.CHOICE, tuple(named)) if named else Expect(ExpectKind.TEXT)
    memory = {"step": "choose", "first": first + most if left > 0 else 0}
    talk = replace(talk, topic="filing", memory=memory)
    return stay(talk, Say(key, {}, expect), stumbled=key == "filing.unknown")


def _more(talk: Conversation) -> Steps:
    offered = yield from ask(ListFilings(talk.medium))
    return _choose(talk, "filing.which", offered, int(talk.memory.get("first", 0)))


def _open(talk: Conversation, code: str) -> Steps:
    """Say honestly what this will be; then the first question, or where it was left."""
    procedure = yield from ask(ReadProcedure(code))
    form = yield from ask(ReadForm(code))
    if procedure is None:
        return home(talk, Say("lookup.gone"))
    filing = procedure["filing"]
    kind = (filing["by"] or {}).get(talk.medium, filing["kind"])
    values = {"kind": kind, "note": filing["note"], "title": procedure["short_name"]}
    if form is None or kind == "hand_off":
        return home(talk, Say("filing.hand_off", {**values, "url": procedure["online_url"]}))
    draft = yield from ask(OpenDraft(code))
    if draft.answers:
        return (yield from take_up(talk, draft))
    return (yield from filing_end.proceed(Sheet(talk, draft, form), Say("filing.kind", values)))


def _go_on(talk: Conversation, heard: Heard) -> Steps:
    """Put the draft on the table as it is now, and hand on what was said."""
    drafts = yield from ask(MyDrafts())
    draft = next((each for each in drafts if each.id == talk.memory["draft"]), None)
    form = None if draft is None else (yield from ask(ReadForm(draft.procedure, draft.form_version)))
    if draft is None or form is None:
        return home(talk, Say("filing.gone"))
    sheet = Sheet(talk, draft, form)
    if draft.revision != talk.memory["revision"]:
        return (yield from filing_end.newer(sheet))
    if isinstance(heard.meaning, Command):
        return (yield from run(_command(sheet, heard.meaning)))
    return (yield from run(_answer(sheet, heard)))


def _answer(sheet: Sheet, heard: Heard) -> Script:
    """What was said, by the step at which we are."""
    step, field = sheet.talk.memory.get("step", ""), _field(sheet)
    if step in ("ask", "files") and field is not None:
        return filing_answer.take(sheet, field, heard)
    if step == "confirm" and field is not None:
        return filing_answer.confirmed(sheet, field, heard)
    if step == "fix":
        text = heard.meaning.text if isinstance(heard.meaning, Words) else ""
        return _correct(sheet, text)
    if isinstance(heard.meaning, Chosen):
        return _decided(sheet, heard.meaning.value)
    return stay(sheet.talk, Say("filing.silence", {}, asked(sheet.talk)), stumbled=True)


def _decided(sheet: Sheet, value: str) -> Script:
    """A choice under the summary, or the answer to "throw away?" and "again?"."""
    match value:
        case "send":
            return filing_end.hand_in(sheet)
        case "anyway":
            return filing_end.hand_in(sheet, anyway=True)
        case "fix":
            return filing_end.which_to_fix(sheet)
        case "drop":
            return _drop(sheet)
        case "keep":
            return filing_end.proceed(sheet)
        case _:
            return home(sheet.talk, Say("filing.saved", {"title": sheet.title}))


def _command(sheet: Sheet, command: Command) -> Script:
    """The commands that a filing keeps for itself."""
    match command.name:
        case "back":
            return _back(sheet)
        case "cancel":
            say = Say(
                "filing.cancel", {"title": sheet.title}, offer("filing.keep", "filing.later", "filing.drop")
            )
            return go(sheet.talk, "filing", say, **sheet.memory(step="cancel"))
        case "skip":
            return _skip(sheet)
        case "save":
            return home(sheet.talk, Say("filing.saved", {"title": sheet.title}))
        case "review":
            return filing_end.review(sheet)
        case "correct":
            return _correct(sheet, command.rest)
        case "elsewhere":
            return filing_end.elsewhere(sheet)
        case "continue" if command.rest:
            return take_up_by_code(sheet.talk, command.rest)
        case _:
            return filing_end.proceed(sheet)


def _field(sheet: Sheet) -> Field | None:
    name = sheet.talk.memory.get("field")
    return next((field for field in sheet.form.fields if field.name == name), None)


def _back(sheet: Sheet) -> Script:
    """The question before this one that this medium can ask; its answer stays until another is given."""
    names = [field.name for field in visible(sheet.form, sheet.draft.answers)]
    here = sheet.talk.memory.get("field", "")
    before = names[: names.index(here)] if here in names else names
    for field in reversed(sheet.form.fields):
        answered = field.name in before and field.name in sheet.draft.answers
        if answered and askable(field, sheet.medium) is None:
            return ask_field(sheet, field)
    return filing_end.proceed(sheet, Say("filing.first"))


def _correct(sheet: Sheet, words: str) -> Script:
    """ "sua 3", "sua ngay sinh": ask that question again."""
    field = find_field(sheet.form, words, sheet.draft.answers) if words else None
    if field is None:
        return filing_end.which_to_fix(sheet, "filing.fix_unknown" if words else "filing.fix_which")
    if askable(field, sheet.medium) is not None:
        return filing_end.elsewhere(sheet)
    return ask_field(sheet, field)


def _skip(sheet: Sheet) -> Script:
    field = _field(sheet)
    if field is None:
        return filing_end.proceed(sheet)
    if field.required:
        return ask_again(sheet, field, wrong("required"))
    return filing_answer.keep(sheet, field, None)


def _drop(sheet: Sheet) -> Steps:
    yield from ask(DropDraft(sheet.draft.id))
    return home(sheet.talk, Say("filing.dropped_draft", {"title": sheet.title}))


TOPIC = Topic("filing", play, keeps=KEEPS, lasting=True)
