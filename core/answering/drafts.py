"""Unfinished filings, and handing them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from core.answering.context import Context
from core.casework import Casework
from core.messages import Address
from core.store.drafts import Draft
from core.store.papers import Paper
from core.store.people import proven
from core.talk import needs
from core.talk.needs import DraftState, Filed

LINK_LIFE = timedelta(hours=1)
CODE_DIGITS = (
    8  # of a code that continues a draft: keyed on a telephone, too many to be guessed within the hour
)
ANYBODY = "*"


def mine(context: Context, _need: needs.MyDrafts) -> Sequence[DraftState]:
    """Open drafts of the person behind this address."""
    person = context.person()
    return (
        []
        if person is None
        else [state(context, draft) for draft in context.shelves.drafts.of(person, context.at)]
    )


def begin(context: Context, need: needs.OpenDraft) -> DraftState:
    """The person's draft of this procedure, or a new one."""
    person = context.known_person()
    for draft in context.shelves.drafts.of(person, context.at):
        if draft.procedure == need.procedure:
            if not need.fresh:
                return state(context, draft)
            context.shelves.drafts.drop(draft.id, context.at)
    procedure = context.knowledge.catalogue.procedures[need.procedure]
    form = context.knowledge.catalogue.form_of(procedure)
    version = form.version if form is not None else ""
    draft = Draft(
        context.world.new_id(), person, need.procedure, version, {}, 1, context.talk.medium, context.at
    )
    context.shelves.drafts.begin(draft)
    return state(context, draft)


def keep(context: Context, need: needs.KeepDraft) -> DraftState:
    """Compare and set; the loser is shown the newer state."""
    context.shelves.drafts.write(need.id, need.answers, need.revision, context.at)
    draft = context.shelves.drafts.get(need.id)
    return DraftState(need.id, "", "") if draft is None else state(context, draft)


def drop(context: Context, need: needs.DropDraft) -> bool:
    """Throw it away."""
    context.shelves.drafts.drop(need.id, context.at)
    return True


def keep_paper(context: Context, need: needs.KeepPaper) -> str:
    """Only the pointer is written here; a loop fetches the paper and checks what it is."""
    sent = need.attachment
    paper = Paper(
        context.world.new_id(),
        need.field,
        context.message.channel,
        sent.pointer,
        sent.name or need.field,
        "waiting",
        draft=need.draft,
        content_type=sent.content_type,
        size=sent.size,
    )
    context.shelves.papers.put(paper, context.at)
    return paper.id


def file(context: Context, need: needs.FileDraft) -> Filed:
    """Hand it in, once."""
    draft = context.shelves.drafts.get(need.id)
    if draft is None or draft.revision != need.revision:
        return Filed("stale")
    casework = Casework(context.shelves, context.knowledge, context.world, context.traits, context.at)
    procedure = context.knowledge.catalogue.procedures[draft.procedure]
    form = context.knowledge.catalogue.form_of(procedure)
    open_questions = casework.ready(draft, form) if form is not None else []
    if open_questions:
        return Filed("refused", {"reason": "missing", "fields": open_questions})
    if procedure.administrative and not need.anyway:
        # Somebody else's filing of the same thing (the other parent's) is theirs: it is not told to this person.
        twins = [record for record in casework.twins(draft) if record.applicant == draft.person]
        if twins:
            twin = twins[0].dossier
            return Filed(
                "again", {"code": twin.code, "filed": context.knowledge.local(twin.filed_at).isoformat()}
            )
    if not context.shelves.drafts.close(draft.id, draft.revision, "filed", context.at):
        return Filed("stale")
    record, pin = casework.file(draft, contact(context, draft), context.talk.medium)
    return Filed(
        "filed",
        filed_values(context, record.dossier.code, record.dossier.short_code, pin, record.kind, draft),
    )


def filed_values(
    context: Context, code: str, phone_code: str, pin: str, kind: str, draft: Draft
) -> Mapping[str, Any]:
    """What is told after filing: the only time the PIN is said."""
    settings = context.knowledge.settings
    procedure = context.knowledge.catalogue.procedures[draft.procedure]
    return {
        "code": code,
        "phone_code": phone_code,
        "pin": pin,
        "kind": kind,
        "procedure": procedure.short_name,
        "place": settings.address,
        "office": settings.name,
        "hotline": settings.hotline,
    }


# Questions of a form whose answer is where the applicant is told, and the kind of address it is.
TOLD_AT = {"phone": "tel", "email": "mail"}


def contact(context: Context, draft: Draft) -> list[Address]:
    """Where the applicant is told: this address first, then what the form asked for that purpose, then what they
    proved, then from where the draft was begun by text, call or chat: that is where its code went. A browser, which
    may be closed for good, comes last. Being told proves nothing: who looks a dossier up from such an address hears
    what the news tell, and for more still needs its PIN."""
    given = [
        Address(kind, str(draft.answers[name])) for name, kind in TOLD_AT.items() if draft.answers.get(name)
    ]
    own = [
        address
        for address, proof in context.shelves.people.addresses(draft.person, context.at)
        if proven(proof) or address.kind != "web"
    ]
    everywhere = dict.fromkeys([context.talk.address, *given, *own])
    return sorted(everywhere, key=lambda address: address.kind == "web")


def make_link(context: Context, need: needs.MakeLink) -> Mapping[str, Any]:
    """A link and a code; either, once, within the hour."""
    secret = context.world.secret()
    code = "".join(str(context.world.chance.randrange(0, 10)) for _ in range(CODE_DIGITS))
    values = {"draft": need.draft}
    context.shelves.tokens.issue("draft", ANYBODY, secret, LINK_LIFE, context.at, values)
    context.shelves.tokens.issue("draft", ANYBODY, code, LINK_LIFE, context.at, values)
    minutes = int(LINK_LIFE.total_seconds() // 60)
    return {"url": f"{context.knowledge.portal}/tiep-tuc/{secret}", "code": code, "minutes": minutes}


def use_code(context: Context, need: needs.UseCode) -> DraftState | None:
    """Take the draft up here: whoever holds the code speaks for the draft's person from now on. Who guesses too fast
    is not heard."""
    if context.pause() > timedelta():
        return None
    found = context.shelves.tokens.use("draft", ANYBODY, need.code.strip(), context.at)
    draft = None if found is None else context.shelves.drafts.get(str(found["draft"]))
    if draft is None:
        context.guesses.append(str(context.talk.address))
        return None
    take_over(context, draft)
    return state(context, draft)


def take_over(context: Context, draft: Draft) -> None:
    """Who holds the code may finish the draft. An address that was proven to be somebody else's keeps its person,
    and the draft goes to them; a mere claim is given up and joins the draft's person."""
    people = context.shelves.people
    mine_now = people.of(context.talk.address, context.at)
    if mine_now is not None and proven(mine_now[1]):
        context.shelves.drafts.give(draft.id, mine_now[0])
        return
    if mine_now is not None:
        people.join(mine_now[0], draft.person)
    people.link(context.talk.address, draft.person, "claim", context.at)


def state(context: Context, draft: Draft) -> DraftState:
    """A draft as a topic sees it."""
    procedure = context.knowledge.catalogue.procedures.get(draft.procedure)
    return DraftState(
        draft.id,
        draft.procedure,
        draft.form_version,
        draft.answers,
        draft.revision,
        draft.begun_on,
        procedure.short_name if procedure is not None else "",
    )
