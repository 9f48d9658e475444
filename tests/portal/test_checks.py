"""Every layer answers its own checklist: what one says stands beside the others and writes over none."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from tera.engine.checklist import Item
from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.models import Event
from tera.portal.review.checks.actions import CannotAssess, Filled, assess
from tera.portal.review.checks.queries import newest, standings_of
from tera.portal.review.checks.showing import tables
from tera.portal.review.conditions import are_checks_answered
from tera.portal.review.models import Assessment
from tera.portal.review.models.checks import Layer
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.conftest import office, person
from tests.portal.deciding import close_all

NOW = datetime.now(UTC)
Login = Callable[[User], Client]
PAGE, REGION, UNIT = (f"/tinjauan/sambas1/periksa/{part}" for part in ("", "wilayah/", "unit/"))


def items(layer: Layer) -> tuple[Item, ...]:
    return newest().items_of(layer)


def all_said(layer: Layer, answer: str) -> dict[str, str]:
    return {item.code: answer for item in items(layer)}


def page(client: Client, path: str = PAGE) -> str:
    reply = client.get(path)
    assert reply.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reply.content.decode())).split())


def scores(campaign: Campaign) -> dict[str, Fraction | None]:
    return {one.layer: one.shown.score for one in standings_of(campaign, {}) if one.shown}


def test_each_layer_has_its_own_score_beside_the_others(
    campaign: Campaign, budi: User, ratna: User, irma: User, login: Login
) -> None:
    assess(campaign, Layer.UNIT, Filled(all_said(Layer.UNIT, "YES"), note="Kata unit."), by=budi, at=NOW)
    assess(
        campaign,
        Layer.REGION,
        Filled(all_said(Layer.REGION, "PARTLY"), note="Kata wilayah."),
        by=ratna,
        at=NOW,
    )
    said = {**all_said(Layer.INSPECTORATE, "NO"), items(Layer.INSPECTORATE)[0].code: "YES"}
    assess(campaign, Layer.INSPECTORATE, Filled(said), by=irma, at=NOW)
    inspected = Fraction(1, len(said))
    assert scores(campaign) == {"unit": 1, "region": Fraction(1, 2), "inspectorate": inspected}
    shown = page(login(budi))
    assert shown.index("100 %") < shown.index("50 % 1/2") < shown.index(str(inspected))
    assert "Kata unit." in shown
    assert "Kata wilayah." in shown
    assert "Kanim Sambas," in shown
    assert "Inspektorat Jenderal," in shown  # the office that answered
    assert "Kementerian belum diisi" in shown


def test_an_earlier_assessment_stays(campaign: Campaign, ratna: User, login: Login) -> None:
    first, second = items(Layer.REGION)[:2]
    assess(campaign, Layer.REGION, Filled({first.code: "NO"}, note="Dahulu."), by=ratna, at=NOW)
    assess(campaign, Layer.REGION, Filled({first.code: "YES", second.code: "YES"}), by=ratna, at=NOW)
    assert list(Assessment.objects.order_by("number").values_list("number", "answers")) == [
        (1, {first.code: "NO"}),
        (2, {first.code: "YES", second.code: "YES"}),
    ]
    browser = login(ratna)
    assert "Versi 1, Kanwil Kalbar" in page(browser)
    assert "Dahulu." in page(browser, f"{PAGE}?region=1")
    assert "0 %" in page(browser, f"{PAGE}?region=1")
    assert "Versi 2" in page(browser, f"{PAGE}?region=99")  # there is none: the latest


def test_half_filled_it_is_kept_and_says_what_is_missing(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    browser, first = login(ratna), items(Layer.REGION)[0]
    sent = {first.code: "YES", f"remark-{first.code}": "Tiga loket.", "note": ""}
    assert browser.post(REGION, sent)["Location"] == f"{PAGE}?tersimpan#region"
    kept = Assessment.objects.get()
    assert (kept.answers, kept.remarks) == ({first.code: "YES"}, {first.code: "Tiga loket."})
    assert (kept.checklist, kept.sha256) == (newest().id, newest().sha256)
    assert (kept.by, kept.office.slug) == (ratna, "kanwil")
    left = len(items(Layer.REGION)) - 1
    assert f"{left} dari {left + 1} butir belum dijawab" in page(browser)
    assert not are_checks_answered(campaign)
    form = browser.get(REGION).content.decode()
    assert "Tiga loket." in form  # it goes on from there
    assert re.search(rf'name="{first.code}" value="YES"[^>]* checked', form)
    browser.post(REGION, {**sent, **all_said(Layer.REGION, "YES")})
    assert "Semua butir dijawab." in page(browser)
    assert are_checks_answered(campaign)


def test_the_same_again_adds_no_version(campaign: Campaign, ratna: User, login: Login) -> None:
    sent = {items(Layer.REGION)[0].code: "YES"}
    for _ in range(2):
        login(ratna).post(REGION, sent)
    assert Assessment.objects.count() == 1
    assert Event.objects.filter(kind="DEED", deed="assess-region", about="sambas1/1").count() == 1


def test_two_who_answer_at_once_do_not_write_over_each_other(
    campaign: Campaign, ratna: User, kanwil: Unit, login: Login
) -> None:
    first, second = items(Layer.REGION)[:2]
    wati = person("wati", "REGIONAL_HEAD", kanwil)
    desk, other = login(ratna), login(wati)
    begun = {"begun": "0"}
    assert 'name="begun" value="0"' in desk.get(REGION).content.decode()
    said = {**begun, first.code: "YES", f"remark-{first.code}": "Tiga loket.", "note": "Kata Wati."}
    assert other.post(REGION, said).status_code == 302
    mine = {**begun, first.code: "NO", second.code: "YES", "note": "Kata Ratna."}
    refused = desk.post(REGION, mine)
    assert refused.status_code == 400
    shown = " ".join(unescape(re.sub(r"<[^>]+>", " ", refused.content.decode())).split())
    assert "Belum tersimpan: wati, Kanwil Kalbar, menyimpan versi 1 pada" in shown
    assert "Tersimpan di versi 1: Ya Tiga loket." in shown
    assert "Tersimpan di versi 1: belum dijawab" in shown
    assert "Tersimpan di versi 1: Kata Wati." in shown
    assert shown.count("Tersimpan di versi 1:") == 3  # only where both differ
    typed = refused.content.decode()
    assert re.search(rf'name="{first.code}" value="NO"[^>]* checked', typed)
    assert "Kata Ratna." in typed
    assert Assessment.objects.count() == 1
    assert 'name="begun" value="1"' in typed
    assert desk.post(REGION, {**mine, "begun": "1"}).status_code == 302
    assert list(Assessment.objects.order_by("number").values_list("note", "by__username")) == [
        ("Kata Wati.", "wati"),
        ("Kata Ratna.", "ratna"),
    ]


def test_what_two_people_answer_alike_is_one_version(
    campaign: Campaign, ratna: User, kanwil: Unit, login: Login
) -> None:
    sent = {"begun": "0", items(Layer.REGION)[0].code: "YES"}
    for user in (ratna, person("wati", "REGIONAL_HEAD", kanwil)):
        assert login(user).post(REGION, sent).status_code == 302
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize("sent", [{}, {"note": "  "}, {"ALL_INVITED": "MAYBE"}])
def test_nothing_and_nonsense_are_refused(
    campaign: Campaign, ratna: User, login: Login, sent: dict[str, str]
) -> None:
    assert login(ratna).post(REGION, sent).status_code == 400
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    "filled", [Filled(), Filled({"TIDAK_ADA": "YES"}), Filled({"CHANGE_SEEN": "YES"}), Filled({}, {"X": "y"})]
)
def test_an_item_of_others_is_refused(campaign: Campaign, budi: User, filled: Filled) -> None:
    with pytest.raises(CannotAssess):
        assess(campaign, Layer.UNIT, filled, by=budi, at=NOW)


def test_nobody_answers_for_a_layer_that_is_not_theirs(
    campaign: Campaign, budi: User, dewi: User, ratna: User, irma: User, login: Login
) -> None:
    filled = Filled({"FOLLOW_UP": "YES"})
    theirs = {budi: Layer.UNIT, ratna: Layer.REGION, irma: Layer.INSPECTORATE, dewi: None}
    for user, mine in theirs.items():
        for layer in Layer:
            if layer != mine:
                with pytest.raises(PermissionDenied):
                    assess(campaign, layer, filled, by=user, at=NOW)
    assert login(budi).get(REGION).status_code == login(ratna).get(UNIT).status_code == 403
    assert login(dewi).get(PAGE).status_code == 403


def test_who_ran_the_units_surveys_does_not_answer_for_the_region(
    campaign: Campaign, sambas: Unit, ratna: User, login: Login
) -> None:
    Assignment.objects.create(user=ratna, role="OPERATOR", unit=sambas)
    assert login(ratna).get(REGION).status_code == 403
    with pytest.raises(PermissionDenied):
        assess(campaign, Layer.REGION, Filled(note="Baik."), by=ratna, at=NOW)


def test_what_a_decision_rests_on_stays_as_it_was(
    campaign: Campaign, budi: User, ratna: User, irma: User, login: Login
) -> None:
    close_all()  # and verified
    for layer, user in ((Layer.UNIT, budi), (Layer.REGION, ratna)):
        with pytest.raises(CannotAssess, match="decided"):
            assess(campaign, layer, Filled(note="Terlambat."), by=user, at=NOW)
    assert login(ratna).get(REGION)["Location"] == PAGE
    assert assess(campaign, Layer.INSPECTORATE, Filled(note="Setelah itu."), by=irma, at=NOW).number == 1


def test_a_layer_that_answered_an_older_checklist_stands_beside_its_own_items(
    campaign: Campaign, budi: User, ratna: User
) -> None:
    assess(campaign, Layer.UNIT, Filled(all_said(Layer.UNIT, "YES")), by=budi, at=NOW)
    assess(campaign, Layer.REGION, Filled(all_said(Layer.REGION, "YES")), by=ratna, at=NOW)
    older = replace(newest(), id="verification-0", items=newest().items_of("unit")[:3])
    unit, *others = standings_of(campaign, {})
    assert unit.shown
    now, before = tables([replace(unit, shown=replace(unit.shown, checklist=older)), *others], {})
    assert (now.checklist, now.layers) == (newest(), (Layer.REGION, Layer.INSPECTORATE, Layer.MINISTRY))
    assert (before.checklist, before.layers) == (older, (Layer.UNIT,))
    assert [row.item for _, rows in before.sections for row in rows] == list(older.items)


def test_a_checklist_that_reads_otherwise_now_gives_no_score(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    kept = assess(campaign, Layer.REGION, Filled(all_said(Layer.REGION, "YES")), by=ratna, at=NOW)
    Assessment.objects.filter(pk=kept.pk).update(sha256="0" * 64)  # somebody edited the checklist since
    shown = page(login(ratna))
    assert "sudah berbeda dari yang dijawab dahulu" in shown
    assert "100 %" not in shown


def test_a_ministry_sees_its_own_items_only(campaign: Campaign, kanwil: Unit, login: Login) -> None:
    ministry = office("kementerian", "Kementerian", "KEMENTERIAN")
    wati = person("wati", "MINISTRY", kanwil, ministry)
    form = login(wati).get("/tinjauan/sambas1/periksa/kementerian/").content.decode()
    asked = set(re.findall(r'<fieldset class="to-check" id="(\w+)"', form))
    assert (
        asked == {item.code for item in items(Layer.MINISTRY)} != {item.code for item in items(Layer.REGION)}
    )
