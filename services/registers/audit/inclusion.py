"""A person's reads of a day, with all that she needs to find them in the day's sealed head by herself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.registers import chain, tracker
from services.registers.audit import store
from services.registers.chain import START, Chain
from services.registers.read import Read
from services.registers.seal import day_of
from services.registers.signature import Keys
from services.registers.store import Connection


@dataclass(frozen=True, slots=True)
class Included:
    """One chain: its reads, each as the text that was hashed, and the way from its leaf to the day's root."""

    chain: Chain
    reads: tuple[Read, ...]
    texts: tuple[bytes, ...]
    path: bytes


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A sealed day, its signed head (JWS), and the person's chains in it."""

    day: date
    signed: str
    sealed_at: datetime
    chains: tuple[Included, ...]

    def holds(self, keys: Keys) -> bool:
        """Tell whether every read leads to its chain, each chain to the root, and the root is what was signed."""
        head = day_of(self.signed, keys)
        return head is not None and head.day == self.day and all(_leads(one, head.root) for one in self.chains)


async def of(connection: Connection, subject: str, day: date, now: datetime) -> Inclusion | None:
    """Return the person's reads of a sealed day as far as she may see them, or None while the day is not sealed."""
    sealed = await store.sealed(connection, day)
    if sealed is None:
        return None
    chains: list[Included] = []
    for row in await store.chains_of(connection, subject, day, tracker.day_of(now)):
        known = Chain(row["subject"], row["day"], row["shown_from"], row["length"], bytes(row["head"]))
        rows = await store.reads_of(connection, subject, day, known.shown_from)
        kept = [(*tracker.kept(one), one["proof"]) for one in rows]
        texts = tuple(chain.content(read, place, proof) for read, place, proof in kept if place is not None)
        chains.append(Included(known, tuple(read for read, _place, _proof in kept), texts, bytes(row["path"] or b"")))
    return Inclusion(day, sealed["signed"], sealed["sealed_at"], tuple(chains))


def _leads(one: Included, root: str) -> bool:
    head = START
    for text in one.texts:
        head = chain.link(head, text)
    is_whole = head == one.chain.head and len(one.texts) == one.chain.length
    return is_whole and chain.arrive(one.chain.leaf(), one.path).hex() == root
