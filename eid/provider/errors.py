"""How the eID says no: on a page of its own, to the client by redirect, or as JSON.

Refusal
├── Refused   ├── Shown      a request that may not be answered by redirect: the person reads why
│             └── TooMany    too many attempts from one address
└── NotFound  ├── Gone       a sign-in that has ended, or was begun in another browser
              └── Absent     anything else that is not there, or ended; the sentence says what to do
Rejection                    an error of the protocol, which a client reads (RFC 6749, sections 4.1.2.1 and 5.2)
"""

from __future__ import annotations

from collections.abc import Mapping

from i18n.refusal import NotFound, Refused
from i18n.text import Sayable, _


class Shown(Refused):
    """A request that is answered here and never by redirect: its client or its return address is not known to us."""


class Gone(NotFound):
    """A sign-in that has ended, or that this browser did not begin."""

    def __init__(self) -> None:
        super().__init__("sign_in_gone")
        self.sentence: Sayable = _(
            "This sign-in has ended, or it was begun in another browser. Go back to the service and start again."
        )


class Absent(NotFound):
    """Something that is not there any more, or never was; the sentence says where to look instead."""

    def __init__(self, code: str, sentence: Sayable) -> None:
        super().__init__(code)
        self.sentence = sentence


class TooMany(Refused):
    """Too many requests, or too many failures, from one address within a minute."""

    def __init__(self) -> None:
        super().__init__("too_many", _("There were too many attempts from your network. Wait a minute and try again."))


class CannotStart(Exception):  # noqa: N818 - what is wrong, as one sentence
    """A command cannot do its work; the sentence says why and what to do."""


class Rejection(Exception):  # noqa: N818 - an answer to a client, not an error of ours
    """An OAuth error: `error` from the standards' list, `description` for whoever builds the client."""

    def __init__(
        self, error: str, description: str, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status
        self.headers = dict(headers or {})

    def as_json(self) -> dict[str, str]:
        """Return the body of an answer that carries this error."""
        return {"error": self.error, "error_description": self.description}
