"""Recordings kept by the exchange, until the product fetches and deletes them."""

from __future__ import annotations

import io
import math
import struct
import wave
from dataclasses import dataclass, field

RATE = 8000  # samples a second: a telephone line


@dataclass(slots=True)
class Recording:
    """What somebody said after the tone. `late`: how many times it is still answered 404."""

    sid: str
    call: str
    audio: bytes = field(repr=False)
    seconds: int
    late: int = 0


def tone(seconds: float = 1.0, pitch: float = 330.0) -> bytes:
    """A quiet hum as WAV (8 kHz, mono, 16 bit), for a voice note without a microphone."""
    count = int(RATE * seconds)
    samples = (int(6000 * math.sin(2 * math.pi * pitch * n / RATE)) for n in range(count))
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return buffer.getvalue()
