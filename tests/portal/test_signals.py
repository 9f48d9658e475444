"""Screening looks at closed surveys, and shows the offices above what is rare. It accuses nobody."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from tera.engine.breakdown import Spread
from tera.engine.catalogue import get_codelists
from tera.engine.response import Response
from tera.engine.tally import Tally, as_values
from tera.intake import inbox
from tera.intake.blocks import list_blocks
from tera.portal.accounts.models import Assignment, User
from tera.portal.demo.actions import invent, plant
from tera.portal.ledger.models import Event, Statement
from tera.portal.results import actions as results
from tera.portal.results.counting import faults_of
from tera.portal.results.models import Certification, Removed
from tera.portal.results.queries import result_of
from tera.portal.review import actions as review
from tera.portal.review.actions import find_heaps_next, screen_next
from tera.portal.review.arriving import Elsewhere
from tera.portal.review.computing import that_fit
from tera.portal.review.models import Heaping, Screening, Status
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tera.statistics.screening import screen
from tests.portal.conftest import office, person
from tests.portal.deciding import OVER, close_all, fill_methods
from tests.portal.plans import plan_for

NOW = datetime.now(UTC)
TODAY = NOW.date()
MODEL = {"satisfaction": 3.3, "honesty": 3.6, "lows": ["SARANA"]}
Login = Callable[[User], Client]
PAGE = "/tinjauan/sambas1/tanda/"


def survey(unit: Unit, code: str, day: date = TODAY) -> Campaign:
    return actions.record(unit=unit, plan=plan_for(day, "skm-9"), by=None, at=NOW, code=code)


def let_answer(campaign: Campaign, people: int = 60, copies: int = 0, channel: str = "") -> None:
    """Let invented people answer; so many of the forms are copies of one."""
    generator = random.Random(campaign.code + channel)
    day = campaign.starts_on
    said = invent(campaign.form, {**MODEL, "responses": people}, (day, day), generator)
    put(campaign, plant(said, copies, generator), channel)


def put(campaign: Campaign, said: list[Response], channel: str = "") -> None:
    if channel:
        byte = get_codelists().channel.byte_of(channel)
        said = [replace(response, channel=byte) for response in said]
    inbox.put(settings.INTAKE, campaign.code, [actions.held(response) for response in said])


def screened() -> dict[str, Screening]:
    """Let the worker do all there is to screen."""
    while screen_next(NOW):
        pass
    return {entry.campaign.code: entry for entry in Screening.objects.select_related("campaign")}


def page(client: Client, path: str) -> str:
    reply = client.get(path)
    assert reply.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reply.content.decode())).split())


@pytest.fixture
def planted(campaign: Campaign) -> Campaign:
    """Return the closed survey of Sambas: 25 of 60 forms are copies."""
    let_answer(campaign, copies=25)
    close_all()
    return campaign


def test_an_honest_unit_is_quiet(campaign: Campaign, ratna: User, login: Login) -> None:
    let_answer(campaign)
    close_all()
    assert screened()["sambas1"].status == Status.QUIET
    said = page(login(ratna), PAGE)
    assert "tidak ada yang menonjol" in said
    assert "tidak dapat melihat pemalsu yang hati-hati" in said  # what it cannot see is said all the same
    assert "Ada pola yang jarang" not in said


def test_copies_need_review_and_nobody_is_accused(planted: Campaign, ratna: User, login: Login) -> None:
    found = screened()["sambas1"]
    assert found.status == Status.REVIEW
    assert found.q is not None
    assert found.q <= 0.05
    said = page(login(ratna), PAGE)
    assert "perlu ditelaah" in said
    assert "paling banyak 1 dari" in said
    assert "panggilan balik" in said  # what to do next
    assert "Tanda adalah alasan untuk bertanya, bukan tuduhan." in said
    assert not re.search(r"\b(curang|pelaku|tersangka)\b", said)


def test_how_far_respondents_differ_is_said_in_words_alone(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    let_answer(campaign)
    close_all()
    screened()
    said = page(login(ratna), "/tinjauan/sambas1/tanda/")
    assert "Responden berbeda satu sama lain sejauh yang biasa" in said
    assert "Simpangan baku" not in said


def test_what_screening_calls_a_campaign_is_what_pages_know() -> None:
    assert set(Status.values) == {status.value for status in screen.Status}


def test_who_runs_the_survey_never_sees_its_signals(
    planted: Campaign, sambas: Unit, budi: User, ratna: User, login: Login
) -> None:
    screened()
    hadi = person("hadi", "HEAD_OF_UNIT", sambas)
    for runner in (budi, hadi):
        assert login(runner).get(PAGE).status_code == 403
        assert login(runner).get("/tinjauan/wilayah/kanwil/").status_code == 403
        assert "Tanda pada jawaban" not in page(login(runner), "/laporan/sambas1/")
    assert "Tanda pada jawaban" in page(login(ratna), "/laporan/sambas1/")
    assert Client().get(PAGE).status_code == 302


def test_a_verifier_who_ran_the_unit_since_sees_the_others_only(
    planted: Campaign, sambas: Unit, lapas: Unit, ratna: User, login: Login
) -> None:
    survey(lapas, "lapas1")
    Assignment.objects.create(user=ratna, role="OPERATOR", unit=sambas)
    assert login(ratna).get(PAGE).status_code == 403
    said = page(login(ratna), "/tinjauan/wilayah/kanwil/")
    assert "Lapas Pontianak" in said
    assert "Kanim Sambas" not in said


def test_a_verifier_of_another_region_sees_nothing(planted: Campaign, login: Login) -> None:
    screened()
    elsewhere = office("kaltim", "Kanwil Kaltim", "KANWIL")
    office("bontang", "Kanim Bontang", "KANIM", elsewhere)
    rudi = login(person("rudi", "REGIONAL_VERIFIER", elsewhere))
    assert rudi.get(PAGE).status_code == 403
    assert rudi.get("/tinjauan/wilayah/kanwil/").status_code == 403
    assert "Belum ada survei di bawah kantor ini." in page(rudi, "/tinjauan/wilayah/kaltim/")


def test_every_look_is_in_the_trail_and_the_result_was_there_before(
    planted: Campaign, ratna: User, login: Login
) -> None:
    screened()
    deed = Event.objects.get(deed="screen")
    code, program, _result = deed.about.split()
    assert (code, program) == ("sambas1", Screening.objects.get().program)
    assert not Event.objects.filter(deed="see-signals").exists()
    assert program in page(login(ratna), PAGE)
    seen = Event.objects.get(deed="see-signals")
    assert (seen.kind, seen.who, seen.about, seen.pk > deed.pk) == ("LOOK", "ratna", "sambas1", True)


def test_a_survey_is_screened_once_and_only_when_it_is_closed(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    let_answer(campaign)
    actions.seal_due(NOW)
    assert list_blocks(settings.INTAKE, ["sambas1"])
    assert screened() == {}
    said = page(login(ratna), PAGE)
    assert "setelah survei ditutup" in said
    assert "Batas penyaringan." in said
    actions.seal_due(OVER)
    assert screened() == {}  # the ledger does not say yet that it is closed
    actions.tell_of_blocks()
    assert "Belum dihitung." in page(login(ratna), PAGE)
    first = screened()["sambas1"]
    assert not screen_next(NOW + timedelta(days=1))
    again = Screening.objects.get()
    assert (again.values, again.p, again.made_at) == (first.values, first.p, first.made_at)


def test_two_workers_that_chose_the_same_survey_keep_it_once(planted: Campaign) -> None:
    for hours in (0, 1):
        review.screen(planted, NOW + timedelta(hours=hours))
    screened()
    kept = Screening.objects.get()
    assert (kept.made_at, kept.status) == (NOW, Status.REVIEW)
    assert Event.objects.filter(deed="screen").count() == 1


def test_what_is_rare_is_judged_among_all_of_the_period(
    planted: Campaign, sambas: Unit, lapas: Unit, ratna: User, login: Login
) -> None:
    alone = screened()["sambas1"]
    assert (alone.q, alone.together) == (alone.p, 1)
    for number in range(2):
        let_answer(survey(lapas, f"lapas{number}"))
    let_answer(survey(sambas, "dulu", date(TODAY.year - 1, 3, 1)))
    close_all()
    found = screened()
    assert found["sambas1"].p == alone.p
    assert found["sambas1"].q == pytest.approx(3 * (alone.p or 0))
    assert found["sambas1"].together == found["lapas0"].together == 3
    assert (found["dulu"].q, found["dulu"].together) == (found["dulu"].p, 1)
    said = page(login(ratna), "/tinjauan/wilayah/kanwil/")
    assert "1 dari 3 survei yang sudah disaring perlu ditelaah." in said
    assert said.index("Kanim Sambas") < said.index("Lapas Pontianak")


def test_too_few_forms_are_not_screened_and_that_is_said(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    let_answer(campaign, people=25)
    close_all()
    found = screened()["sambas1"]
    assert (found.status, found.p, found.q) == (Status.UNSCREENED, None, None)
    said = page(login(ratna), PAGE)
    assert "tidak dapat disaring" in said
    assert "kurang dari 30 formulir lengkap" in said


def test_of_a_survey_that_is_too_large_blocks_are_chosen_by_chance() -> None:
    blocks = [(Tally(1500, 1500, {}), Spread(straight=number)) for number in range(4)]
    assert that_fit(blocks[:2], 1) == blocks[:2]
    chosen = [that_fit(blocks, seed) for seed in range(20)]
    assert {len(some) for some in chosen} == {2}  # 3,000 forms; a third block would be too many
    assert len({tuple(spread.straight for _, spread in some) for some in chosen}) > 1
    assert that_fit(blocks, 3) == chosen[3]


def test_screening_changes_no_result(planted: Campaign, ratna: User) -> None:
    before, said = result_of([planted]), Statement.objects.count()
    screened()
    after = result_of([planted])
    assert (after.tallies, after.indices, after.zone) == (before.tallies, before.indices, before.zone)
    assert Statement.objects.count() == said
    fill_methods(planted)
    certification = results.certify(planted, by=ratna, at=NOW)
    assert (certification.count, certification.excluded) == (60, 0)
    assert not Removed.objects.exists()
    assert list(faults_of(planted)) == []


def test_imported_answers_are_screened_too(sambas: Unit, ratna: User, login: Login) -> None:
    campaign = actions.record(
        unit=sambas, plan=plan_for(TODAY, "skm-9", source="Rekap kertas"), by=None, at=NOW, code="sambas1"
    )
    generator = random.Random(2)
    said = invent(campaign.form, {**MODEL, "responses": 60}, (TODAY, TODAY), generator)
    actions.import_answers(campaign, [entry.answers for entry in plant(said, 25, generator)])
    actions.tell_of_blocks()
    assert screened()["sambas1"].status == Status.REVIEW
    assert "bagaimana mereka datang tidak diketahui" in page(login(ratna), PAGE)


def test_how_answers_came_is_shown_without_small_cells_and_decides_nothing(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    counted = {"PHONE": 41, "COMPUTER": 12, "TABLET": 6, "OTHER": 1}
    with settings.INTAKE.transaction() as cursor:
        for code, n in counted.items():
            cursor.run("INSERT INTO counters VALUES (?, ?, ?, ?)", ("sambas1", "device", code, n))
    let_answer(campaign)
    close_all()
    found = screened()["sambas1"]
    assert (found.counts, found.status) == ({"device": counted}, Status.QUIET)
    said = page(login(ratna), PAGE)
    assert "Ponsel 41" in said
    assert "Komputer tidak ditampilkan" in said
    assert "Lainnya tidak ditampilkan" in said
    assert "perlu sepuluh survei lain" in said


def test_beside_ten_other_surveys_one_kind_of_device_and_tickets_used_at_once_are_rare() -> None:
    others = [{"device": {"PHONE": 40, "COMPUTER": 20}, "delay": {"0": 12, "1": 30, "2-3": 18}}] * 10
    own = {"device": {"PHONE": 60}, "delay": {"0": 50, "1": 10}}
    told = Elsewhere([*others, own]).judge(own, seed=1)
    assert [told[kind]["is_notable"] for kind in ("device", "delay")] == [True, True]
    assert told["delay"]["observed"] == pytest.approx(50 / 60)
    assert told["delay"]["expected"] == pytest.approx(12 / 60)  # of the others alone
    usual = Elsewhere([*others, others[0]]).judge(others[0], seed=1)
    assert [usual[kind]["is_notable"] for kind in ("device", "delay")] == [False, False]


def test_what_may_not_be_shown_is_not_compared() -> None:
    others = [{"device": {"PHONE": 40, "COMPUTER": 20}, "delay": {"0": 12, "1": 30, "2-3": 18}}] * 11
    own = {"delay": {"0": 3, "1": 40}}
    assert Elsewhere([*others, own]).judge(own, seed=1) == {"delay": {"why_not": "few"}}


def test_better_answers_before_staff_are_a_signal_that_decides_nothing(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    let_answer(campaign, 40, channel="WEB")
    day = (campaign.starts_on - date(1970, 1, 1)).days
    width = len(campaign.form.codes)
    content = [4] * (width // 2) + [3] * (width - width // 2)
    said = [
        Response(
            campaign.code, day, 1, "", (0, 0, 0, 0), False, tuple(random.Random(n).sample(content, width))
        )
        for n in range(20)
    ]
    services = list(campaign.form.services) or [""]
    put(campaign, [replace(one, service=services[0]) for one in said], "KIOSK")
    close_all()
    gaps = [found["gap"] for found in screened()["sambas1"].values["found"]]
    assert max(gap["difference"] for gap in gaps) > 0.2
    assert any(gap["is_notable"] for gap in gaps)
    assert not any("first" in gap for gap in gaps)  # how many came there is not said
    assert "Di kantor dan di luar kantor jarang" in page(login(ratna), PAGE)


def certify_scores(parent: Unit, sums: list[int]) -> None:
    """Certify a result for each of so many units: of 30 answers so many are 4 and the others 3."""
    for number, fours in enumerate(sums):
        unit = office(f"unit-{number}", f"Unit {number}", "KANIM", parent)
        plan = plan_for(TODAY, "spak-5-4")
        campaign = actions.record(unit=unit, plan=plan, by=None, at=NOW, code=f"unit-{number}")
        tally = Tally(30, 30, {code: {3: 30 - fours, 4: fours} for code in campaign.form.codes})
        kept = as_values({"spak-5-4": tally})
        Certification.objects.create(
            campaign=campaign, count=30, excluded=0, controls=0, tallies=kept, tallies_with=kept,
            certified_for=parent, certified_at=NOW,
        )  # fmt: skip


def test_scores_that_stop_just_above_a_threshold_are_for_those_who_see_all_units(
    kanwil: Unit, irma: User, ratna: User, login: Login
) -> None:
    assert "Belum dihitung" in page(login(irma), "/tinjauan/wilayah/kanwil/ambang/")
    certify_scores(kanwil, [18] * 22 + [17] * 2)  # 13.50 and 13.375 of 15
    assert find_heaps_next(NOW)
    assert not find_heaps_next(NOW)
    [ipk] = Heaping.objects.get().values
    [heap] = ipk["heaps"]
    assert (heap["threshold"], heap["above"], heap["below"]) == ("27/2", 22, 2)
    said = page(login(irma), "/tinjauan/wilayah/kanwil/ambang/")
    assert "Tepat di atas ambang ada 22 unit, tepat di bawahnya 2." in said
    assert "bukan tentang salah satunya" in said
    assert login(ratna).get("/tinjauan/wilayah/kanwil/ambang/").status_code == 403


def test_a_new_certification_is_looked_at_the_next_day(kanwil: Unit) -> None:
    certify_scores(kanwil, [18])
    assert find_heaps_next(NOW)
    unit = office("baru", "Unit Baru", "KANIM", kanwil)
    let_answer(survey(unit, "baru"), people=40)
    close_all()
    results.certify(Campaign.objects.get(code="baru"), by=person("rani", "REGIONAL_HEAD", kanwil), at=NOW)
    assert not find_heaps_next(NOW)
    assert find_heaps_next(NOW + timedelta(days=1))
    assert Heaping.objects.get().certified == 2
