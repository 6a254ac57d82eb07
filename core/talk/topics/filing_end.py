"""What comes after an answer: the next question, another medium for what cannot be asked here, the summary,
filing."""

from __future__ import annotations

from core.messages import ExpectKind, Say
from core.talk.needs import FileDraft, MakeLink, MyDrafts, SendText
from core.talk.script import Steps, Turn, ask, go
from core.talk.topics.filing_question import Sheet, ask_field
from core.talk.topics.offers import asking, home, offer
from procedures.form import missing, next_question, unaskable
from procedures.form_field import Reason
from procedures.form_summary import summary


def proceed(sheet: Sheet, *says: Say) -> Steps:
    """The next open question; then what only another medium can ask; then the summary."""
    field = next_question(sheet.form, sheet.draft.answers, sheet.medium)
    if field is not None:
        return ask_field(sheet, field, *says)
    if missing(sheet.form, sheet.draft.answers):
        return (yield from elsewhere(sheet, *says))
    return review(sheet, *says)


def elsewhere(sheet: Sheet, *says: Say) -> Steps:
    """A link and a code that take this draft to another medium. A caller gets them by SMS."""
    left = unaskable(sheet.form, sheet.medium, sheet.draft.answers)
    wanted = [field.title for field, reason in left if field.required and reason is not Reason.SKIPPED]
    link = yield from ask(MakeLink(sheet.draft.id))
    values = {**link, "title": sheet.title, "fields": wanted}
    sent = False
    if sheet.medium == "ivr":
        sent = yield from ask(SendText("filing.link", values))
    say = Say("filing.elsewhere", {**values, "sent": sent})
    return home(sheet.talk, *says, say)


def review(sheet: Sheet, *says: Say) -> Turn:
    """All answers, numbered, to be confirmed. What is sensitive is masked: a summary is read over
    shoulders."""
    rows = [
        {"number": row.number, "title": row.title, "display": row.display, "kind": row.kind}
        for row in summary(sheet.form, sheet.draft.answers, masked=True)
        if row.display
    ]
    expect = offer("filing.send", "filing.fix", "filing.later")
    say = Say("filing.summary", {"rows": rows, "title": sheet.title}, expect)
    return go(sheet.talk, "filing", *says, say, **sheet.memory(step="summary"))


def which_to_fix(sheet: Sheet, key: str = "filing.fix_which") -> Turn:
    """Ask for the number of the answer to be corrected."""
    say = Say(key, {}, asking(ExpectKind.DIGITS, 2))
    return go(sheet.talk, "filing", say, **sheet.memory(step="fix"))


def hand_in(sheet: Sheet, *, anyway: bool = False) -> Steps:
    """File it; say what it is now, or what stands in the way."""
    filed = yield from ask(FileDraft(sheet.draft.id, sheet.draft.revision, anyway))
    match filed.outcome:
        case "filed":
            sent = False
            if sheet.medium == "ivr":
                sent = yield from ask(SendText("filing.filed", {**filed.values, "sent": False}))
            return home(sheet.talk, Say("filing.filed", {**filed.values, "sent": sent}))
        case "again":
            values = {"code": filed.values["code"], "filed": filed.values["filed"], "title": sheet.title}
            say = Say("filing.again", values, offer("filing.anyway", "filing.not_again"))
            return go(sheet.talk, "filing", say, **sheet.memory(step="again"))
        case "stale":
            return (yield from newer(sheet))
        case _:
            titles = sheet.titles(list(filed.values.get("fields", ())))
            return (yield from proceed(sheet, Say("filing.refused", {"fields": titles})))


def newer(sheet: Sheet) -> Steps:
    """Somebody changed the draft meanwhile: nothing is overwritten, and the newer state is shown."""
    drafts = yield from ask(MyDrafts())
    draft = next((each for each in drafts if each.id == sheet.draft.id), None)
    if draft is None:
        return home(sheet.talk, Say("filing.gone"))
    return (yield from proceed(Sheet(sheet.talk, draft, sheet.form), Say("filing.newer")))
