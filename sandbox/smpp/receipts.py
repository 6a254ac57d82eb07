"""Delivery receipts: the deliver_sm that tells what became of a submit_sm."""

from datetime import datetime

from sandbox.smpp.alphabets import alphabet_of, decode
from sandbox.smpp.behaviour import STATES, Receipts
from sandbox.smpp.codes import Tag
from sandbox.smpp.pdu import Message, Tlvs
from sandbox.smpp.udh import open_part

RECEIPT = 0x04
"""esm_class: the message is an SMSC delivery receipt (SMPP 3.4 §5.2.12)."""

UNKNOWN_OFFSET = 9_000_000_000


def response_id(number: int, form: str) -> str:
    """The id as the submit_sm_resp tells it."""
    return f"{number}" if form == "decimal" else f"{number:x}"


def receipt_id(number: int, how: Receipts) -> str:
    """The id as the receipt tells it."""
    number += UNKNOWN_OFFSET if how.unknown_id else 0
    return f"{number:x}" if how.id_form == "hex" else f"{number:010d}"


def wanted(message: Message, state: str) -> bool:
    """Whether registered_delivery asks for this outcome (SMPP 3.4 §5.2.17)."""
    asked = message.registered_delivery & 0x03
    return asked == 1 or (asked == 2 and state not in ("DELIVRD", "ACCEPTD", "ENROUTE"))


def receipt(
    message: Message, number: int, state: str, how: Receipts, moments: tuple[datetime, datetime]
) -> Message:
    """The receipt for a submit_sm: addresses turned round. `moments`: when it came, when it was done."""
    text = _text(message, number, state, how, moments).encode("latin-1", "replace")
    tlvs: Tlvs = ()
    if how.carried in ("tlv", "both"):
        identity = receipt_id(number, how).encode("ascii") + b"\0"
        tlvs = ((Tag.RECEIPTED_MESSAGE_ID, identity), (Tag.MESSAGE_STATE, bytes((STATES[state],))))
    if how.carried == "payload":
        tlvs = ((Tag.MESSAGE_PAYLOAD, text),)
    return Message(
        source_ton=message.destination_ton,
        source_npi=message.destination_npi,
        source=message.destination,
        destination_ton=message.source_ton,
        destination_npi=message.source_npi,
        destination=message.source,
        esm_class=RECEIPT,
        short_message=text if how.carried in ("text", "both") else b"",
        tlvs=tlvs,
    )


def _text(
    message: Message, number: int, state: str, how: Receipts, moments: tuple[datetime, datetime]
) -> str:
    pattern = "%y%m%d%H%M%S" if how.date_digits == 12 else "%y%m%d%H%M"
    came, done = (moment.strftime(pattern) for moment in moments)
    begin = decode(open_part(message)[1], alphabet_of(message.data_coding))[:20]
    delivered = "001" if state == "DELIVRD" else "000"
    return (
        f"id:{receipt_id(number, how)} sub:001 dlvrd:{delivered} submit date:{came} done date:{done}"
        f" stat:{state} err:{how.err} text:{begin}"
    )
