"""Whether a request wants a page or the data behind it: one address has both (RFC 9110, content negotiation)."""

from __future__ import annotations

from collections.abc import Iterable

from litestar.datastructures.headers import Accept

HTML, LINKED_DATA = "text/html", "application/ld+json"


def wants_data(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Tell whether `Accept` names JSON-LD and does not like a page better."""
    accepted = b",".join(value for name, value in headers if name == b"accept")
    if LINKED_DATA.encode() not in accepted.lower():
        return False
    return Accept(accepted.decode("latin-1")).best_match([HTML, LINKED_DATA]) == LINKED_DATA
