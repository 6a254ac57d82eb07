"""Compare a secret that a request carries with those that we know."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence

from channels.webhooks.guard import Forbidden


def same_secret(given: str | None, known: Iterable[str]) -> bool:
    """Whether `given` is one of `known` (two while a secret is being changed), in constant time for each.

    An empty known secret never matches: a forgotten setting must not open the door.
    """
    offered = (given or "").encode("utf-8", "surrogatepass")
    matches = [hmac.compare_digest(offered, secret.encode("utf-8")) for secret in known if secret]
    return bool(offered) and any(matches)


def check_secret(given: Sequence[str], known: Iterable[str]) -> None:
    """Check a secret header, given as all its values (`request.headers.getall(name, ())`).

    Raises `Forbidden` where it is missing, sent twice, or wrong.
    """
    if len(given) != 1 or not same_secret(given[0], known):
        raise Forbidden("wrong or missing secret")
