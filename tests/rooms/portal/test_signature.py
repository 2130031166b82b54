"""People sign what they apply for: at their eID, with PIN2, compared by digits; nothing counts before it is proven."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

from portal.database import Database
from portal.demo.plan import Plan
from tests.rooms.eid.fault import goes_wrong
from tests.rooms.portal.sheets import for_her_child, report, sent, until, withdraws
from tests.rooms.portal.signing import authorises, prepares, signs
from tests.rooms.portal.visitor import ARTA, BESNIK, DRITON, Visitor, application_of, forms, section_of
from tests.rooms.portal.workers import PAID, Working

Browsers = Callable[[], Visitor]


async def test_a_parent_signs_what_she_asks_for_her_child(
    new_visitor: Browsers, town: Plan, memory: Database, start: Working
) -> None:
    arta = new_visitor()
    await arta.signs_in(ARTA)
    page = await sent(arta, await for_her_child(arta, "residence-certificate", purpose="school"))
    assert page.url.path.endswith("/signature")
    prepared = await prepares(arta, page)
    digits = prepared.text.partition('id="digits">')[2].partition("<")[0]
    at_the_eid = await arta.follow(await arta.send(prepared, "/signature"))
    assert str(at_the_eid.url).startswith(arta.eid)
    assert digits.replace(" ", "").lower() in at_the_eid.text.lower().replace(" ", "")
    signed = await authorises(arta, at_the_eid, ARTA)
    start()
    application_id = application_of(page)
    issued = await until(arta, f"/sq/applications/{application_id}", "/document")
    assert signed.url.path in {page.url.path, issued.url.path}
    found, pdf = await report(memory, application_id, town)
    assert [(mark.kind, mark.level, mark.standing) for mark in found.marks] == [
        ("signature", "B-LTA", "valid"),
        ("seal", "B-LTA", "valid"),
    ]
    assert found.marks[0].name == "ARTA KRASNIQI DEMO"
    uploaded = await arta.get("/en/verify")
    shown = next(each for each in forms(uploaded) if each.method == "post")
    verdict = await arta.http.post("/en/verify", data=shown.fields, files={"file": ("a.pdf", pdf)})
    assert (verdict.status_code, "ARTA KRASNIQI DEMO" in verdict.text, ARTA in verdict.text) == (200, True, False)


async def test_both_parents_sign_one_document_and_then_it_is_paid(
    new_visitor: Browsers, town: Plan, memory: Database, start: Working
) -> None:
    start()
    arta, driton = new_visitor(), new_visitor()
    await driton.signs_in(DRITON)
    await arta.signs_in(ARTA)
    page = await sent(arta, await for_her_child(arta, "child-passport", reason="first"))
    address = page.url.path
    assert (await driton.get(address)).status_code == 200
    assert not [form for form in forms(await driton.get(address)) if "signature" in form.action], "it is not his turn"
    await signs(arta, page, ARTA)
    waiting = await until(arta, address, "Driton Krasniqi")
    await until(driton, "/sq/notices", "Pritet nënshkrimi juaj")
    his = await until(driton, address, "/signature/preparation")
    await signs(driton, his, DRITON)
    billed = await until(arta, f"/sq/applications/{application_of(waiting)}", "/payment")
    paying = await arta.follow(await arta.send(billed, "/payment"))
    await arta.follow(await arta.send(paying, "/card", PAID))
    await until(arta, f"/sq/applications/{application_of(waiting)}", "/document")
    found, _pdf = await report(memory, application_of(waiting), town)
    names = [mark.name for mark in found.marks]
    assert names == ["ARTA KRASNIQI DEMO", "DRITON KRASNIQI DEMO", "Agjencia e Regjistrimit Civil DEMO"]
    assert {mark.standing for mark in found.marks} == {"valid"}


async def test_a_stranger_neither_sees_nor_signs(new_visitor: Browsers, town: Plan) -> None:
    arta, besnik = new_visitor(), new_visitor()
    await arta.signs_in(ARTA)
    await besnik.signs_in(BESNIK)
    page = await sent(arta, await for_her_child(arta, "residence-certificate", purpose="bank"))
    for address in (page.url.path, f"{page.url.path}/sheet"):
        assert (await besnik.get(address)).status_code == 404
        assert (await arta.get(address)).status_code == 200
    assert (await arta.get(f"{page.url.path}/sheet")).content.startswith(b"%PDF-")
    await withdraws(arta, page)


async def test_who_refuses_at_the_eid_has_signed_nothing_and_may_sign_later(new_visitor: Browsers, town: Plan) -> None:
    arta = new_visitor()
    await arta.signs_in(ARTA)
    page = await sent(arta, await for_her_child(arta, "residence-certificate", purpose="bank"))
    prepared = await prepares(arta, page)
    at_the_eid = await arta.follow(await arta.send(prepared, "/signature"))
    refusal = next(each for each in forms(at_the_eid) if "refus" in each.action or "cancel" in each.action)
    back = await arta.follow(await arta.send(at_the_eid, refusal.action.partition("?")[0]))
    assert 'id="failure-title"' in back.text
    assert [each for each in forms(back) if each.action.endswith("/signature/preparation")]
    await withdraws(arta, back)


async def test_an_answer_is_changed_after_all_and_then_it_is_another_sheet(new_visitor: Browsers, town: Plan) -> None:
    arta = new_visitor()
    await arta.signs_in(ARTA)
    page = await sent(arta, await for_her_child(arta, "residence-certificate", purpose="bank"))
    prepared = await prepares(arta, page)
    first = (await arta.get(f"{page.url.path}/sheet")).content
    draft = await arta.follow(await arta.send(prepared, "/draft"))
    assert section_of(draft) == "check"
    stale = await arta.send(prepared, "/signature")
    assert stale.status_code in {303, 409}
    purpose = await arta.get(f"/sq/applications/{application_of(draft)}/sections/purpose")
    again = await sent(arta, await arta.answers(purpose, purpose="court"))
    assert again.url.path == page.url.path
    assert (await arta.get(f"{page.url.path}/sheet")).content != first
    await withdraws(arta, again)


async def test_a_signature_waits_until_the_time_stamps_are_back(
    new_visitor: Browsers, town: Plan, memory: Database, start: Working
) -> None:
    arta = new_visitor()
    await arta.signs_in(ARTA)
    page = await sent(arta, await for_her_child(arta, "residence-certificate", purpose="other", purpose_other="X"))
    signed = await signs(arta, page, ARTA)
    assert signed.url.path == page.url.path
    deaf = start(PORTAL_TSA_URL="http://127.0.0.1:9/tsa")
    await deaf.says("trust_services_unreachable")
    waiting = await arta.get(page.url.path)
    assert 'hx-trigger="every 1s"' in waiting.text, "it is being completed"
    assert not forms(waiting) or not [each for each in forms(waiting) if each.action.endswith("/signature")]
    deaf.process.kill()
    await deaf.ends()
    start()
    await until(arta, f"/sq/applications/{application_of(page)}", "/document")


# What goes wrong at the eID, where, on the way there or back: the reason in the log, and what she reads.
FAULTS: dict[tuple[str, str], tuple[str, str]] = {
    ("status_500", "par"): ("eid_error", "does not answer at the moment"),
    ("html", "par"): ("eid_not_json", "does not answer at the moment"),
    ("status_500", "token"): ("eid_error", "does not answer at the moment"),
    ("html", "token"): ("eid_not_json", "does not answer at the moment"),
    ("wrong_iss_parameter", "authorize"): ("iss_mismatch", "could not be trusted"),
    ("missing_iss_parameter", "authorize"): ("iss_mismatch", "could not be trusted"),
}


async def test_an_eid_that_goes_wrong_signs_nothing_and_she_reads_what_to_do(new_visitor: Browsers, town: Plan) -> None:
    arta = new_visitor()
    await arta.signs_in(ARTA)
    page = await sent(arta, await for_her_child(arta, "residence-certificate", purpose="bank"))
    address = page.url.path.replace("/sq/", "/en/")
    for (kind, at), (reason, sentence) in FAULTS.items():
        await goes_wrong(arta.eid, kind, client="portal", at=at)
        failed = await arta.follow(await arta.send(await arta.get(address), "/signature/preparation"))
        assert (failed.status_code, failed.url.path) == (200, address)
        assert 'id="failure-title"' in failed.text, (kind, at)
        assert sentence in failed.text, (kind, at)
        assert _reasons(town)[-1] == reason
        assert [form for form in forms(failed) if form.action.endswith("/signature/preparation")], "she may try again"
    prepared = await prepares(arta, await arta.get(address))
    await goes_wrong(arta.eid, "status_500", client="portal", at="token")
    failed = await authorises(arta, await arta.follow(await arta.send(prepared, "/signature")), ARTA)
    assert "does not answer at the moment" in failed.text
    assert 'id="digits"' not in failed.text
    await withdraws(arta, failed)


async def test_who_has_a_certificate_that_cannot_sign_is_told_before_she_is_asked(
    new_visitor: Browsers, town: Plan
) -> None:
    arta = new_visitor()
    await arta.signs_in(ARTA)
    page = await sent(arta, await for_her_child(arta, "residence-certificate", purpose="bank"))
    address = page.url.path.replace("/sq/", "/en/")
    _certificate(town, "renew", ARTA)
    _certificate(town, "suspend", ARTA)
    try:
        failed = await arta.follow(await arta.send(await arta.get(address), "/signature/preparation"))
        assert "Your signing certificate is suspended" in failed.text
        assert _reasons(town)[-1] == "certificate_suspended"
    finally:
        _certificate(town, "resume", ARTA)
    await withdraws(arta, await prepares(arta, failed))


def _reasons(town: Plan) -> list[str]:
    """Return why nothing was signed, each time, as the portal's log has it."""
    lines = (town.directory / "portal.log").read_text().splitlines()
    return [json.loads(line)["code"] for line in lines if '"not_signed"' in line]


def _certificate(town: Plan, act: str, number: str) -> None:
    done = town.commands("eid", ("certificate", act, "--person", number))
    subprocess.run(done.command, env=dict(done.environment), check=True, capture_output=True)
