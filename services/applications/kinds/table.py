"""Every kind of question, and how it is read, written back and shown: one line a kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.applications.kinds.attaching import Files
from services.applications.kinds.choosing import AnyOf, OneOf, YesOrNo
from services.applications.kinds.counting import Decimals, Euro, WholeNumber
from services.applications.kinds.group import Entries
from services.applications.kinds.held import Assets, Children, Family
from services.applications.kinds.kind import Kind
from services.applications.kinds.numbering import OfAccount, OfBusiness, OfPerson, OfVehicle
from services.applications.kinds.reaching import AtAddress, ByEmail, ByPhone
from services.applications.kinds.writing import Day, Line, Lines
from services.catalogue import question

_SINGLE: Mapping[type[Any], Kind[Any]] = {
    question.Text: Line(),
    question.LongText: Lines(),
    question.Date: Day(),
    question.Integer: WholeNumber(),
    question.Number: Decimals(),
    question.Money: Euro(),
    question.Choice: OneOf(),
    question.Many: AnyOf(),
    question.YesNo: YesOrNo(),
    question.PersonalNumber: OfPerson(),
    question.BusinessNumber: OfBusiness(),
    question.Plate: OfVehicle(),
    question.Iban: OfAccount(),
    question.Phone: ByPhone(),
    question.Email: ByEmail(),
    question.Address: AtAddress(),
}
KINDS: Mapping[type[Any], Kind[Any]] = {
    **_SINGLE,
    question.Child: Children(),
    question.Relative: Family(),
    question.Asset: Assets(),
    question.Group: Entries(_SINGLE),
    question.File: Files(),
}


def kind_of(one: question.Question) -> Kind[Any]:
    """Return what reads, writes back and shows a question's answers."""
    return KINDS[type(one)]
