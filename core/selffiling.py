"""Filing at a page: a draft opened, answered, given papers, handed in, taken along to another medium."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from core.answering import drafts
from core.answering.context import Context
from core.paper_folder import PaperFolder
from core.selfservice import Citizen, SelfService, wait
from core.selfstatus import issue_link
from core.store.papers import Paper
from core.talk import needs
from core.talk.needs import DraftState, Filed
from procedures.form import Form, prune, put
from procedures.problem import JSON

RECEIPT_LIFE = timedelta(minutes=30)  # the page after filing can be loaded again for so long
PIN_SPACE = 10**6


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an answer. Not `done`: somebody else changed the draft meanwhile, and `draft` is the
    newer state. `dropped` are the names of answers that no longer apply."""

    done: bool
    draft: DraftState
    dropped: tuple[str, ...] = ()


class SelfFiling:
    """The acts of filing."""

    def __init__(self, service: SelfService, folder: PaperFolder) -> None:
        self._service = service
        self._folder = folder

    async def drafts(self, citizen: Citizen) -> Sequence[DraftState]:
        """What this person has begun, the latest first."""
        return await self._service.read(citizen, _mine)

    async def draft(self, citizen: Citizen, procedure: str) -> DraftState | None:
        """What this person has begun of a procedure."""
        return next((each for each in await self.drafts(citizen) if each.procedure == procedure), None)

    async def begin(self, citizen: Citizen, procedure: str, *, fresh: bool = False) -> DraftState:
        """The person's draft of this procedure, or a new one."""
        need = needs.OpenDraft(procedure, fresh)
        return await self._service.write(citizen, lambda context: drafts.begin(context, need))

    async def answer(
        self, citizen: Citizen, draft: DraftState, form: Form, name: str, value: JSON
    ) -> Written:
        """Write one answer, if the draft is still as it was shown."""
        answers, dropped = put(form, draft.answers, name, value)
        written = await self._service.write(citizen, lambda context: _keep(context, draft, answers))
        return replace(written, dropped=dropped)

    async def drop(self, citizen: Citizen, draft: DraftState) -> None:
        """Throw it away."""

        def act(context: Context) -> None:
            if _own(context, draft.id) is not None:
                drafts.drop(context, needs.DropDraft(draft.id))

        await self._service.write(citizen, act)

    # -- papers ---------------------------------------------------------------------------------------------

    async def add_paper(
        self,
        citizen: Citizen,
        draft: DraftState,
        form: Form,
        field: str,
        name: str,
        content: AsyncIterator[bytes],
    ) -> Written:
        """Keep a paper and note it as an answer. Raises `BadPaper`."""
        kept = await self._folder.keep(content)

        def act(context: Context) -> Written:
            now = _own(context, draft.id)
            if now is None:
                return Written(False, draft)
            id = context.world.new_id()
            paper = Paper(
                id, field, context.message.channel, f"kept:{id}", name or field, "kept", draft.id,
                content_type=kept.content_type, size=kept.size, sha256=kept.sha256,
            )  # fmt: skip
            context.shelves.papers.put(paper, context.at)
            noted: JSON = {"id": id, "name": paper.name, "type": kept.content_type}
            files: list[JSON] = [*papers_of(now, field), noted]
            return _keep(context, now, put(form, now.answers, field, files)[0])

        return await self._service.write(citizen, act)

    async def remove_paper(
        self, citizen: Citizen, draft: DraftState, form: Form, field: str, paper: str
    ) -> Written:
        """Take a paper off the draft."""

        def act(context: Context) -> Written:
            now = _own(context, draft.id)
            if now is None:
                return Written(False, draft)
            context.shelves.papers.remove(paper, draft.id)
            left: list[JSON] = [each for each in papers_of(now, field) if each["id"] != paper]
            answers = {**now.answers, field: left}
            if not left:
                del answers[field]
            return _keep(context, now, prune(form, answers)[0])

        return await self._service.write(citizen, act)

    # -- handing in -----------------------------------------------------------------------------------------

    async def file(self, citizen: Citizen, draft: DraftState, *, anyway: bool, veil: int) -> Filed:
        """Hand it in, once. For half an hour the receipt can be read again by who knows `veil`: the PIN is
        kept only shifted by it, so that the store alone does not tell it."""

        def act(context: Context) -> Filed:
            if _own(context, draft.id) is None:
                return Filed("stale")
            filed = drafts.file(context, needs.FileDraft(draft.id, draft.revision, anyway))
            if filed.outcome == "filed":
                self._note_receipt(context, draft, filed, veil)
            return filed

        return await self._service.write(citizen, act)

    def _note_receipt(self, context: Context, draft: DraftState, filed: Filed, veil: int) -> None:
        link = issue_link(context, str(filed.values["code"]))
        veiled = (int(filed.values["pin"]) + veil) % PIN_SPACE
        values = {**filed.values, "pin": veiled, "procedure_code": draft.procedure, "link": link}
        subject = context.talk.address.identity
        context.shelves.tokens.issue("receipt", subject, draft.id, RECEIPT_LIFE, context.at, values)

    async def receipt(self, citizen: Citizen, draft: str, veil: int) -> Mapping[str, Any] | None:
        """What was told after filing, for half an hour, to the one who filed."""
        subject = citizen.address.identity
        found = await self._service.read(
            citizen, lambda context: context.shelves.tokens.look("receipt", subject, draft, context.at)
        )
        if found is None:
            return None
        return {**found, "pin": f"{(int(found['pin']) - veil) % PIN_SPACE:06d}"}

    # -- another medium -------------------------------------------------------------------------------------

    async def link(self, citizen: Citizen, draft: DraftState) -> Mapping[str, Any] | None:
        """A link and a code that continue this draft elsewhere, for an hour."""

        def act(context: Context) -> Mapping[str, Any] | None:
            own = _own(context, draft.id)
            return None if own is None else drafts.make_link(context, needs.MakeLink(draft.id))

        return await self._service.write(citizen, act)

    async def take_up(self, citizen: Citizen, code: str) -> DraftState | timedelta | None:
        """Go on here with what was begun elsewhere. None: no such code; a pause: guess less."""

        def act(context: Context) -> DraftState | timedelta | None:
            pause = wait(context, citizen)
            return pause or drafts.use_code(context, needs.UseCode(code))

        return await self._service.write(citizen, act)


def papers_of(draft: DraftState, field: str) -> list[dict[str, JSON]]:
    """The papers that a draft holds for a field."""
    value = draft.answers.get(field)
    return [dict(each) for each in value] if isinstance(value, list) else []


def _mine(context: Context) -> Sequence[DraftState]:
    return drafts.mine(context, needs.MyDrafts())


def _own(context: Context, draft: str) -> DraftState | None:
    """The draft as it is now, where it is this person's."""
    return next((each for each in _mine(context) if each.id == draft), None)


def _keep(context: Context, draft: DraftState, answers: Mapping[str, JSON]) -> Written:
    if _own(context, draft.id) is None:
        return Written(False, draft)
    now = drafts.keep(context, needs.KeepDraft(draft.id, answers, draft.revision))
    done = now.revision == draft.revision + 1 and dict(now.answers) == dict(answers)
    return Written(done, now)


__all__ = ["DraftState", "Filed", "SelfFiling", "Written", "papers_of"]
