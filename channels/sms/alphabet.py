"""The alphabets of short messages: GSM 7-bit out, all of SMPP 3.4 in.

GSM 7-bit is 3GPP TS 23.038 §6.2.1 with the extension table of §6.2.1.1; over SMPP it travels unpacked, one
octet a septet. Decoding never refuses: what an alphabet does not hold becomes U+FFFD, because a citizen's
words half understood are worth more than none.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]"}
_EXTENSION |= {0x40: "|", 0x65: "€"}
_ESCAPE = 0x1B
LOST = "\ufffd"

SEPTETS = {character: bytes([code]) for code, character in enumerate(_BASIC) if code != _ESCAPE}
SEPTETS |= {character: bytes([_ESCAPE, code]) for code, character in _EXTENSION.items()}
"""Each character of GSM 7-bit as its octets: one, or two with the escape."""

_FROM_GSM = dict(enumerate(_BASIC)) | dict.fromkeys(range(0x80, 0x100), LOST)

# Typographic characters that would force UCS-2 for no gain: language experts' list.
TYPOGRAPHY = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "`": "'", "–": "-",
        "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "...", "•": "-", "·": "-", "\u00a0": " ", "\u202f": " ",
        "\u2009": " ", "\u200b": "", "\ufeff": "", "\t": " ",
    }
)  # fmt: skip


class Alphabet(StrEnum):
    """How the octets of a message are read. The values are names of Python codecs, but for GSM and BINARY."""

    GSM = "gsm"
    ASCII = "ascii"
    LATIN1 = "latin-1"
    UCS2 = "utf-16-be"
    CYRILLIC = "iso8859-5"
    HEBREW = "iso8859-8"
    JIS = "shift_jis"
    ISO2022JP = "iso2022_jp"
    KOREAN = "euc_kr"
    BINARY = "binary"


# SMPP 3.4 §5.2.19; 0x02, 0x04 and 0x09 are octets without a stated alphabet.
_SMPP = {
    0x00: Alphabet.GSM,
    0x01: Alphabet.ASCII,
    0x03: Alphabet.LATIN1,
    0x05: Alphabet.JIS,
    0x06: Alphabet.CYRILLIC,
    0x07: Alphabet.HEBREW,
    0x08: Alphabet.UCS2,
    0x0A: Alphabet.ISO2022JP,
    0x0D: Alphabet.JIS,
    0x0E: Alphabet.KOREAN,
}
# 3GPP TS 23.038 §4, bits 3–2 of the general and automatic-deletion groups
_BITS = {0: Alphabet.GSM, 1: Alphabet.BINARY, 2: Alphabet.UCS2, 3: Alphabet.GSM}


def alphabet_of(data_coding: int, default: Alphabet = Alphabet.GSM) -> Alphabet:
    """The alphabet that a data_coding octet names; `default` is what this SMSC means by 0.

    0x00–0x0F are SMPP's own values; 0x10–0x7F the general groups, 0xC0–0xEF message waiting and 0xF0–0xFF
    message classes of 3GPP TS 23.038 §4. Compressed and reserved codings are binary.
    """
    if data_coding == 0:
        return default
    if data_coding < 0x10:
        return _SMPP.get(data_coding, Alphabet.BINARY)
    if data_coding < 0x80:
        return Alphabet.BINARY if data_coding & 0x20 else _BITS[data_coding >> 2 & 3]
    if data_coding >= 0xF0:
        return Alphabet.BINARY if data_coding & 4 else Alphabet.GSM
    if data_coding >= 0xE0:
        return Alphabet.UCS2
    return Alphabet.GSM if data_coding >= 0xC0 else Alphabet.BINARY


def decode(octets: bytes, alphabet: Alphabet) -> str:
    """The text in NFC, as typed as can be. Never raises.

    GSM with octets above 0x7F is tried as UTF-8, which some gateways send under data_coding 0. UCS-2 is
    read as UTF-16 (emoji are surrogate pairs); a byte order mark is obeyed; an odd last octet is lost.
    """
    if alphabet is Alphabet.GSM:
        return _decode_gsm(octets)
    if alphabet is Alphabet.UCS2:
        text = _decode_utf16(octets)
    elif alphabet in (Alphabet.BINARY, Alphabet.ASCII):
        text = _decode_unknown(octets)
    else:
        text = octets.decode(alphabet.value, "replace")
    return unicodedata.normalize("NFC", text)


def _decode_gsm(octets: bytes) -> str:
    if not octets.isascii():
        try:
            return unicodedata.normalize("NFC", octets.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    plain = octets.decode("latin-1").translate(_FROM_GSM)
    if "\x1b" not in plain:
        return plain
    first, *rest = octets.split(b"\x1b")
    pieces = [first.decode("latin-1").translate(_FROM_GSM)]
    for piece in rest:
        pieces.append(_EXTENSION.get(piece[0], _FROM_GSM[piece[0]]) if piece else LOST)
        pieces.append(piece[1:].decode("latin-1").translate(_FROM_GSM))
    return "".join(pieces)


def _decode_utf16(octets: bytes) -> str:
    if octets[:2] == b"\xff\xfe":
        return octets[2:].decode("utf-16-le", "replace")
    return octets.decode("utf-16-be", "replace").removeprefix("\ufeff")


def _decode_unknown(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def fits_gsm(text: str) -> bool:
    """Whether GSM 7-bit, with its extension, holds every character."""
    return all(character in SEPTETS for character in text)


def encode(text: str, alphabet: Alphabet) -> bytes:
    """The octets to send. Raises KeyError where GSM does not hold a character: ask `fits_gsm` first."""
    if alphabet is Alphabet.UCS2:
        return text.encode("utf-16-be", "replace")
    return b"".join([SEPTETS[character] for character in text])
