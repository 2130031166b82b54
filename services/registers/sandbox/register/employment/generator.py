"""What the register of employment and pensions holds of a kin."""

from __future__ import annotations

from services.registers.sandbox.definition import Filled
from services.registers.sandbox.population.number import document_number
from services.registers.sandbox.population.work import searches
from services.registers.sandbox.population.world import World

EMPLOYMENT = (
    "personal_number",
    "employer",
    "employer_name",
    "position",
    "since",
    "until",
    "gross_monthly_cents",
)
JOBSEEKER = ("personal_number", "registered_on")
PENSION = ("number", "personal_number", "kind", "since", "monthly_cents")

_NEVER_REPORTED = 0.04
_NOT_CLAIMED = 0.03
_SERIALS = 64


def fill(world: World) -> Filled:
    """Return the rows of a kin, by table. Some employers never reported an end; some never asked for their pension."""
    rng = world.chance("employment")
    seeking = searches(world.grown, world.jobs, world.day, rng)
    faulty = not world.is_demo
    return {
        "employment": [
            (
                job.person.personal_number,
                job.employer,
                job.employer_name,
                job.position,
                job.since,
                None if faulty and rng.random() < _NEVER_REPORTED else job.until,
                job.gross_cents,
            )
            for job in world.jobs
        ],
        "jobseeker": [(search.person.personal_number, search.since) for search in seeking],
        "pension": [
            (
                document_number("R", world.index * _SERIALS + place),
                pension.person.personal_number,
                pension.kind,
                pension.since,
                pension.monthly_cents,
            )
            for place, pension in enumerate(world.pensions)
            if not (faulty and rng.random() < _NOT_CLAIMED)
        ],
    }
