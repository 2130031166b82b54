"""A list of people is filled in without a script: rows come and go by buttons, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from tests.rooms.portal.visitor import EMINE, Visitor, application_of, form, section_of


async def test_rows_come_and_go_without_a_script_and_what_is_wrong_in_one_is_said_there(
    new_visitor: Callable[[], Visitor],
) -> None:
    emine = new_visitor()
    await emine.signs_in(EMINE)
    page = await emine.begins("social-assistance")
    assert section_of(page) == "household"
    typed = {"members-1-member": "Shpresa Kryeziu", "members-1-monthly": "a lot"}
    two = await emine.send(page, "/household", typed | {"rows": "add members"})
    assert two.status_code == 200
    assert form(two, "/household").fields["members-rows"] == "2"
    assert form(two, "/household").fields["members-1-member"] == "Shpresa Kryeziu"
    refused = await emine.send(two, "/household", {"members-2-member": "Agim Shala", "members-2-monthly": "12"})
    assert refused.status_code == 422
    for name in ("members-1-member_number", "members-1-monthly", "members-2-member_number"):
        assert f'href="#{name}"' in refused.text
    one = await emine.send(refused, "/household", {"rows": "remove members 1"})
    assert form(one, "/household").fields["members-1-member"] == "Agim Shala"
    assert "Shpresa" not in one.text
    saved = await emine.answers(one, **{"members-1-member_number": "1086354124"})
    assert section_of(saved) == "income"
    again = await emine.get(f"/sq/applications/{application_of(saved)}/sections/household")
    kept = form(again, "/household").fields
    assert (kept["members-rows"], kept["members-1-member_number"], kept["members-1-monthly"]) == (
        "1",
        "1086354124",
        "12,00",
    )
