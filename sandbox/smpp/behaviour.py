"""What the SMSC does wrong, and how it writes its receipts: both are plain values, changed while it runs."""

from dataclasses import dataclass

from sandbox.smpp.codes import Status


@dataclass(frozen=True)
class Script:
    """Misbehaviour on demand. The defaults are a well-behaved SMSC; times are seconds."""

    throttle_every: int = 0
    """Every n-th submit is answered with `throttle_status`."""
    throttle_for: float = 0.0
    """So is every submit of this period, counted from when the script was set."""
    throttle_status: int = Status.RTHROTTLED
    """Also RMSGQFUL (0x14) or a vendor's own, such as 0x400."""
    answer_delay: float = 0.0
    """Every submit is answered so late."""
    never_answer: tuple[str, ...] = ()
    """Names of requests that get no answer: submit_sm, enquire_link, bind_transceiver, unbind …"""
    drop_after: int = 0
    """A connection ends after so many PDUs came in (the last one is not read) …"""
    drop_times: int = 1
    """… and so many connections do, then `drop_after` is forgotten."""
    refuse_bind: int = 0
    """The status for every bind; 0 accepts."""
    refuse_without_body: bool = False
    """A refused bind is answered with a bare header, as the specification allows."""
    stop_reading: bool = False
    """Nothing more is read from any bind."""
    deliver_twice: bool = False
    """Every deliver_sm is sent twice, under two sequence numbers."""


@dataclass(frozen=True)
class Receipts:
    """How delivery receipts are written (SMPP 3.4 Appendix B; every SMSC has its own dialect)."""

    states: tuple[str, ...] = ("DELIVRD",)
    """One receipt for each, in this order: ("ACCEPTD", "DELIVRD") for two; () for none at all."""
    delay: float = 0.0
    """Seconds from the answer to the first, and between any two."""
    before_response: bool = False
    """The first leaves before the submit_sm_resp."""
    copies: int = 1
    id_form: str = "decimal"
    """decimal, hex, or mixed: hex in the submit_sm_resp and decimal in the receipt."""
    unknown_id: bool = False
    """The receipt names a message that was never submitted."""
    date_digits: int = 10
    """10 (YYMMDDhhmm) or 12 (with seconds)."""
    err: str = "000"
    """Some SMSCs put letters here."""
    carried: str = "text"
    """text, tlv (receipted_message_id and message_state only), both, or payload (text in a TLV)."""


# SMPP 3.4 §5.2.28; what a receipt's `stat` abbreviates.
STATES = {
    "ENROUTE": 1,
    "DELIVRD": 2,
    "EXPIRED": 3,
    "DELETED": 4,
    "UNDELIV": 5,
    "ACCEPTD": 6,
    "UNKNOWN": 7,
    "REJECTD": 8,
}
