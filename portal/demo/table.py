"""The one table that a newcomer reads: where to go, as whom, and how to stop."""

from __future__ import annotations

from portal.demo.plan import Plan

# The eID and the registers are seeded with these; here stands what a visitor can try with each.
PEOPLE = (
    ("Arta Krasniqi", "1111", "Prishtina, Albanian: two children, a car, a company"),
    ("Milica Jovanović", "2222", "Gračanica, Serbian: two children, a car; an officer at /office"),
    ("Besnik Gashi", "3333", "Prizren: three children, a company, two cars; an officer at /office"),
    ("Drita Berisha", "4444", "Prishtina: single, no car; a clerk at /office"),
    ("Emine Kryeziu", "5555", "Prizren: 71 years, a widow, no vehicle"),
    ("Luan Hoxha", "6666", "Gjilan: 17 years, a minor; his card has expired"),
    ("Agim Shala", "7777", "Peja: no address recorded; a card and no phone"),
)


def table(plan: Plan) -> str:
    """Return the table as text, at most 100 columns wide."""
    places = (
        ("Portal", plan.address("portal")),
        ("eID (DEMO)", plan.address("eid")),
        ("People's phones", f"{plan.address('eid')}/phone"),
        ("Payments (DEMO)", plan.address("payments")),
        ("Registers (DEMO)", plan.address("registers")),
        ("Their faults", f"{plan.address('registers')}/operator"),
        ("Figures", f"http://localhost:{plan.settings.portal_metrics_port}/metrics"),
        ("Mail, SMS land in", f"{_short(plan, 'mail')}/new, {_short(plan, 'sms')}"),
        ("Logs", f"{_short(plan, 'logs')}/*.log"),
    )
    lines = ["", *(f"  {name:<18}{where}" for name, where in places), ""]
    lines += [f"  {'Sign in as':<18}{'PIN1':<6}{'PIN2':<7}Who can show what"]
    lines += [f"  {name:<18}{pin:<6}{pin[0] * 5:<7}{shows}" for name, pin, shows in PEOPLE]
    lines += ["", "  PIN1 signs in, by phone or card; PIN2 signs. The PUK is the same digit eight times."]
    lines += ["", "  Ctrl-C stops everything. `make run` starts it again with its data; `make reset` forgets them.", ""]
    return "\n".join(lines)


def _short(plan: Plan, name: str) -> str:
    return str(plan.settings.demo_directory / name)
