"""How reads are bound together: each to the one before it, a day's chains to one root (a Merkle tree, as RFC 6962).

What is hashed is the text itself, so that anyone can check it with nothing but SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from itertools import pairwise

import msgspec

from services.registers.read import Place, Read

START = bytes(32)  # what the first read of a chain follows
_NOTHING, _LEAF, _NODE = hashlib.sha256().digest(), b"\x00", b"\x01"
_HASH = 32  # bytes


def content(read: Read, place: Place, proof: bytes | None) -> bytes:
    """Return a read as text: JSON in this order of names. `proof` is the digest of what is left of the message.

    The reader stands in it as the digest of the read's id and the reader's, which only who knows both can repeat. A
    change says besides that it is one.
    """
    reader = read.reader
    said = {
        "id": read.id,
        "position": place.position,
        "day": place.day,
        "shown_from": place.shown_from,
        "subject": read.subject,
        "at": read.at.astimezone(UTC),
        "reader_kind": reader.kind,
        "reader_institution": reader.institution,
        "reader_role": reader.role,
        "reader": reader.person_id and hashlib.sha256(f"{read.id}:{reader.person_id}".encode()).hexdigest(),
        "reason": reader.reason,
        "by_subject": place.by_subject,
        "register": read.register,
        "fact": read.fact,
        "purpose": read.purpose,
        "legal_basis": read.legal_basis,
        "application_id": read.application_id,
        "channel": read.channel,
        "message_id": read.message_id,
        "outcome": read.outcome,
        "proof": proof and proof.hex(),
    }
    if read.act != "read":
        said["act"] = read.act
    return msgspec.json.encode(said)


def link(previous: bytes, text: bytes) -> bytes:
    """Return the hash of a read that follows another: SHA-256 of that one's hash and this one's text."""
    return hashlib.sha256(previous + text).digest()


@dataclass(frozen=True, slots=True)
class Chain:
    """A person's reads of a day, in short: how many, and the hash of the last."""

    subject: str
    day: date
    shown_from: date
    length: int = 0
    head: bytes = START

    def text(self) -> bytes:
        """Return the chain as text: JSON in this order of names."""
        said = {
            "subject": self.subject,
            "day": self.day,
            "shown_from": self.shown_from,
            "length": self.length,
            "head": self.head.hex(),
        }
        return msgspec.json.encode(said)

    def leaf(self) -> bytes:
        """Return what stands for the chain in the day's tree: SHA-256 of a zero byte and the text."""
        return hashlib.sha256(_LEAF + self.text()).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root of the tree over these leaves, which are put in order first; SHA-256 of nothing for none."""
    return _levels(leaves)[-1][0] if leaves else _NOTHING


def paths(leaves: Sequence[bytes]) -> dict[bytes, bytes]:
    """Return for each leaf the way to the root: of each step `L` or `R`, the side of the other, and its hash."""
    levels = _levels(leaves)
    return {leaf: _way(levels, place) for place, leaf in enumerate(levels[0])} if leaves else {}


def arrive(leaf: bytes, path: bytes) -> bytes:
    """Return the root that a leaf reaches by its path."""
    reached = leaf
    for step in range(0, len(path), _HASH + 1):
        side, other = path[step : step + 1], path[step + 1 : step + 1 + _HASH]
        reached = _node(other, reached) if side == b"L" else _node(reached, other)
    return reached


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    levels = [sorted(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [_node(left, right) for left, right in list(pairwise(below))[::2]]
        levels.append(pairs + below[len(pairs) * 2 :])
    return levels


def _way(levels: list[list[bytes]], place: int) -> bytes:
    way = b""
    for level in levels[:-1]:
        other = place ^ 1
        if other < len(level):
            way += (b"L" if other < place else b"R") + level[other]
        place //= 2
    return way


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
