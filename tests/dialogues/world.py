"""The world that answers the needs in the stories: a dictionary with a memory. Facts are in `world.yaml`, the
procedures and forms are the library's; no database, no clock, no chance."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core import plain
from core.messages import Address, Say
from core.talk import needs
from core.talk.needs import DraftState, Filed, Finding
from core.talk.script import Need
from procedures import catalogue
from procedures.form import missing
from procedures.words import fold

HERE = Path(__file__).parent
GUESSES = 5  # wrong ones before the world asks to wait
WAIT = 900  # seconds


@cache
def facts() -> Mapping[str, Any]:
    """What holds in every story."""
    content: Mapping[str, Any] = yaml.safe_load((HERE / "world.yaml").read_text(encoding="utf-8"))
    return content


@cache
def library() -> catalogue.Catalogue:
    """The procedures and forms that ship."""
    return catalogue.read()


def procedure_values(code: str) -> dict[str, Any] | None:
    """Everything public about a procedure, as the store's answers give it."""
    found = library().by_code(code)
    return None if found is None else json.loads(plain.dump(found))


def card(code: str) -> dict[str, Any]:
    """A procedure in a list."""
    found = library().procedures[code]
    return {"code": code, "short_name": found.short_name, "name": found.name}


@dataclass
class World:
    """One story's world. `who` is the address that speaks; people are told apart by their addresses, and
    one-time codes make them one."""

    who: Address = field(default_factory=lambda: Address("tel", str(facts()["citizen"])))
    medium: str = "sms"
    open: bool = True
    proven: bool = False
    texted: list[Say] = field(default_factory=list)
    asked: list[Need[Any]] = field(default_factory=list)
    drafts: dict[str, DraftState] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    filed: list[DraftState] = field(default_factory=list)
    following: set[str] = field(default_factory=set)
    guesses: int = 0
    refuses: bool = False
    busy: bool = False
    links: dict[str, str] = field(default_factory=dict)

    def answer(self, need: Need[Any]) -> Any:
        """The answer to one need; every need is remembered, so that a story can ask for it."""
        self.asked.append(need)
        return ANSWERS[type(need)](self, need)

    # -- the office ------------------------------------------------------------------------------------------

    def office(self, _need: needs.OfficeNow) -> Mapping[str, Any]:
        told = {**facts()["office"], "open": self.open}
        return told if not self.open else {**told, "next": None}

    def find(self, need: needs.FindProcedure) -> Finding:
        meant = facts()["phrases"].get(fold(need.words))
        codes = [need.last if code == "last" else code for code in (meant or {}).get("codes", ())]
        codes = [code for code in codes if code and (not need.filing or code in facts()["fileable"])]
        if not codes:
            return Finding("unknown")
        return Finding(meant["outcome"], tuple(card(code) for code in codes), meant.get("aspect", ""))

    def filings(self, need: needs.ListFilings) -> list[dict[str, Any]]:
        return [
            card(code) | {"kind": library().procedures[code].filing.on(need.medium)}
            for code in facts()["fileable"]
        ]

    # -- dossiers --------------------------------------------------------------------------------------------

    def look_up(self, need: needs.LookUp) -> Mapping[str, Any]:
        if self.guesses >= GUESSES:
            return {"found": [], "unknown": list(need.codes), "wait": WAIT}
        shown = {code: self.disclosed(code, need.pin) for code in need.codes}
        unknown = [code for code, values in shown.items() if values is None]
        self.guesses += bool(unknown)
        return {"found": [values for values in shown.values() if values], "unknown": unknown, "wait": 0}

    def disclosed(self, code: str, pin: str) -> dict[str, Any] | None:
        found = next(
            (each for each in facts()["dossiers"] if code in (each["code"], each["phone_code"])), None
        )
        if found is None or (pin and pin != found["pin"]):
            return None
        own = bool(pin) or self.proven
        return self.values(found, own=own) if own or code == found["phone_code"] else None

    def values(self, found: Mapping[str, Any], *, own: bool) -> dict[str, Any]:
        return {
            "code": found["code"],
            "phone_code": found["phone_code"],
            "state": found["state"],
            "due": found["due"],
            "late": False,
            "place": facts()["office"]["address"],
            "level": "own" if own else "public",
            "procedure": found["procedure"] if own else "",
            "missing": found.get("missing", []) if own else [],
            "reason": "",
            "fee": None,
            "following": found["phone_code"] in self.following,
        }

    def mine(self, _need: needs.MyDossiers) -> list[dict[str, Any]]:
        return [self.values(each, own=True) for each in facts()["dossiers"]] if self.proven else []

    def follow(self, need: needs.Follow) -> str:
        if self.disclosed(need.code, need.pin) is None:
            return "unknown"
        if not need.pin:
            return "asked"
        self.following.add(need.code)
        return "following"

    def unfollow(self, need: needs.Unfollow) -> bool:
        known = need.code in self.following
        self.following.discard(need.code)
        return known

    # -- drafts ----------------------------------------------------------------------------------------------

    def person(self) -> str:
        return self.owners.setdefault(str(self.who), str(self.who))

    def my_drafts(self, _need: needs.MyDrafts) -> list[DraftState]:
        return [draft for id_, draft in self.drafts.items() if self.owners[id_] == self.person()]

    def open_draft(self, need: needs.OpenDraft) -> DraftState:
        for draft in self.my_drafts(needs.MyDrafts()):
            if draft.procedure == need.procedure and not need.fresh:
                return draft
        form = self.form(needs.ReadForm(need.procedure))
        title = library().procedures[need.procedure].short_name
        draft = DraftState(f"d{len(self.owners)}", need.procedure, form.version, {}, 1, self.medium, title)
        self.drafts[draft.id], self.owners[draft.id] = draft, self.person()
        return draft

    def form(self, need: needs.ReadForm) -> Any:
        found = library().by_code(need.procedure)
        return None if found is None else library().form_of(found)

    def keep(self, need: needs.KeepDraft) -> DraftState:
        draft = self.drafts[need.id]
        if draft.revision == need.revision:
            draft = replace(draft, answers=dict(need.answers), revision=need.revision + 1)
            self.drafts[need.id] = draft
        return draft

    def drop(self, need: needs.DropDraft) -> bool:
        return self.drafts.pop(need.id, None) is not None

    def file(self, need: needs.FileDraft) -> Filed:
        draft = self.drafts[need.id]
        if draft.revision != need.revision:
            return Filed("stale")
        left = missing(self.form(needs.ReadForm(draft.procedure)), draft.answers)
        if left:
            return Filed("refused", {"reason": "missing", "fields": [each.name for each in left]})
        twin = any(each.answers == draft.answers for each in self.filed)
        if twin and not need.anyway:
            return Filed("again", {"code": "H26.18-261102-0007", "filed": "2026-11-20T09:00:00+07:00"})
        self.filed.append(self.drafts.pop(need.id))
        procedure = library().procedures[draft.procedure]
        return Filed(
            "filed",
            {
                "code": "H26.18-261123-0001",
                "phone_code": "4821930529",
                "pin": "402817",
                "kind": procedure.filing.on(self.medium).value,
                "procedure": procedure.short_name,
                "place": facts()["office"]["address"],
                "office": facts()["office"]["name"],
                "hotline": facts()["office"]["hotline"],
            },
        )

    def link(self, need: needs.MakeLink) -> Mapping[str, Any]:
        code = str(facts()["one_time_code"])
        self.links[code] = need.draft
        return {"url": "https://motcua.bennghe.example/tiep-tuc/4f9a1c", "code": code, "minutes": 60}

    def use_code(self, need: needs.UseCode) -> DraftState | None:
        draft = self.drafts.get(self.links.pop(need.code, ""))
        if draft is not None:
            self.owners[str(self.who)] = self.owners[draft.id]
        return draft

    # -- people ----------------------------------------------------------------------------------------------

    def officer(self, need: needs.CallOfficer) -> Mapping[str, Any]:
        opens = None if self.open else facts()["office"]["next"]
        return {"open": self.open, "next": opens, "waiting": 2, "task": "t1"}

    def send_text(self, need: needs.SendText) -> bool:
        self.texted.append(Say(need.key, need.values))
        return self.who.kind == "tel"

    def prove(self, need: needs.ProveNumber) -> bool:
        self.proven = self.proven or need.code == "246810"
        return need.code == "246810"

    def vouched(self, need: needs.LinkProven) -> bool:
        self.proven = True
        return True


