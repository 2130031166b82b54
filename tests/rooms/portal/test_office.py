"""Officers at their pages: their own office's applications, opened for a reason, asked about, decided."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import httpx

from portal.database import Database
from tests.rooms.portal.visitor import ARTA, BESNIK, DRITA, MILICA, Visitor, application_of, links, section_of
from tests.rooms.portal.workers import Working, is_issued

OTHERS = "Nga certifikata e lindjes."


async def sends(arta: Visitor) -> UUID:
    """Let Arta ask for a correction of her surname; return her application."""
    page = await arta.begins("name-correction")
    sections = f"/sq/applications/{application_of(page)}/sections"
    page = await arta.get(f"{sections}/mistake")
    check = await arta.answers(page, wrong_part="family", right_spelling="Krasniqe", explanation=OTHERS)
    assert section_of(check) == "check"
    sent = await arta.follow(await arta.send(check, "/submission"))
    assert "deri më" in sent.text  # who has it, and until when
    assert "Agjencia e Regjistrimit Civil, Prishtinë" in sent.text
    return application_of(sent)


async def opens(officer: Visitor, application: UUID) -> httpx.Response:
    """Open a case, for what one works on."""
    asked = await officer.get(f"/sq/office/{application}")
    assert OTHERS not in asked.text  # nothing is shown before she says why
    nothing = await officer.send(asked, "/opening", {"reason": "other"})
    assert nothing.status_code == 422
    return await officer.follow(await officer.send(asked, "/opening", {"reason": "deciding"}))


async def they_write_to_each_other(arta: Visitor, besnik: Visitor, application: UUID) -> None:
    """Let Arta write to the office and Besnik answer; each is told."""
    thread = await arta.get(f"/sq/applications/{application}/messages")
    assert (await arta.send(thread, "/messages", {"text": " "})).status_code == 422
    await arta.send(thread, "/messages", {"text": "Kur vendoset?"})
    notices = await besnik.get("/sq/notices")
    assert "Një parashtrues ju ka shkruar" in notices.text
    case = await besnik.follow(await besnik.get(links(notices, "/sq/notices/")[0]))
    assert "Kur vendoset?" in case.text
    page = await besnik.get(f"/sq/office/{application}/message")
    assert "Mesazhi juaj u dërgua" in (await besnik.follow(await besnik.send(page, "/message", {"text": "Sot."}))).text
    assert "Zyra ju ka shkruar" in (await arta.get("/sq/notices")).text
    assert "Sot." in (await arta.get(f"/sq/applications/{application}/messages")).text


async def test_arta_is_asked_answers_and_gets_her_decision(
    arta: Visitor, new_visitor: Callable[[], Visitor], memory: Database, start: Working
) -> None:
    besnik, milica = new_visitor(), new_visitor()
    await besnik.signs_in(BESNIK)
    await milica.signs_in(MILICA)
    application = await sends(arta)
    queue = await besnik.get("/sq/office?service=name-correction&status=submitted")
    assert str(application) in queue.text
    for sought in (ARTA, "krasniqi arta"):
        found = await besnik.send(queue, "/office/search", {"q": sought})
        assert str(application) in found.text
        assert ARTA not in "".join(re.findall('(?:href|action|content)="[^"]*', found.text))
    case = await opens(besnik, application)
    assert OTHERS in case.text
    both = await opens(milica, application)
    taken = await besnik.follow(await besnik.send(case, "/taking"))
    assert "Këtë kërkesë e keni ju" in taken.text
    assert (await milica.send(both, "/taking")).status_code == 409  # she saw it before he took it
    page = await besnik.get(f"/sq/office/{application}/request")
    sent = await besnik.send(page, "/request", {"text": "A është me ë?", "questions": "right_spelling"})
    assert sent.is_redirect
    late = await besnik.send(page, "/request", {"text": "Edhe një herë"})
    assert late.status_code == 409
    assert "Edhe një herë" in late.text  # what he typed is not lost
    asked = await arta.get(f"/sq/applications/{application}/reply")
    assert "A është me ë?" in asked.text
    assert 'name="wrong_part"' not in asked.text
    assert (await arta.send(asked, "/reply", {"right_spelling": ""})).status_code == 422
    await arta.follow(await arta.send(asked, "/reply", {"right_spelling": "Krasniqë"}))
    await they_write_to_each_other(arta, besnik, application)
    page = await besnik.get(f"/sq/office/{application}/approval")
    assert "Kushtet e ligjit janë plotësuar" in page.text
    text = {"text": "Miratohet, sepse shënimi fillestar është me ë."}
    assert "E aprovuar" in (await besnik.follow(await besnik.send(page, "/approval", text))).text
    await start().says('"working"')
    await is_issued(memory, application)
    assert text["text"] in (await arta.get(f"/sq/applications/{application}")).text
    assert "deciding" in await reasons(memory, application)
    await she_reads_who_looked_and_why(arta)


async def test_a_reason_is_kept_as_it_was_typed_without_what_no_one_types(
    arta: Visitor, new_visitor: Callable[[], Visitor], memory: Database
) -> None:
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    application = await sends(arta)
    asked = await besnik.get(f"/sq/office/{application}")
    for unfit in ("", " \0 ", "arsye " * 1000):
        refused = await besnik.send(asked, "/opening", {"reason": "other", "text": unfit})
        assert refused.status_code == 422
        assert unfit.replace("\0", "").strip() in refused.text
    opened = await besnik.send(asked, "/opening", {"reason": "other", "text": "Ankesë\0 me telefon"})
    assert opened.status_code == 303
    async with memory.connect() as connection:
        said = await connection.fetch("SELECT DISTINCT reason FROM fact_read WHERE application_id = $1", application)
    assert {row["reason"] for row in said} == {None, "Ankesë me telefon"}
    await arta.send(await arta.get(f"/sq/applications/{application}/withdrawal"), "/withdrawal")


async def she_reads_who_looked_and_why(arta: Visitor) -> None:
    """See that Arta reads of the office and its reason in the language of her page."""
    for language, reason, office in (
        ("sq", "Punoj me këtë kërkesë", "Agjencia e Regjistrimit Civil, Prishtinë"),
        ("en", "I work on this application", "Civil Registration Agency, Pristina"),
    ):
        looks = (await arta.get(f"/{language}/data?who=others")).text
        assert reason in looks
        assert office in looks


async def reasons(memory: Database, application: UUID) -> set[str]:
    """Return why officers looked at the facts of an application, as it stands in the record."""
    async with memory.connect() as connection:
        rows = await connection.fetch(
            "SELECT reason FROM fact_read WHERE application_id = $1 AND reader_kind = 'officer'", application
        )
    assert len(rows) == 4  # two facts, two officers
    return {row["reason"] for row in rows}


async def another_officer_dismisses_it(arta: Visitor, besnik: Visitor, milica: Visitor, application: UUID) -> None:
    """Let Milica dismiss the appeal, which Besnik may not decide on; Arta applies again with her answers."""
    await milica.signs_in(MILICA)
    assert "/taking" not in (await besnik.get(f"/sq/office/{application}")).text  # he decided before
    await milica.send(await opens(milica, application), "/taking")
    page = await milica.get(f"/sq/office/{application}/dismissal")
    await milica.send(page, "/dismissal", {"text": "Libri amzë u lexua përsëri."})
    over = await arta.get(f"/sq/applications/{application}")
    assert "Ankesa e refuzuar" in over.text
    assert "Libri amzë u lexua përsëri." in over.text
    assert "Ankesa juaj u refuzua" in (await arta.get("/sq/notices")).text
    again = await arta.follow(await arta.send(over, "/repetition"))
    assert section_of(again) == "check"
    assert OTHERS in again.text
    await arta.send(await arta.get(f"/sq/applications/{application_of(again)}/withdrawal"), "/withdrawal")


async def test_refused_she_appeals_and_another_office_sees_nothing(
    arta: Visitor, new_visitor: Callable[[], Visitor], memory: Database
) -> None:
    besnik, drita = new_visitor(), new_visitor()
    await besnik.signs_in(BESNIK)
    await drita.signs_in(DRITA)
    application = await sends(arta)
    await besnik.follow(await besnik.send(await opens(besnik, application), "/taking"))
    homes = [(await each.get("/sq/")).text for each in (besnik, arta)]
    assert ['href="/sq/office"' in home for home in homes] == [True, False]
    assert (await arta.get("/sq/office")).status_code == 404
    assert (await arta.get(f"/sq/office/{application}")).status_code == 404
    async with memory.transaction() as connection:
        await connection.execute("UPDATE office_member SET municipality = 'prizren' WHERE personal_number = $1", DRITA)
    try:
        for address in ("", "/approval", "/note"):
            assert (await drita.get(f"/sq/office/{application}{address}")).status_code == 404
        assert str(application) not in (await drita.get("/sq/office")).text
    finally:
        async with memory.transaction() as connection:
            await connection.execute(
                "UPDATE office_member SET municipality = 'prishtine' WHERE personal_number = $1", DRITA
            )
    page = await besnik.get(f"/sq/office/{application}/refusal?template=unmet")
    assert "Kushtet që ligji i cakton" in page.text
    assert (await besnik.send(page, "/refusal", {"text": ""})).status_code == 422
    await besnik.send(page, "/refusal", {"text": "Nuk dëshmohet."})
    refused = await arta.get(f"/sq/applications/{application}")
    assert "Nuk dëshmohet." in refused.text
    page = await arta.get(f"/sq/applications/{application}/appeal")
    appealed = await arta.follow(await arta.send(page, "/appeal", {"text": "Dëshmohet nga libri amzë."}))
    assert "E ankimuar" in appealed.text
    assert "Dëshmohet nga libri amzë." in appealed.text
    await another_officer_dismisses_it(arta, besnik, new_visitor(), application)
