"""Numbers that identify: personal numbers, plates and chassis numbers, each its own for each serial."""

from __future__ import annotations

from string import ascii_uppercase

# Weights of digits 1 to 9; one unofficial source knows them, so they are for making numbers, never for refusing one.
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2)
# A step that shares no factor with 10^8 visits every number once, in an order that looks like none.
_NUMBERS, _STEP, _START = 10**8, 38_196_601, 4_271_903

# RKS plates: 101 to 999, then two letters from A to Q.
_LETTERS = ascii_uppercase[: ascii_uppercase.index("Q") + 1]
_DIGITS = 899
PLATES = _DIGITS * len(_LETTERS) ** 2
_PLATE_STEP, _PLATE_START = 104_729, 71_993
_DOCUMENT_STEP = 71_828_183
_VIN_STEP, _VIN_START = 617_411, 271_828

# The model year's place in a chassis number (ISO 3779): 1980 is A, letters I, O, Q, U, Z and the digit 0 are left out.
_VIN_YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789"


def check_digit(nine: str) -> str:
    """Return the tenth digit of a personal number: 11 less the weighted sum mod 11, where 10 and 11 give 0."""
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, nine, strict=True)) % 11
    return str(rest if rest < 10 else 0)  # noqa: PLR2004 - a digit


def personal_number(serial: int) -> str:
    """Return the personal number of the person with this serial, from 0 up to one hundred million."""
    nine = f"1{(serial * _STEP + _START) % _NUMBERS:08d}"
    return nine + check_digit(nine)


def plate(region: str, serial: int) -> str:
    """Return the RKS plate with this serial of a region (`01` to `07`), as `01-234-AB`."""
    if serial >= PLATES:
        raise ValueError(f"Region {region} has no more than {PLATES} plates.")
    digits, letters = divmod((serial * _PLATE_STEP + _PLATE_START) % PLATES, len(_LETTERS) ** 2)
    first, second = divmod(letters, len(_LETTERS))
    return f"{region}-{digits + 101}-{_LETTERS[first]}{_LETTERS[second]}"


def vin(maker: str, year: int, region: str, serial: int) -> str:
    """Return a chassis number of 17 characters: maker, descriptor, model year, plant, serial."""
    plant, body = "ABCDEFG"[int(region) - 1], (serial * _VIN_STEP + _VIN_START) % 10**6
    return f"{maker}ZZZ1K{region[-1]}{_VIN_YEARS[(year - 1980) % len(_VIN_YEARS)]}{plant}{body:06d}"


def business_number(serial: int) -> str:
    """Return the unique identification number (NUI) of the business with this serial: nine digits, the first an 8."""
    return f"8{(serial * _STEP + _START) % _NUMBERS:08d}"


def document_number(kind: str, serial: int) -> str:
    """Return the nine characters of the document with this serial: a letter of its kind and eight digits."""
    return f"{kind}{(serial * _DOCUMENT_STEP + _START) % _NUMBERS:08d}"


def parcel_number(zone: int, serial: int) -> str:
    """Return a parcel's number: `P-`, eight digits of the cadastral zone, five of the parcel, and its part."""
    return f"P-{70_000_000 + zone:08d}-{serial % 100_000:05d}-{serial // 100_000}"
