"""What octets say, whatever data_coding they come under."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.alphabet import SEPTETS, Alphabet, alphabet_of, decode, encode, fits_gsm

CODINGS = [
    # data_coding, alphabet, why
    (0x00, Alphabet.GSM, "SMSC default"),
    (0x01, Alphabet.ASCII, "IA5"),
    (0x03, Alphabet.LATIN1, "Latin-1"),
    (0x04, Alphabet.BINARY, "octets; defect 8"),
    (0x08, Alphabet.UCS2, "UCS-2"),
    (0x10, Alphabet.GSM, "general group, class 0"),
    (0x18, Alphabet.UCS2, "general group, UCS-2, class 0; defect 8"),
    (0x14, Alphabet.BINARY, "general group, 8-bit"),
    (0x20, Alphabet.BINARY, "compressed"),
    (0x58, Alphabet.UCS2, "automatic deletion group"),
    (0xC8, Alphabet.GSM, "message waiting"),
    (0xE8, Alphabet.UCS2, "message waiting, UCS-2"),
    (0xF0, Alphabet.GSM, "flash message; defect 8"),
    (0xF5, Alphabet.BINARY, "message class, 8-bit"),
]

TEXTS = [
    # hex, data_coding, text
    ("5452412043555520303132", 0x00, "TRA CUU 012"),
    ("00", 0x00, "@"),
    ("1b651b3c1b3e", 0x00, "€[]"),
    ("411b", 0x00, "A\ufffd"),  # the escape lost its character
    ("1b41", 0x00, "A"),  # 3GPP TS 23.038 §6.2.1.1: an unknown escape shows the basic character
    ("48fc21", 0x00, "H\ufffd!"),  # defect 8: one octet above 0x7F
    ("48e1bb93", 0x00, "Hồ"),  # defect 8: UTF-8 under data_coding 0
    ("48e1bb93", 0x01, "Hồ"),
    ("48c3b4", 0x04, "Hô"),
    ("48f4", 0x03, "Hô"),
    ("48f4", 0x04, "Hô"),
    ("00481ed3", 0x08, "Hồ"),
    ("00481ed3", 0x18, "Hồ"),
    ("feff0048", 0x08, "H"),
    ("fffe4800", 0x08, "H"),
    ("0048006f0302", 0x08, "Hô"),  # decomposed on the wire, NFC for us
    ("d83dde0a", 0x08, "😊"),
    ("d83d", 0x08, "\ufffd"),  # half a pair
    ("004800", 0x08, "H\ufffd"),  # half a unit
    ("", 0x00, ""),
    ("", 0x08, ""),
]


@pytest.mark.parametrize(("data_coding", "alphabet", "why"), CODINGS)
def test_every_group_of_data_coding_names_an_alphabet(data_coding: int, alphabet: Alphabet, why: str) -> None:
    assert alphabet_of(data_coding) is alphabet, why


def test_the_default_is_what_the_smsc_means_by_nought() -> None:
    assert alphabet_of(0, Alphabet.LATIN1) is Alphabet.LATIN1
    assert alphabet_of(8, Alphabet.LATIN1) is Alphabet.UCS2


@pytest.mark.parametrize(("octets", "data_coding", "text"), TEXTS)
def test_octets_become_text(octets: str, data_coding: int, text: str) -> None:
    assert decode(bytes.fromhex(octets), alphabet_of(data_coding)) == text


@given(st.binary(max_size=300), st.integers(0, 255))
def test_nothing_is_refused(octets: bytes, data_coding: int) -> None:
    assert isinstance(decode(octets, alphabet_of(data_coding)), str)


@given(st.text(st.sampled_from(sorted(SEPTETS))))
def test_gsm_there_and_back(text: str) -> None:
    assert fits_gsm(text)
    octets = encode(text, Alphabet.GSM)
    assert octets.isascii()
    assert decode(octets, Alphabet.GSM) == text
