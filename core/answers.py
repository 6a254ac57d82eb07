"""The answers to what a topic needs, given from the store.

`GIVERS` is a table: the kind of need, and the function that answers it. Needs that change something are answered
only inside a write transaction; on a snapshot they raise `WantsToWrite`, and the turn is played again in one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from core.answering import catalogue, dossiers, drafts, officers, people
from core.answering.context import Context
from core.channel import Traits
from core.messages import InboundMessage
from core.office import Office
from core.store.outbox import Queued
from core.store.shelves import Shelves
from core.talk import needs
from core.talk.conversation import Conversation
from core.talk.script import Need
from core.world import World


class WantsToWrite(Exception):
    """This turn changes something: play it inside a write transaction."""


GIVERS: Mapping[type[Need[Any]], Callable[[Context, Any], Any]] = {
    needs.FindProcedure: catalogue.find,
    needs.ReadProcedure: catalogue.read,
    needs.CommonProcedures: catalogue.common,
    needs.ReadForm: catalogue.form,
    needs.ListFilings: catalogue.filings,
    needs.OfficeNow: catalogue.office_now,
    needs.LookUp: dossiers.look_up,
    needs.MyDossiers: dossiers.mine,
    needs.Follow: dossiers.follow,
    needs.Unfollow: dossiers.unfollow,
    needs.Consent: dossiers.consent,
    needs.MyDrafts: drafts.mine,
    needs.OpenDraft: drafts.begin,
    needs.KeepDraft: drafts.keep,
    needs.DropDraft: drafts.drop,
    needs.KeepPaper: drafts.keep_paper,
    needs.FileDraft: drafts.file,
    needs.MakeLink: drafts.make_link,
    needs.UseCode: drafts.use_code,
    needs.CallOfficer: officers.call,
    needs.KeepRecording: officers.keep_recording,
    needs.ReportFlood: officers.report_flood,
    needs.SetWishes: people.set_wishes,
    needs.SendText: people.send_text,
    needs.SendCode: people.send_code,
    needs.ProveNumber: people.prove_number,
    needs.LinkProven: people.link_proven,
}


class Answers:
    """Answers the needs of one turn. `queued` is what the turn causes to be sent elsewhere, `guesses` whose wrong
    guess is to be counted whatever becomes of the turn."""

    def __init__(
        self,
        shelves: Shelves,
        office: Office,
        world: World,
        traits: Mapping[str, Traits],
        talk: Conversation,
        message: InboundMessage,
        at: datetime,
        *,
        writing: bool,
        guesses: list[str] | None = None,
    ) -> None:
        noted = [] if guesses is None else guesses
        self._context = Context(shelves, office.knowledge, world, traits, talk, message, at, guesses=noted)
        self._writing = writing

    @property
    def queued(self) -> list[Queued]:
        return self._context.queued

    @property
    def guesses(self) -> list[str]:
        return self._context.guesses

    def give(self, need: Need[Any]) -> Any:
        """The answer to one need."""
        if need.changes and not self._writing:
            raise WantsToWrite
        return GIVERS[type(need)](self._context, need)
