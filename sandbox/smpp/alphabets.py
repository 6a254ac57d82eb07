"""The alphabets of short messages: GSM 7-bit (3GPP TS 23.038), UCS-2 and the 8-bit ones of SMPP 3.4 §5.2.19.

GSM text travels unpacked in SMPP: one octet a septet.
"""

from enum import Enum

# 3GPP TS 23.038 §6.2.1; position 0x1B is the escape to the extension table.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# 3GPP TS 23.038 §6.2.1.1
EXTENSION = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]"}
EXTENSION |= {0x40: "|", 0x65: "€"}
ESCAPE = 0x1B
LOST = "\ufffd"

_TO_GSM = {character: bytes([code]) for code, character in enumerate(BASIC) if code != ESCAPE}
_TO_GSM |= {character: bytes([ESCAPE, code]) for code, character in EXTENSION.items()}


class Alphabet(Enum):
    """How the octets of a message are read."""

    GSM = "gsm"
    ASCII = "ascii"
    LATIN1 = "latin1"
    UCS2 = "ucs2"
    BINARY = "binary"


_SMPP = {0x00: Alphabet.GSM, 0x01: Alphabet.ASCII, 0x03: Alphabet.LATIN1, 0x08: Alphabet.UCS2}
_BITS = {0: Alphabet.GSM, 1: Alphabet.BINARY, 2: Alphabet.UCS2, 3: Alphabet.BINARY}
CODINGS = {Alphabet.GSM: 0x00, Alphabet.LATIN1: 0x03, Alphabet.UCS2: 0x08}


def alphabet_of(data_coding: int) -> Alphabet:
    """The alphabet that a data_coding octet names.

    0x00–0x0F are SMPP's own values, 0x10–0x3F GSM's general group, 0xF0–0xFF GSM's message classes
    (3GPP TS 23.038 §4). Whatever names no alphabet is binary.
    """
    if data_coding < 0x10:
        return _SMPP.get(data_coding, Alphabet.BINARY)
    if data_coding < 0x40:
        return _BITS[data_coding >> 2 & 3]
    if data_coding >= 0xF0:
        return Alphabet.BINARY if data_coding & 4 else Alphabet.GSM
    return Alphabet.BINARY


def decode(octets: bytes, alphabet: Alphabet) -> str:
    """The text as a handset shows it; what the alphabet does not hold becomes U+FFFD. Never raises."""
    if alphabet is Alphabet.GSM:
        return _decode_gsm(octets)
    if alphabet is Alphabet.UCS2:
        return octets.decode("utf-16-be", "replace")
    if alphabet is Alphabet.BINARY:
        return octets.hex()
    return octets.decode("ascii" if alphabet is Alphabet.ASCII else "latin-1", "replace")


def _decode_gsm(octets: bytes) -> str:
    shown: list[str] = []
    escaped = False
    for code in octets:
        if escaped:
            shown.append(EXTENSION.get(code, LOST))
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            shown.append(BASIC[code] if code < 0x80 else LOST)
    if escaped:
        shown.append(LOST)
    return "".join(shown)


def units(text: str, alphabet: Alphabet) -> list[bytes]:
    """The text as indivisible pieces (an escape with its character, a surrogate pair) of octets.

    Raises UnicodeEncodeError where the alphabet cannot hold a character.
    """
    if alphabet is Alphabet.GSM:
        return [_gsm_unit(text, place) for place in range(len(text))]
    codec = "utf-16-be" if alphabet is Alphabet.UCS2 else "latin-1"
    return [character.encode(codec) for character in text]


def _gsm_unit(text: str, place: int) -> bytes:
    unit = _TO_GSM.get(text[place])
    if unit is None:
        raise UnicodeEncodeError("gsm", text, place, place + 1, "not in the GSM alphabet")
    return unit


def fits_gsm(text: str) -> bool:
    """Whether the GSM alphabet holds every character."""
    return all(character in _TO_GSM for character in text)
