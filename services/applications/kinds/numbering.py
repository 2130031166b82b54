"""Numbers that others gave: to people, businesses, vehicles and bank accounts."""

from __future__ import annotations

import re
from typing import Any

from stdnum import iban
from stdnum.exceptions import ValidationError

from i18n.text import Text, Wording, _
from services.applications.kinds.kind import Kind, Q, Unfit, in_each
from services.catalogue.question import BusinessNumber, Iban, PersonalNumber, Plate
from services.catalogue.rules import Values

_HOME = "XK"


class Numbered(Kind[Q]):
    """A number of a fixed shape, spaces aside."""

    shape: re.Pattern[str]
    wrong: Text

    def read(self, question: Q, typed: str, known: Values) -> str:
        """Return the digits."""
        bare = re.sub(r"\s", "", typed)
        if not self.shape.fullmatch(bare):
            raise Unfit(self.wrong)
        return bare


class OfPerson(Numbered[PersonalNumber]):
    """A personal number."""

    shape = re.compile(r"[0-9]{10}")
    wrong = _("“%(field)s” must have 10 digits, such as the number on an identity card.")


class OfBusiness(Numbered[BusinessNumber]):
    """A business's number."""

    shape = re.compile(r"[0-9]{8,9}")
    wrong = _("“%(field)s” must have 8 or 9 digits, as on the business certificate.")


class OfVehicle(Kind[Plate]):
    """A vehicle's plates, however their parts are parted."""

    def read(self, question: Plate, typed: str, known: Values) -> str:
        """Return them as they stand on the vehicle: region, digits, letters."""
        found = re.fullmatch(r"(0[1-7])[ -]*([0-9]{3})[ -]*([A-Z]{2})", typed.upper())
        if found is None:
            raise Unfit(_("Write “%(field)s” as on the vehicle: two digits, three digits, two letters: 01-234-AB."))
        return "-".join(found.groups())


class OfAccount(Kind[Iban]):
    """A bank account, by ISO 13616: its check digits are looked at."""

    def read(self, question: Iban, typed: str, known: Values) -> str:
        """Return it without spaces."""
        compact = re.sub(r"[\s.-]", "", typed).upper()
        if not question.foreign and not re.fullmatch(r"XK[0-9]{18}", compact):
            raise Unfit(
                _("“%(field)s” must be an account in Kosovo: XK and 18 digits, as in your contract with the bank.")
            )
        try:
            return iban.validate(compact, check_country=False)
        except ValidationError:
            raise Unfit(
                _("One of the characters of “%(field)s” is wrong. Compare it with your contract with the bank.")
            ) from None

    def fields(self, question: Iban, name: str, answer: Any, known: Values) -> dict[str, list[str]]:
        """Return it in fours."""
        return {name: [iban.format(str(answer))]}

    def say(self, question: Iban, answer: Any, known: Values) -> Wording:
        """Return it in fours."""
        return in_each(lambda _language: iban.format(answer)) if answer else super().say(question, answer, known)
