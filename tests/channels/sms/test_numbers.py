"""Numbers in and out."""

from __future__ import annotations

import pytest

from channels.sms.numbers import Party, destination, sender, source

SENDERS = [
    # as it came, type of number, ours
    ("84912345678", 1, "+84912345678"),
    ("+84912345678", 0, "+84912345678"),
    ("84912345678", 0, "+84912345678"),
    ("0912345678", 0, "+84912345678"),
    ("0912345678", 2, "+84912345678"),
    ("912345678", 2, "+84912345678"),
    ("0084912345678", 0, "+84912345678"),
    ("0912345678", 1, "+84912345678"),  # calls itself international and is not
    ("14155550123", 1, "+14155550123"),
    ("02822345678", 0, "+842822345678"),
    ("8088", 3, "8088"),
    ("8088", 0, "8088"),
    ("900", 1, "900"),
    ("VNPT", 5, "VNPT"),
    ("912345", 5, "912345"),
    ("", 0, ""),
    ("١٢٣٤٥٦٧٨٩٠", 1, "١٢٣٤٥٦٧٨٩٠"),
    ("84912345678", 7, "+84912345678"),  # defect 8: a type that does not exist
]


@pytest.mark.parametrize(("number", "ton", "identity"), SENDERS)
def test_who_wrote(number: str, ton: int, identity: str) -> None:
    address = sender(number, ton)
    assert (address.kind, address.identity) == ("tel", identity)


@pytest.mark.parametrize(
    ("identity", "national", "party"),
    [
        ("+84912345678", False, Party("84912345678", 1, 1)),
        ("+84912345678", True, Party("0912345678", 2, 1)),
        ("+14155550123", True, Party("14155550123", 1, 1)),
        ("8088", False, Party("8088", 0, 1)),
    ],
)
def test_whom_to_send_to(identity: str, national: bool, party: Party) -> None:
    assert destination(identity, national=national) == party


@pytest.mark.parametrize("identity", ["", "+", "12", "VNPT", "+84 912", "+849123456789012345678"])
def test_what_is_no_number(identity: str) -> None:
    with pytest.raises(ValueError, match="telephone number"):
        destination(identity)


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("8088", Party("8088", 3, 0)),
        ("MOT CUA", Party("MOT CUA", 5, 0)),
        ("+842822345678", Party("842822345678", 1, 1)),
        ("19001234", Party("19001234", 3, 0)),
    ],
)
def test_from_whom(name: str, party: Party) -> None:
    assert source(name) == party


@pytest.mark.parametrize("name", ["", "UBND QUAN NHAT", "MỘT CỬA"])
def test_what_is_no_sender(name: str) -> None:
    with pytest.raises(ValueError, match="brand name"):
        source(name)