ANSWERS: Mapping[type[Need[Any]], Callable[[World, Any], Any]] = {
    needs.FindProcedure: World.find,
    needs.ReadProcedure: lambda world, need: procedure_values(need.code),
    needs.CommonProcedures: lambda world, need: [card(code) for code in facts()["common"][: need.limit]],
    needs.ReadForm: World.form,
    needs.ListFilings: World.filings,
    needs.OfficeNow: World.office,
    needs.LookUp: World.look_up,
    needs.MyDossiers: World.mine,
    needs.Follow: World.follow,
    needs.Unfollow: World.unfollow,
    needs.Consent: lambda world, need: need.request == "K7Q2MD",
    needs.MyDrafts: World.my_drafts,
    needs.OpenDraft: World.open_draft,
    needs.KeepDraft: World.keep,
    needs.DropDraft: World.drop,
    needs.KeepPaper: lambda world, need: f"p-{need.attachment.name}",
    needs.FileDraft: World.file,
    needs.MakeLink: World.link,
    needs.UseCode: World.use_code,
    needs.CallOfficer: World.officer,
    needs.KeepRecording: lambda world, need: "t2",
    needs.SetWishes: lambda world, need: True,
    needs.SendText: World.send_text,
    needs.SendCode: lambda world, need: not world.busy,
    needs.ProveNumber: World.prove,
    needs.LinkProven: World.vouched,
    needs.ReportFlood: lambda world, need: True,
}
