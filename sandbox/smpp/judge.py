"""What a journal proves after a kill test in which each handset texts and waits for one answer a text."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.smpp.handsets import subscriber


@dataclass(frozen=True)
class Verdict:
    """Numbers of handsets in each case; `unanswered` must be empty, `repeated` but for the excused too."""

    texted: int
    """Texts from handsets."""
    taken: int
    """Of these, how many the ESME has acknowledged in all parts: from then on it owes an answer."""
    unanswered: frozenset[str]
    """Handsets with fewer answers than texts that were taken."""
    repeated: frozenset[str]
    """Handsets with more answers than texts."""
    excused: frozenset[str]
    """Of these, the ones where an answer to a submit never left the SMSC: the ESME had to try again."""
    receipts_open: int
    """Receipts that were written and never acknowledged."""


def judge(lines: Iterable[dict[str, Any]]) -> Verdict:
    """The verdict on the lines of one journal (see `journal.read_journal`)."""
    texts: dict[str, tuple[str, set[int]]] = {}
    answers: Counter[str] = Counter()
    submits: dict[str, str] = {}
    receipts: Counter[str] = Counter()
    for line in lines:
        match line["what"]:
            case "mo":
                texts[line["id"]] = (subscriber(line["from"]), set(line["parts"]))
            case "deliver_resp" if line["status"] == 0 and line["kind"] == "mo":
                if line["id"] in texts:
                    texts[line["id"]][1].discard(line["part"])
            case "deliver_resp" if line["status"] == 0:
                receipts[line["id"]] -= 1
            case "receipt":
                receipts[line["told_id"]] += 1
            case "submit":
                submits[line["id"]] = subscriber(line["to"])
            case "submit_resp":
                submits.pop(line["id"], None)
            case "received":
                answers[subscriber(line["number"])] += 1
    return _verdict(texts, answers, set(submits.values()), sum((+receipts).values()))


def _verdict(
    texts: dict[str, tuple[str, set[int]]], answers: Counter[str], uncertain: set[str], receipts: int
) -> Verdict:
    sent: Counter[str] = Counter()
    taken: defaultdict[str, int] = defaultdict(int)
    for number, missing in texts.values():
        sent[number] += 1
        taken[number] += not missing
    repeated = frozenset(number for number, count in answers.items() if count > sent[number])
    return Verdict(
        texted=len(texts),
        taken=sum(taken.values()),
        unanswered=frozenset(number for number, count in taken.items() if answers[number] < count),
        repeated=repeated,
        excused=repeated & uncertain,
        receipts_open=receipts,
    )
