"""The parameters of a request, kept with their repetitions: OAuth allows none (RFC 6749, section 3.1)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from urllib.parse import parse_qsl

from eid.provider.errors import Rejection

_MOST = 60
_LONGEST = 8000  # characters of one value; an ID token as a hint takes about 1000


@dataclass(frozen=True, slots=True)
class Parameters:
    """Name and value pairs in the order sent; one without a value counts as not sent."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, encoded: bytes) -> Parameters:
        """Return the parameters of a query or of a form's body; Rejection when they are not that."""
        try:
            pairs = parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST)
        except ValueError as wrong:
            raise Rejection("invalid_request", "The parameters are not form-encoded UTF-8.") from wrong
        if any("\0" in value or len(value) > _LONGEST for _name, value in pairs):
            raise Rejection("invalid_request", "A parameter is too long or holds a character that none may hold.")
        return cls(tuple((name, value) for name, value in pairs if value))

    def get(self, name: str) -> str | None:
        """Return the value sent once, or None: of a parameter sent twice, neither value is taken."""
        values = [value for given, value in self.pairs if given == name]
        return values[0] if len(values) == 1 else None

    def but(self, name: str, value: str) -> Parameters:
        """Return the parameters with another value in place of one."""
        return Parameters((*(pair for pair in self.pairs if pair[0] != name), (name, value)))

    @property
    def repeated(self) -> list[str]:
        """The names that were sent more than once."""
        return sorted(name for name, times in Counter(name for name, _value in self.pairs).items() if times > 1)
