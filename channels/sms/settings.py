"""The settings of SMS over SMPP. Times are seconds, rates segments a second."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from channels.sms import numbers
from channels.sms.codes import OUTCOMES
from core.channel import Marks

Seconds = Annotated[float, Field(gt=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BindSettings(_Strict):
    """One connection to one SMSC."""

    name: str = Field(default="main", pattern=r"^[a-z0-9_-]{1,20}$")  # in states, alarms and logs
    host: str = "127.0.0.1"
    port: int = Field(default=2775, ge=1, le=65535)
    system_id: str = Field(max_length=15)
    password: SecretStr = Field(max_length=8)
    system_type: str = Field(default="", max_length=12)
    bind: Literal["transceiver", "transmitter", "receiver"] = "transceiver"
    tls: bool = False
    tls_ca: str = ""  # PEM file of the carrier's own authority; empty: the system's
    tls_name: str = ""  # the name in the carrier's certificate where it is not `host`
    window: int = Field(default=50, ge=1, le=1000)  # submit_sm under way at once
    segments_per_second: float = Field(default=0, ge=0)  # what the contract allows; 0: no limit
    prefixes: tuple[str, ...] = ()  # numbers that this bind serves: "+8496", "+8497"; none: all
    weight: int = Field(default=1, ge=0, le=100)  # among equals; 0: only when no other bind is up
    carrier: str = Field(default="", max_length=20)  # whose message ids these are, where carriers mix

    @field_validator("prefixes")
    @classmethod
    def _prefix(cls, prefixes: tuple[str, ...]) -> tuple[str, ...]:
        for prefix in prefixes:
            if not prefix.removeprefix("+").isdigit():
                raise ValueError(f"a prefix is digits with or without a plus, not {prefix!r}")
        return prefixes


class SmppSettings(_Strict):
    """Short messages over SMPP 3.4."""

    use: Literal["smpp"] = "smpp"
    binds: tuple[BindSettings, ...] = Field(min_length=1)
    sender: str = "8088"  # short number or brand name to send from where the message names none
    country: str = Field(default="84", pattern=r"^[1-9]\d{0,2}$")  # of numbers without one
    national_numbers: bool = False  # write home numbers 0912… instead of 84912…
    source_ton: int | None = Field(default=None, ge=0, le=6)  # None: from the form of the sender
    source_npi: Literal[0, 1, 3, 4, 6, 8, 9, 10, 14, 18] | None = None
    marks: Marks = Marks.SAVE  # what this route does with Vietnamese marks
    default_alphabet: Literal["gsm", "latin-1", "ascii"] = "gsm"  # what this SMSC means by data_coding 0
    long_messages: Literal["udh8", "udh16", "payload"] = "udh8"
    receipts: bool = True  # ask for delivery receipts
    ids_in_answers: Literal["text", "decimal", "hex"] = "text"  # how submit_sm_resp writes message ids
    ids_in_receipts: Literal["text", "decimal", "hex"] = "text"  # how receipts write them
    utc_offset_hours: float = Field(default=7, ge=-12, le=14)  # the SMSC's clock, in the dates of receipts
    vendor_statuses: dict[int, str] = {}  # the carrier's own command_status → how a sending ends
    charge_by: Literal["nothing", "service_type", "tlv"] = "nothing"  # premium short numbers
    charge_tlv: int = Field(default=0x1403, ge=0x1400, le=0x3FFF)  # the carrier's own parameter
    charge_code: str = "71"
    refund_code: str = "72"
    message_id_tlv: int = Field(default=0x001E, ge=1, le=0xFFFF)  # where a deliver_sm names itself
    validity: Seconds = 24 * 3600  # how long the carrier shall try, where the message does not say
    parts_wait: Seconds = 300  # for the missing part of a long message
    answer_time: Seconds = 15  # for submit_sm_resp; then the outcome is in doubt
    throttle_patience: Seconds = 3  # of one send with a throttling SMSC, before it is given back
    enquire_every: Seconds = 30  # of silence
    silence_limit: Seconds = 15  # without an answer to enquire_link: the line is dead
    connect_time: Seconds = 10
    closing_time: Seconds = 5  # for what is under way when we stop
    accept_at_once: int = Field(
        default=200, ge=1, le=5000
    )  # messages being kept at one time, all binds together
    accept_waiting: int = Field(default=2000, ge=0)  # more of them waiting in line; beyond that "not now"

    @field_validator("sender")
    @classmethod
    def _sender(cls, sender: str) -> str:
        numbers.source(sender)
        return sender

    @field_validator("vendor_statuses")
    @classmethod
    def _statuses(cls, statuses: dict[int, str]) -> dict[int, str]:
        wrong = {word for word in statuses.values() if word not in OUTCOMES}
        if wrong:
            raise ValueError(f"{', '.join(sorted(wrong))}: use one of {', '.join(sorted(OUTCOMES))}")
        return statuses

    @model_validator(mode="after")
    def _names(self) -> Self:
        names = [bind.name for bind in self.binds]
        if len(set(names)) < len(names):
            raise ValueError("two binds have the same name")
        return self
