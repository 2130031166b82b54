"""Every setting of the four programs stands in `.env.example` with its default, and nothing else stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from eid.provider.settings import Settings as EidSettings
from payments.sandbox.settings import Settings as PaymentsSettings
from portal.demo.settings import DemoSettings
from portal.settings import Settings, names
from services.registers.sandbox.settings import Settings as RegistersSettings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
KINDS: tuple[type[BaseSettings], ...] = (Settings, EidSettings, PaymentsSettings, RegistersSettings, DemoSettings)
OF_THE_TESTS = {"PORTAL_CHROMIUM"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_setting_is_in_the_example_with_its_default(kind: type[BaseSettings]) -> None:
    written = _written()
    for field, name in names(kind).items():
        default = kind.model_fields[field].default
        assert name in written, f"{name} is missing in .env.example"
        said, is_default = written[name]
        assert is_default == (default is not PydanticUndefined), f"{name}: only what has a default stands behind #"
        if is_default:
            assert said == _as_written(default), f"{name} has another default"


def test_the_example_names_nothing_that_is_no_setting() -> None:
    known = {name for kind in KINDS for name in names(kind).values()}
    assert set(_written()) - known == OF_THE_TESTS


def test_uncommented_the_example_reads_as_it_looks(tmp_path: Path) -> None:
    whole = tmp_path / ".env"
    whole.write_text(re.sub(r"^# (?=[A-Z_]+=)", "", EXAMPLE.read_text(), flags=re.MULTILINE))
    read = dotenv_values(whole)
    assert read == {name: said for name, (said, _) in _written().items()}


def _written() -> dict[str, tuple[str, bool]]:
    """Return each name with its value, and whether it stands behind a `#`."""
    lines = re.findall(r"^(# )?([A-Z_]+)=(\S*)", EXAMPLE.read_text(), re.MULTILINE)
    return {name: (value, bool(behind)) for behind, name, value in lines}


def _as_written(default: object) -> str:
    if default is None or default == ():
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)
