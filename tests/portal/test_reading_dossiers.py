"""What a dossier says can be read by who never saw one: nothing raw, nothing false, short on paper."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from tera.engine.catalogue import get_checklist
from tera.portal.accounts.models import User
from tera.portal.results import actions as results
from tera.portal.results.models import Reason
from tera.portal.results.queries import result_of
from tera.portal.review.models import CallRound, Visit
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.test_dossier import PAGE, close, let_say, text

NOW = datetime.now(UTC)
Login = Callable[[User], Client]


def visited(campaign: Campaign, ratna: User, kanwil: Unit) -> None:
    asked = get_checklist("verification-1")
    said = {"checklist": asked.id, "sha256": asked.sha256, "answers": {}, "layer": "region", "key": "k" * 43}
    day = {"visited_on": date(2026, 3, 2), "at": NOW, "note": "Poster ada di loket 2."}
    Visit.objects.create(campaign=campaign, by=ratna, office=kanwil, **said, **day)


def test_what_respondents_were_told_names_the_unit_in_the_language_of_the_page(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    reader = login(ratna)
    assert "Kanim Sambas mengumpulkan jawaban Anda, tanpa nama" in text(reader)
    reader.post("/bahasa/setlang/", {"language": "en"})
    said = text(reader)
    assert "Kanim Sambas collects your answers" in said
    assert "{unit}" not in said


def test_a_criterion_that_is_missed_never_looks_met_and_has_few_decimals(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    let_say(campaign, 120, low=campaign.form.codes[-1], least=3)
    close()
    said = text(login(ratna))
    rows = re.findall(r"Indeks Persepsi Korupsi : ([\d,]+), batas ≥ 13,50: kurang ([\d,]+)", said)
    assert len(rows) == 2  # WBK and WBBM
    for value, short_by in rows:
        assert (len(value), len(short_by)) == (5, 4)
    assert "≥ 13,50: belum" not in said


def test_it_says_what_the_certification_adds_and_takes_off(
    campaign: Campaign, kanwil: Unit, ratna: User, irma: User, login: Login
) -> None:
    names = let_say(campaign, 120)
    close()
    last = 120 - result_of([campaign]).n
    assert text(login(ratna)).count(f"{last} jawaban di blok terakhir baru ikut saat hasil disahkan.") == 2
    off = dict.fromkeys(names[:3], Reason.STAFF)
    proposed = results.propose_exclusion(campaign, off, by=ratna, office=kanwil)
    results.confirm_exclusion(proposed, by=irma, office=Unit.objects.get(slug="itjen"))
    assert "dan 3 yang tidak dihitung baru dikurangkan saat itu." in text(login(ratna))


def test_visits_lead_to_what_was_seen_and_only_some_record_one(
    campaign: Campaign, kanwil: Unit, ratna: User, budi: User, login: Login
) -> None:
    visited(campaign, ratna, kanwil)
    for user, records in ((ratna, True), (budi, False)):
        page = login(user).get(PAGE).content.decode()
        assert 'periksa/#kunjungan">Kunjungan dan fotonya' in page
        assert ("Catat kunjungan" in page) == records
    checks = login(budi).get(f"{PAGE}periksa/").content.decode()
    assert 'id="kunjungan"' in checks
    assert "Poster ada di loket 2." in checks


def test_calls_that_were_never_made_are_told(
    campaign: Campaign, kanwil: Unit, ratna: User, login: Login
) -> None:
    CallRound.objects.create(
        campaign=campaign, number=1, source="REGISTER", population=200, sample=20, seed="s", by=ratna,
        office=kanwil, at=NOW, delete_on=date(2026, 3, 2), finished_at=NOW, outcomes={"GENUINE": 15},
    )  # fmt: skip
    assert "Tidak sempat dipanggil 5" in text(login(ratna))


@pytest.mark.parametrize(("query", "is_whole"), [("", False), ("?cetak=lengkap", True)])
def test_it_is_printed_with_all_explanations_only_where_asked(
    campaign: Campaign, ratna: User, login: Login, query: str, is_whole: bool
) -> None:
    page = login(ratna).get(f"{PAGE}{query}").content.decode()
    assert ("dossier-whole" in page) == is_whole
    assert ('href="?cetak=lengkap"' in page) != is_whole
    assert f'data-running="Kanim Sambas · {campaign.period}"' in page
