"""What a definition may ask: one shape a kind of question, and how each answer is kept and named in rules.

How each kind is read, written back and shown stands in `services/applications/kinds/`.
"""

from __future__ import annotations

from typing import Literal, cast

from msgspec import Struct

from i18n.text import Wording
from services.catalogue.shown import Format

Relation = Literal["spouse", "children", "parents"]
FileType = Literal["pdf", "jpeg", "png"]


class Asked(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True, cache_hash=True):
    """What every question has. `missing` is said instead of the usual sentence when it is left empty."""

    id: str
    label: Wording
    hint: Wording | None = None
    missing: Wording | None = None
    optional: bool = False
    show_if: str | None = None


# Written --------------------------------------------------------------------------------------------------------------


class Text(Asked, frozen=True, tag="text"):
    """One line."""

    max_length: int = 200


class LongText(Asked, frozen=True, tag="long_text"):
    """Some lines."""

    max_length: int = 2000


class Date(Asked, frozen=True, tag="date"):
    """A day, kept as "YYYY-MM-DD"; the bounds are days or `today`."""

    earliest: str | None = None
    latest: str | None = None


# Counted --------------------------------------------------------------------------------------------------------------


class Integer(Asked, frozen=True, tag="integer"):
    """A whole number."""

    least: int = 0
    most: int = 2**31 - 1


class Number(Asked, frozen=True, tag="number"):
    """A decimal number in a unit, kept exactly, as text ("12.5"); rules see it as a double.

    At most `decimals` (0 to 3) digits after the point.
    """

    unit: Wording | None = None
    decimals: int = 2
    least: int | str = 0
    most: int | str = 10**9


class Money(Asked, frozen=True, tag="money"):
    """An amount of euro, kept in cents, as are its bounds."""

    least: int = 0
    most: int = 10**9


# Chosen ---------------------------------------------------------------------------------------------------------------


class Option(Struct, frozen=True, forbid_unknown_fields=True, cache_hash=True):
    """One thing to choose; `value` is what is kept."""

    value: str
    label: Wording
    hint: Wording | None = None


class Choice(Asked, frozen=True, tag="choice"):
    """One of a few."""

    options: tuple[Option, ...]


class Many(Asked, frozen=True, tag="many"):
    """Any of a few, kept as a list of values in the order of the options; at least and at most so many."""

    options: tuple[Option, ...]
    least: int = 1
    most: int = 100


class YesNo(Asked, frozen=True, tag="yes_no"):
    """Kept as true or false."""


# Numbers and names that others gave -----------------------------------------------------------------------------------


class PersonalNumber(Asked, frozen=True, tag="personal_number"):
    """Someone's personal number: ten digits. Its check digit is not looked at: the register says whose it is."""


class BusinessNumber(Asked, frozen=True, tag="business_number"):
    """A business's number: nine digits, or eight as older ones have."""


class Plate(Asked, frozen=True, tag="plate"):
    """A Kosovo vehicle's plates, kept as "01-234-AB"."""


class Iban(Asked, frozen=True, tag="iban"):
    """A bank account (ISO 13616), kept without spaces; one of Kosovo, unless `foreign` ones are taken too."""

    foreign: bool = False


class Phone(Asked, frozen=True, tag="phone"):
    """A telephone number, kept as "+38344123456" (E.164)."""


class Email(Asked, frozen=True, tag="email"):
    """An e-mail address."""


class Address(Asked, frozen=True, tag="address"):
    """Where something is, kept as {municipality, settlement, street}; the municipality by its id."""


ADDRESS = ("municipality", "settlement", "street")


# Chosen among what registers hold -------------------------------------------------------------------------------------


class Child(Asked, frozen=True, tag="child"):
    """For myself or for my child under 18: kept as "self" or the child's personal number; names the beneficiary.

    Not asked of a person who has no such child.
    """


class Relative(Asked, frozen=True, tag="relative"):
    """One of the person's family, kept as his or her personal number; of the spouse, whose is not told, as "spouse".

    Not asked of a person who has none such. `chosen.<id>` has relation, names, number and day of birth.
    """

    among: tuple[Relation, ...]


class Asset(Asked, frozen=True, tag="asset"):
    """One record of a list fact about the applicant, kept as the record's `key` field.

    `title` and `detail` are read with the record's fields in `{braces}`; `formats` says how a field is written.
    """

    fact: str
    key: str
    title: Wording
    detail: Wording | None = None
    formats: dict[str, Format] = {}

    def __hash__(self) -> int:
        """Hash by what tells questions apart; `formats` is a dict."""
        return hash((self.id, self.fact, self.key, self.title, self.detail))


# Several at once ------------------------------------------------------------------------------------------------------

Single = (
    Text
    | LongText
    | Date
    | Integer
    | Number
    | Money
    | Choice
    | Many
    | YesNo
    | PersonalNumber
    | BusinessNumber
    | Plate
    | Iban
    | Phone
    | Email
    | Address
)


class Group(Asked, frozen=True, tag="group"):
    """From `least` to `most` entries, each a few questions, kept as a list of records by the questions' ids.

    `entry` is what one is called, such as "Member"; it is numbered. An optional group may have none.
    """

    entry: Wording
    questions: tuple[Single, ...]
    least: int = 1
    most: int = 10


# Attached -------------------------------------------------------------------------------------------------------------

MOST_FILES, MOST_MEGABYTES = 10, 20  # of one question, of one file: what a definition may ask for at most


class File(Asked, frozen=True, tag="file"):
    """One file or a few that the person attaches, kept as a list of {id, name, type, size, sha256}.

    At most `most` files, none larger than `megabytes`; left out, as the portal's settings say. `waived` names a fact
    about the applicant: where a register holds it nothing is asked, nor before that register has answered.
    """

    types: tuple[FileType, ...] = ("pdf", "jpeg", "png")
    most: int | None = None
    megabytes: int | None = None
    waived: str | None = None


FILE = ("name", "type", "size")  # what rules may name of each

Listed = Child | Relative | Asset
Question = Single | Listed | Group | File


def seen(question: Question, answer: object) -> object:
    """Return an answer as rules see it: decimals as numbers, all else as it is kept."""
    if isinstance(question, Number) and isinstance(answer, str):
        return float(answer)
    if isinstance(question, Group) and isinstance(answer, list):
        entries = cast("list[dict[str, object]]", answer)
        return [{one.id: seen(one, entry.get(one.id)) for one in question.questions} for entry in entries]
    return answer
