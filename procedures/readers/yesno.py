"""Yes or no. On the telephone "không" is also zero, so only đúng, sai and the keys 1 and 2 count there."""

from procedures.problem import Problem, wrong
from procedures.words import syllables

YES = frozenset(
    {"co", "dung", "dung roi", "dung vay", "phai", "ok", "oke", "okie", "okay", "u", "uh", "um", "vang",
     "da", "duoc", "dong y", "yes", "y", "chinh xac", "chuan", "roi", "co a", "da co", "vang dung", "da dung",
     "1", "xac nhan", "true"}
)  # fmt: skip
NO = frozenset(
    {"khong", "ko", "k", "hong", "hok", "kg", "sai", "sai roi", "khong dung", "khong phai", "chua", "no", "n",
     "thoi", "khong co", "ko co", "khong a", "da khong", "chua co", "2", "chua dung",
     "khong dong y", "false"}
)  # fmt: skip
SPOKEN_YES = frozenset({"1", "mot", "dung", "dung roi", "dung vay", "da dung", "vang dung", "chinh xac"})
SPOKEN_NO = frozenset({"2", "hai", "sai", "sai roi", "khong dung", "chua dung", "da sai"})


def read_yesno(text: str, voice: bool = False) -> bool | Problem:
    """True or False. ``voice`` is for speech and keys of a telephone."""
    said = " ".join(word for word in syllables(text) if word not in ("a", "nhe", "nha", "thua"))
    if said in (SPOKEN_YES if voice else YES):
        return True
    if said in (SPOKEN_NO if voice else NO):
        return False
    return wrong("yesno_unreadable")
