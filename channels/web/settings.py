"""Every setting of the web chat, with its default."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class WebSettings(BaseModel):
    """Settings of `channels.<name>` with `use: web`. Unknown keys are refused.

    public_url       our outside address; cookies are `Secure` where it is https
    uploads          the folder in which papers wait until the house has fetched them
    keep_days        how long a talk can be read again
    largest_paper    bytes of one uploaded paper
    ping_seconds     how often an idle stream shows that it is alive
    stream_seconds   how long a stream lasts before the page asks for a new one
    retry_ms         how long a page waits before it asks again
    streams          open streams of one visitor
    sends_a_minute   messages of one visitor that are taken; the rest are answered 429
    uploads_an_hour  papers of one visitor, and ten times as many of one network
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    public_url: str = ""
    uploads: str = "var/papers/arriving"
    keep_days: int = Field(default=30, ge=1)
    largest_paper: int = Field(default=20 * 1024 * 1024, ge=1)
    ping_seconds: float = Field(default=15, gt=0)
    stream_seconds: float = Field(default=300, gt=0)
    retry_ms: int = Field(default=2000, ge=100)
    streams: int = Field(default=4, ge=1)
    sends_a_minute: int = Field(default=30, ge=1)
    uploads_an_hour: int = Field(default=40, ge=1)
