"""The JSON that a signing client sends: each field read for what it must be, each refusal in the standard's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from eid.provider.errors import Rejection


@dataclass(frozen=True, slots=True)
class Body:
    """The object that was sent; empty when nothing was."""

    fields: dict[str, Any]

    @classmethod
    def read(cls, sent: bytes) -> Body:
        """Return the object in a request's body; Rejection when it is none."""
        try:
            fields: object = msgspec.json.decode(sent) if sent.strip() else {}
        except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
            raise Rejection("invalid_request", "The body is not JSON.") from wrong
        if not isinstance(fields, dict):
            raise Rejection("invalid_request", "The body is not a JSON object.")
        return cls(cast("dict[str, Any]", fields))

    def text(self, name: str) -> str:
        """Return a text that must be there."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value or "\0" in value:
            raise Rejection("invalid_request", f"Missing (or invalid type) string parameter {name}")
        return value

    def text_or_none(self, name: str) -> str | None:
        """Return a text that may be there."""
        return self.text(name) if self.fields.get(name) is not None else None

    def number(self, name: str) -> int:
        """Return a whole number that must be there."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Rejection("invalid_request", f"Missing (or invalid type) integer parameter {name}")
        return value

    def flag(self, name: str) -> bool:
        """Return a yes or no; not said is no."""
        value = self.fields.get(name, False)
        if not isinstance(value, bool):
            raise Rejection("invalid_request", f"Invalid type of boolean parameter {name}")
        return value

    def array(self, name: str) -> list[Any]:
        """Return an array that must be there."""
        value = self.fields.get(name)
        if not isinstance(value, list):
            raise Rejection("invalid_request", f"Missing (or invalid type) array parameter {name}")
        return cast("list[Any]", value)

    def objects(self, name: str) -> list[Body]:
        """Return an array of objects, empty when it is not there."""
        if self.fields.get(name) is None:
            return []
        each = self.array(name)
        if not all(isinstance(one, dict) for one in each):
            raise Rejection("invalid_request", f"Invalid array parameter {name}")
        return [Body(one) for one in each]

    def one_of(self, name: str, allowed: Iterable[str], default: str) -> str:
        """Return one of several texts."""
        value = self.fields.get(name, default)
        if value not in tuple(allowed):
            raise Rejection("invalid_request", f"Invalid parameter {name}")
        return str(value)
