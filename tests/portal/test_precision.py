"""Beside the law's verdict stands what the data prove, and a page says how far a result can be trusted."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tera.engine.response import Response
from tera.intake import inbox
from tera.portal.accounts.models import User
from tera.portal.results import actions as results
from tera.portal.results.counting import faults_of
from tera.portal.results.models import Analysis, Certification
from tera.portal.results.precision.actions import analyse_next
from tera.portal.results.proving import means_of, proofs_of, statuses_of
from tera.portal.results.queries import result_of
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tera.statistics.uncertainty.proof import Status
from tests.portal.deciding import close_all, exclude
from tests.portal.plans import plan_for

NOW = datetime.now(UTC)
DAY = (NOW.date() - date(1970, 1, 1)).days
Login = Callable[[User], Client]


def let_say(campaign: Campaign, *scores: int, service: str = "") -> list[bytes]:
    """Let people answer, each with one score throughout; return their commitments."""
    width = len(campaign.form.codes)
    held = [
        actions.held(Response(campaign.code, DAY, 1, service, (0, 0, 0, 0), False, (score,) * width))
        for score in scores
    ]
    inbox.put(settings.INTAKE, campaign.code, held)
    return [commitment for commitment, _, _ in held]


def certified(campaign: Campaign, ratna: User) -> Certification:
    close_all()
    return results.certify(campaign, by=ratna, at=NOW)


def analysed(campaign: Campaign, measure: str = "ipk") -> Any:
    while analyse_next(NOW):
        pass
    values = Analysis.objects.get(certification__campaign=campaign).values
    return {entry["measure"]: entry for entry in values}[measure]


def page(path: str, client: Client | None = None) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", (client or Client()).get(path).content.decode()))
    return " ".join(text.split())


def test_forty_good_forms_meet_the_law_and_prove_nothing_yet(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 32, *[3] * 8)
    certified(campaign, ratna)
    found = result_of([campaign])
    assert found.verdicts["wbk"].eligible
    ipk = proofs_of(found)["wbk"]["ipk"]
    assert (ipk.status, ipk.fake_forms_to_flip) == (Status.NOT_YET, 21)
    assert statuses_of(found) == {"wbk": Status.NOT_YET, "wbbm": Status.NOT_YET}
    said = page("/hasil/sambas1/")
    assert "belum terbukti" in said
    assert f"perlu {ipk.respondents_needed} responden lagi" in said
    assert "baru gugur bila jumlahnya paling sedikit 11 dari 40" in said  # then fewer than 30 are left


def test_three_hundred_good_forms_prove_it(campaign: Campaign, ratna: User, login: Login) -> None:
    let_say(campaign, *[4] * 270, *[3] * 30)
    certified(campaign, ratna)
    assert statuses_of(result_of([campaign]))["wbk"] == Status.PROVEN
    assert "Juga terbukti, dengan keyakinan 95 %, sejauh" in page("/hasil/sambas1/")
    assert "terbukti" in page("/laporan/wilayah/kanwil/", login(ratna))


def test_where_the_law_says_no_nothing_is_proven(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[3] * 300)
    certified(campaign, ratna)
    assert statuses_of(result_of([campaign])) == {}
    assert "terbukti" not in page("/hasil/sambas1/")


def test_before_it_is_certified_only_the_blocks_whose_index_is_shown_are_judged(campaign: Campaign) -> None:
    let_say(campaign, *[4] * 60)
    actions.seal_due(NOW)
    found = result_of([campaign])
    shown = sum(block.responses for block in found.shown)
    assert 0 < shown < 60
    assert means_of(found)["skm-9"] == Counter({Fraction(4): shown})


def test_what_two_offices_excluded_is_not_in_the_means(campaign: Campaign, ratna: User, irma: User) -> None:
    let_say(campaign, *[4] * 40)
    angry = let_say(campaign, *[1] * 12)
    close_all()
    exclude(campaign, angry, ratna, irma)
    certification = certified(campaign, ratna)
    assert certification.spread["spak-5-4"] == Counter({Fraction(4): 40})
    assert list(faults_of(campaign)) == []
    Certification.objects.update(means={**certification.means, "spak-5-4": {"4": 41}})
    assert [fault for fault in faults_of(campaign) if "does not follow from its blocks" in fault]


def test_the_page_appears_with_the_certified_result_and_is_filled_by_the_worker(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    let_say(campaign, *[4] * 32, *[3] * 8)
    close_all()
    assert Client().get("/hasil/sambas1/ketelitian/").status_code == 404
    assert "Dihitung setelah hasil disahkan." in page("/laporan/sambas1/ketelitian/", login(ratna))
    results.certify(campaign, by=ratna, at=NOW)
    assert "Belum dihitung." in page("/hasil/sambas1/ketelitian/")
    found = analysed(campaign)
    assert found["lower"] < found["t"] < found["value"] == 14.25 < found["upper"]
    assert (found["response_rate"], found["label"]["id"].split(",")[0]) == (0.0381, "memenuhi jumlah minimum")
    low, high = found["missing"]  # 40 of 1050 answered: the others may say anything
    assert low == pytest.approx(40 / 1050 * 14.25 + 1010 / 1050 * 3.75, abs=1e-4)
    assert high == pytest.approx(40 / 1050 * 14.25 + 1010 / 1050 * 15, abs=1e-4)
    said = page("/hasil/sambas1/ketelitian/")
    assert said.count("Nilai sebenarnya") == 2
    assert "3,8 % dari yang dilayani menjawab" in said
    assert "Beranggapan bahwa tidak ada kelompok kecil yang sangat kecewa." in said


def test_forms_ticked_down_one_column_are_a_warning_not_a_prize(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 32, *[2] * 8)
    certified(campaign, ratna)
    found = analysed(campaign, "ikm")["reliability"]
    assert (found["n"], found["alpha"]) == (40, 1.0)
    assert "Ini peringatan, bukan prestasi." in page("/hasil/sambas1/ketelitian/")


def test_a_period_is_compared_with_the_last_one(campaign: Campaign, budi: User, ratna: User) -> None:
    before = actions.open_campaign(
        unit=campaign.unit, plan=plan_for(date(2025, 9, 1)), by=budi, at=NOW, code="lalu"
    )
    let_say(before, *[3] * 200)
    let_say(campaign, *[4] * 200)
    close_all()
    for one in (before, campaign):
        results.certify(one, by=ratna, at=NOW)
    change = analysed(campaign)["before"]
    assert (change["value"], change["n"], change["word"]["id"]) == (3.75, 200, "lebih baik")
    assert change["interval"][0] > 0
    assert analysed(before)["before"] is None
    assert "Dari Semester II 2025: lebih baik." in page("/hasil/sambas1/ketelitian/")


@pytest.fixture
def by_service(sambas: Unit, budi: User) -> Campaign:
    """Return a campaign of which is known how many people each service served."""
    plan = replace(plan_for(NOW.date()), served={"PASPOR": 900, "IZIN": 150})
    return actions.open_campaign(unit=sambas, plan=plan, by=budi, at=NOW, code="layanan")


def test_services_are_weighted_as_they_served_beside_the_verdict(by_service: Campaign, ratna: User) -> None:
    let_say(by_service, *[4] * 20, service="PASPOR")
    let_say(by_service, *[3] * 20, service="IZIN")
    certified(by_service, ratna)
    found = analysed(by_service)["weighted"]
    assert found["unweighted"] == 13.125
    assert found["value"] == pytest.approx((15 * 900 + 11.25 * 150) / 1050, abs=1e-4)
    assert found["effective_n"] < 40
    assert result_of([by_service]).zone["ipk"].converted == Fraction("13.125")


def test_nine_people_of_a_service_cannot_be_computed_from_two_means(
    by_service: Campaign, ratna: User
) -> None:
    let_say(by_service, *[4] * 40, service="PASPOR")
    let_say(by_service, *[1] * 9, service="IZIN")
    certified(by_service, ratna)
    assert analysed(by_service)["weighted"] == {"why_not": "few"}
    assert "kurang dari sepuluh jawaban" in page("/hasil/layanan/ketelitian/")


def test_answers_without_a_service_are_not_weighted(by_service: Campaign, ratna: User) -> None:
    let_say(by_service, *[4] * 40, service="PASPOR")
    let_say(by_service, *[3] * 12)
    certified(by_service, ratna)
    assert analysed(by_service)["weighted"] == {"why_not": "unlike"}


def test_a_result_of_nine_people_is_not_analysed(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 9)
    certified(campaign, ratna)
    assert not analyse_next(NOW)
    assert "Hasil dengan kurang dari sepuluh jawaban" in page("/hasil/sambas1/ketelitian/")


def test_a_few_excluded_answers_are_not_in_any_figure_beside_the_result(
    campaign: Campaign, ratna: User, irma: User
) -> None:
    let_say(campaign, *[4] * 50, *[3] * 10)
    angry = let_say(campaign, 1)
    close_all()
    exclude(campaign, angry, ratna, irma)
    certified(campaign, ratna)
    assert analysed(campaign)["reliability"] == {"why_not": "removed"}
    assert "beberapa jawaban dikecualikan" in page("/hasil/sambas1/ketelitian/")


def test_nothing_tells_what_one_person_said_where_a_question_may_be_left_blank(
    sambas: Unit, budi: User, ratna: User, login: Login
) -> None:
    plan = plan_for(NOW.date(), "ipk-10")
    opened = actions.open_campaign(unit=sambas, plan=plan, by=budi, at=NOW, code="bayar")
    paid, others = (
        [given if code == "IPK10_TRANSAKSI" else 4 for code in opened.form.codes] for given in (1, 0)
    )
    rows = [tuple(paid), *[tuple(others)] * 59]
    held = [actions.held(Response("bayar", DAY, 1, "", (0, 0, 0, 0), False, row)) for row in rows]
    inbox.put(settings.INTAKE, "bayar", held)
    actions.seal_due(NOW)
    assert means_of(result_of([opened])) == {}
    assert certified(opened, ratna).spread == {}
    assert proofs_of(result_of([opened]))["wbk"]["ipk"].status == Status.UNJUDGED
    assert not analyse_next(NOW)


def test_it_is_said_when_it_would_take_more_respondents_than_people_were_served(
    sambas: Unit, budi: User, ratna: User
) -> None:
    plan = replace(plan_for(NOW.date()), population=45)
    opened = actions.open_campaign(unit=sambas, plan=plan, by=budi, at=NOW, code="kecil")
    let_say(opened, *[4] * 28, *[3] * 12)
    certified(opened, ratna)
    assert "Itu lebih banyak daripada orang yang dilayani" in page("/hasil/kecil/")
