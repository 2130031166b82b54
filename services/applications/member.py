"""Who works in which office. A clerk prepares; an officer decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Role = Literal["clerk", "officer"]


@dataclass(frozen=True, slots=True)
class Post:
    """Someone's place at an institution, or at its office in a municipality."""

    institution: str
    municipality: str | None
    role: Role

    @property
    def desk(self) -> str:
        """The desk that it stands at."""
        return desk_of(self.institution, self.municipality)


@dataclass(frozen=True, slots=True)
class Member:
    """Someone who works in offices, with all her posts: one at least."""

    person_id: UUID
    posts: tuple[Post, ...]

    @property
    def desks(self) -> list[str]:
        """The desks whose applications she may open."""
        return [post.desk for post in self.posts]

    @property
    def answers_for(self) -> list[str]:
        """Her desks, and her institutions as a whole, for what nobody had to decide."""
        return sorted({*self.desks, *(post.institution for post in self.posts)})

    @property
    def decides_for(self) -> list[str]:
        """Those of them where she decides."""
        deciding = [post for post in self.posts if post.role == "officer"]
        return sorted({*(post.desk for post in deciding), *(post.institution for post in deciding)})

    def post_at(self, desk: str) -> Post:
        """Return her post at a desk, or at an institution as a whole; StopIteration where she has none."""
        return next(post for post in self.posts if desk in {post.desk, post.institution})

    def decides_at(self, desk: str) -> bool:
        """Tell whether she may decide there, and give an opinion."""
        return any(post.desk == desk and post.role == "officer" for post in self.posts)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone of the same desk, to hand an application over to."""

    person_id: UUID
    name: str
    role: Role


def desk_of(institution: str, municipality: str | None) -> str:
    """Return what names a desk: `arc`, or its office in a municipality, `arc/prishtine`."""
    return f"{institution}/{municipality}" if municipality else institution
