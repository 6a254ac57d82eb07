"""A submit_sm, written by aiosmpplib (7 µs: its encoder is worth keeping)."""

from __future__ import annotations

from datetime import timedelta

from aiosmpplib.protocol import SubmitSm  # type: ignore[import-untyped]
from aiosmpplib.state import NPI, TON, PhoneNumber  # type: ignore[import-untyped]

from channels.sms.alphabet import Alphabet
from channels.sms.numbers import Party


def submit_sm(
    source: Party,
    destination: Party,
    octets: bytes,
    alphabet: Alphabet,
    *,
    header: bool,
    receipt: bool,
    service_type: str,
    validity: timedelta | None,
    tlvs: bytes,
) -> bytes:
    """A submit_sm by the library, not yet numbered (§4.4.1). `octets` are the part's, with its user data
    header if `header`.

    `validity` is how long the SMSC shall try (§7.1.1, relative); `tlvs` are appended as they are.
    """
    request = SubmitSm(
        short_message="-",  # a text is obligatory; the octets below go out
        source=PhoneNumber(source.number, TON(source.ton), NPI(source.npi)),
        destination=PhoneNumber(destination.number, TON(destination.ton), NPI(destination.npi)),
        service_type=service_type,
        esm_class=0x40 if header else 0x00,
        validity_period=validity,
        registered_delivery=1 if receipt else 0,
        encoding="ucs2" if alphabet is Alphabet.UCS2 else "gsm0338",
    )
    request.set_encoded_message(octets or b"-")
    pdu: bytes = request.pdu()
    if not octets:  # the library takes "nothing" for "not encoded yet"
        pdu = pdu[:-2] + b"\0"
    return (len(pdu) + len(tlvs)).to_bytes(4, "big") + pdu[4:] + tlvs
