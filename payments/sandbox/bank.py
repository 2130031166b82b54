"""The banks of the e-banking demonstration. Their names are invented: none is a bank of Kosovo."""

from __future__ import annotations

from collections.abc import Mapping

BANKS: Mapping[str, str] = {"iliria": "Banka Demo Iliria", "drini": "Banka Demo Drini", "sharri": "Banka Demo Sharri"}
