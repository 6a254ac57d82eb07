"""What a topic may ask for. Each need is a value; its type parameter is the type of the answer.

Needs with `changes = True` are done in the turn's own write transaction. The answers are given by
`core/answers.py`; in a test by a dictionary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.messages import Address, Attachment, Values
from core.talk.script import Need
from procedures.form import Form

# -- the office and its catalogue ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search came to: outcome `answer`, `choices` or `unknown`; the procedures' plain values, best
    first; the aspect that was asked for ("papers", "fee", "time_limit", "where", "online") or ""."""

    outcome: str
    procedures: tuple[Values, ...] = ()
    aspect: str = ""


@dataclass(frozen=True, slots=True)
class FindProcedure(Need[Finding]):
    """Which procedure do these words mean? `last` is the code talked about before, for a question without
    one. `filing`: only procedures that can be filed here."""

    words: str
    last: str = ""
    filing: bool = False


@dataclass(frozen=True, slots=True)
class ReadProcedure(Need[Values | None]):
    """Everything the public may know of one procedure, as plain values."""

    code: str


@dataclass(frozen=True, slots=True)
class CommonProcedures(Need[Sequence[Values]]):
    """The procedures most asked for: code, short_name. A caller chooses among them by key."""

    limit: int = 3


@dataclass(frozen=True, slots=True)
class ReadForm(Need[Form | None]):
    """The form of a procedure: the version that a draft was begun with, or the one in force."""

    procedure: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class ListFilings(Need[Sequence[Values]]):
    """The procedures that can be filed here by `medium`: code, short_name, kind."""

    medium: str


@dataclass(frozen=True, slots=True)
class OfficeNow(Need[Values]):
    """The office's name, address, hours, hotline, portal address, and whether it is open now or when next."""


# -- dossiers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LookUp(Need[Values]):
    """What may this person hear of these dossiers? Answer: {"found": [plain dossiers], "unknown": [codes as
    typed], "wait": seconds until the next try is heard (0: now)}. A wrong code and a wrong PIN are both
    unknown. Every wrong guess is counted, whatever becomes of the turn."""

    codes: tuple[str, ...]
    pin: str = ""
    readings: bool = False  # the codes are readings of one keyed entry: one that is found is enough


@dataclass(frozen=True, slots=True)
class MyDossiers(Need[Sequence[Values]]):
    """Dossiers on which this address is registered and proven, newest first, open ones before closed ones."""


@dataclass(frozen=True, slots=True)
class Follow(Need[str]):
    """Tell this address when the dossier moves. Answer: "following", "asked" (the applicant's consent is
    being sought), "unknown"."""

    changes: ClassVar[bool] = True
    code: str
    pin: str = ""


@dataclass(frozen=True, slots=True)
class Unfollow(Need[bool]):
    """No more news of a dossier to this address; never ends the news to its own applicant."""

    changes: ClassVar[bool] = True
    code: str


@dataclass(frozen=True, slots=True)
class Consent(Need[bool]):
    """The applicant's answer to a request to follow (`request` is its id)."""

    changes: ClassVar[bool] = True
    request: str
    given: bool


# -- drafts and filing ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DraftState:
    """A draft as a topic sees it. `answers` are plain JSON by field name; `revision` is what was read;
    `title` the procedure's short name."""

    id: str
    procedure: str
    form_version: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    revision: int = 0
    begun_on: str = ""  # the medium
    title: str = ""


@dataclass(frozen=True, slots=True)
class MyDrafts(Need[Sequence[DraftState]]):
    """Unfinished filings of the person behind this address, the latest first. Kept 30 days."""


@dataclass(frozen=True, slots=True)
class OpenDraft(Need[DraftState]):
    """The person's draft of this procedure, or a new one."""

    changes: ClassVar[bool] = True
    procedure: str
    fresh: bool = False  # throw away an unfinished one


@dataclass(frozen=True, slots=True)
class KeepDraft(Need[DraftState]):
    """Write the answers, if the draft still has `revision`; else the answer is the newer state, unchanged."""

    changes: ClassVar[bool] = True
    id: str
    answers: Mapping[str, Any]
    revision: int


@dataclass(frozen=True, slots=True)
class DropDraft(Need[bool]):
    """Throw a draft away."""

    changes: ClassVar[bool] = True
    id: str


@dataclass(frozen=True, slots=True)
class KeepPaper(Need[str]):
    """Attach what was sent to a draft's field; it is fetched by a loop and counts only when it is kept.
    Answer: the paper's id."""

    changes: ClassVar[bool] = True
    draft: str
    field: str
    attachment: Attachment


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a filing. `outcome`: `filed`, `again` (the same thing was filed before: `values` tell
    which), `stale` (somebody changed the draft meanwhile), `refused` with a reason key. `values` hold code,
    phone_code, pin, kind (pre_declaration, notice, hand_off, not_a_procedure), next steps."""

    outcome: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileDraft(Need[Filed]):
    """Hand the draft in. `anyway` where the person knows of an earlier filing of the same thing."""

    changes: ClassVar[bool] = True
    id: str
    revision: int
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class MakeLink(Need[Values]):
    """A single-use link (and a code to type or key) that continues a draft on another channel; valid one
    hour. Answer: {"url", "code", "minutes"}."""

    changes: ClassVar[bool] = True
    draft: str


@dataclass(frozen=True, slots=True)
class UseCode(Need[DraftState | None]):
    """Take up the draft that a one-time code or deep-link token stands for; links this address to the
    person."""

    changes: ClassVar[bool] = True
    code: str


# -- people, officers, rules ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallOfficer(Need[Values]):
    """Leave a task for an officer with what was said so far. Answer: {"open": bool, "next": when the office
    opens, "waiting": how many wait, "task": id}."""

    changes: ClassVar[bool] = True
    reason: str
    collected: Values = field(default_factory=dict)
    callback: bool = False


@dataclass(frozen=True, slots=True)
class KeepRecording(Need[str]):
    """Keep a voice note for an officer, with a task. Answer: the task's id."""

    changes: ClassVar[bool] = True
    attachment: Attachment
    about: str = ""


@dataclass(frozen=True, slots=True)
class SetWishes(Need[bool]):
    """Stop or start messages to this address. `kind`: "notices" (news for everybody) or "all" (also those on
    one's own dossiers, where the law lets it)."""

    changes: ClassVar[bool] = True
    kind: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class SendText(Need[bool]):
    """Send this key's wording to the same telephone number as an SMS (what was said in a call)."""

    changes: ClassVar[bool] = True
    key: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SendCode(Need[bool]):
    """Send a one-time code to a telephone number which the person claims to own. False: not now (limits)."""

    changes: ClassVar[bool] = True
    number: str


@dataclass(frozen=True, slots=True)
class ProveNumber(Need[bool]):
    """Is this the one-time code sent to `number`? True links this address to the number's person."""

    changes: ClassVar[bool] = True
    number: str
    code: str


@dataclass(frozen=True, slots=True)
class LinkProven(Need[bool]):
    """Link addresses that the platform vouches for (a shared contact)."""

    changes: ClassVar[bool] = True
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class ReportFlood(Need[bool]):
    """Put this address on the operators' list."""

    changes: ClassVar[bool] = True
    address: Address
    medium: str
