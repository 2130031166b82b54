"""Writes what a certificate says of its quality: qcStatements (RFC 3739, 3.2.6; ETSI EN 319 412-5)."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from asn1crypto import core as _core

core = cast("Any", _core)  # asn1crypto carries no types

DISCLOSURE_LANGUAGES = ("en", "sq", "sr")
_COMPLIANCE, _DISCLOSURES, _TYPE, _LEGISLATION = (f"0.4.0.1862.1.{number}" for number in (1, 5, 6, 7))
_SIGNATURE = "0.4.0.1862.1.6.1"


class _Statement(_core.Sequence):
    _fields: ClassVar[list[Any]] = [("statement_id", core.ObjectIdentifier), ("info", core.Any, {"optional": True})]


class _Statements(_core.SequenceOf):
    _child_spec = _Statement


class _Types(_core.SequenceOf):
    _child_spec = core.ObjectIdentifier


class _Countries(_core.SequenceOf):
    _child_spec = core.PrintableString


class _Disclosure(_core.Sequence):
    _fields: ClassVar[list[Any]] = [("url", core.IA5String), ("language", core.PrintableString)]


class _Disclosures(_core.SequenceOf):
    _child_spec = _Disclosure


def of_signature(country: str, disclosure: str) -> bytes:
    """Return the statements of a qualified signature's certificate by a country's law, as DER.

    The country is named because compliance without one means Regulation (EU) No 910/2014, which is not Kosovo's. That
    the key is in a certified device (QcSSCD) is not said: it is in none.
    `disclosure` is the address of the disclosure statements, which ends before their language.
    """
    places = [{"url": f"{disclosure}/{language}", "language": language} for language in DISCLOSURE_LANGUAGES]
    statements = [
        (_COMPLIANCE, None),
        (_TYPE, cast("Any", _Types)([_SIGNATURE])),
        (_LEGISLATION, cast("Any", _Countries)([country])),
        (_DISCLOSURES, cast("Any", _Disclosures)(places)),
    ]
    return cast("Any", _Statements)(
        [{"statement_id": name, **({"info": core.Any(info)} if info is not None else {})} for name, info in statements]
    ).dump()
