"""Small campaigns beside large ones, questions that may be left blank, answers that are taken back.

Nothing that is shown differs from anything else by a few people.
"""

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.conf import settings
from django.test import Client

from tera.engine.response import Response
from tera.intake import erasing, inbox, receipts
from tera.intake.blocks import list_blocks
from tera.intake.exporting import list_named
from tera.intake.inbox import new_key
from tera.intake.submission import base64url
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Statement
from tera.portal.results import actions as results
from tera.portal.results.actions import CannotExclude
from tera.portal.results.correcting.actions import correct
from tera.portal.results.models import Reason
from tera.portal.results.queries import is_to_be_taken_off, result_with
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal import test_precision
from tests.portal.deciding import close_all, exclude
from tests.portal.plans import plan_for
from tests.portal.respondents import Respondent

NOW = datetime.now(UTC)
OPTIONAL = "IKM21_ADUAN_MUDAH"
Rows = Callable[[str], list[dict[str, str]]]


@pytest.fixture
def rows(budi: User) -> Rows:
    """Return a deed: Budi exports the answers of a campaign."""
    client = Client()
    client.force_login(budi)

    def export(code: str) -> list[dict[str, str]]:
        reply = client.get(f"/laporan/{code}/jawaban.csv")
        return list(csv.DictReader(StringIO(reply.content.decode()))) if reply.status_code == 200 else []

    return export


def opened(unit: Unit, budi: User, code: str, *instruments: str) -> Campaign:
    campaign = actions.open_campaign(
        unit=unit, plan=plan_for(NOW.date(), *instruments), by=budi, at=NOW, code=code
    )
    actions.publish(campaign)
    return campaign


def let_say(campaign: Campaign, *optional: int | None) -> list[bytes]:
    """Let people answer 3 throughout, but to what may be left blank as is given; return their commitments."""
    required = {item.code for item in campaign.form.items if item.required}
    held = []
    for score in optional:
        answers = tuple(
            3 if code in required else score if code == OPTIONAL else None for code in campaign.form.codes
        )
        held.append(actions.held(Response(campaign.code, 20780, 1, "", (0, 0, 0, 0), False, answers)))
    inbox.put(settings.INTAKE, campaign.code, held)
    return [commitment for commitment, _, _ in held]


def test_a_campaign_of_three_adds_nothing_to_what_is_shown_of_a_large_one(
    sambas: Unit, budi: User, ratna: User, rows: Rows
) -> None:
    large, small = (opened(sambas, budi, code) for code in ("besar", "kecil"))
    let_say(large, *[None] * 20)
    let_say(small, *[None] * 3)
    close_all()
    results.certify(large, by=ratna, at=NOW)
    before = rows("besar")
    results.certify(small, by=ratna, at=NOW)
    assert len(rows("besar")) == len(before) == 20
    assert result_with(small).indices[0].n == 20


def test_who_is_excluded_cannot_be_read_off_a_question_that_few_answered(
    sambas: Unit, budi: User, ratna: User, irma: User, rows: Rows
) -> None:
    campaign = opened(sambas, budi, "aduan", "ikm-21")
    [victim, *_] = let_say(campaign, 1, *[4] * 20, *[None] * 29)
    actions.seal_due(NOW)
    close_all()
    exclude(campaign, [victim], ratna, irma)
    results.certify(campaign, by=ratna, at=NOW)
    told = {entry["item"] for entry in Statement.objects.get(kind="certified").as_said()["tally"]}
    assert OPTIONAL in told  # the certified result has it, so no list of answers may
    assert {row[OPTIONAL] for row in rows("aduan")} == {""}
    assert len(rows("aduan")) == 30


def test_a_question_that_few_answered_in_one_campaign_stays_hidden_beside_another(
    sambas: Unit, budi: User, ratna: User, rows: Rows
) -> None:
    few, many = (opened(sambas, budi, code, "ikm-21") for code in ("sedikit", "banyak"))
    let_say(few, *[1] * 5, *[None] * 15)
    let_say(many, *[4] * 12, *[None] * 8)
    close_all()
    for campaign in (few, many):
        results.certify(campaign, by=ratna, at=NOW)
    found = result_with(few)
    assert found.tallies["ikm-21"].counts[OPTIONAL] == {4: 12}
    assert Counter(row[OPTIONAL] for row in rows("banyak")) == {"4": 12, "": 28}


def test_a_block_that_leaves_the_export_takes_optional_questions_along(
    sambas: Unit, budi: User, ratna: User, rows: Rows, sari: Respondent
) -> None:
    campaign = opened(sambas, budi, "aduan", "ikm-21")
    key = new_key(NOW)
    required = {item.code: 3 for item in campaign.form.items if item.required}
    receipt = sari.send_json("/s/aduan", key=base64url(key), answers=required).json()["receipt"]
    let_say(campaign, *[4] * 20, *[None] * 20)
    actions.seal_due(NOW)
    close_all()
    results.certify(campaign, by=ratna, at=NOW)
    assert Counter(row[OPTIONAL] for row in rows("aduan")) == {"4": 20, "": 21}
    erasing.erase(settings.INTAKE, receipt, key)
    actions.tell_of_blocks()
    assert {row[OPTIONAL] for row in rows("aduan")} == {""}


def test_answers_are_not_taken_back_until_the_last_block_would_be_of_a_few(
    campaign: Campaign, sari: Respondent, ratna: User, rows: Rows
) -> None:
    answers = dict.fromkeys(campaign.form.codes, 4)
    sent = {}
    for _ in range(30):
        key = new_key(NOW)
        sent[sari.send_json("/s/sambas1", key=base64url(key), answers=answers).json()["receipt"]] = key
    actions.seal_due(NOW)
    refused = []
    for receipt, key in sent.items():
        place = receipts.find(settings.INTAKE, receipt)
        if place is not None and place.block == 0:
            try:
                erasing.erase(settings.INTAKE, receipt, key)
            except erasing.CannotErase as error:
                refused.append((receipt, key, str(error)))
    assert len(refused) == 10
    assert "try again once it is sealed" in refused[0][2]
    close_all()
    assert [block.responses for block in list_blocks(settings.INTAKE, ["sambas1"])] == [10, 10]
    erasing.erase(settings.INTAKE, *refused[0][:2])
    actions.tell_of_blocks()
    assert results.certify(campaign, by=ratna, at=NOW).count == 20


def test_a_response_that_is_proposed_to_be_excluded_is_still_needed(
    campaign: Campaign, ratna: User, irma: User, kanwil: Unit, inspectorate: Unit
) -> None:
    [victim, *_] = let_say(campaign, *[None] * 31)
    close_all()
    proposed = results.propose_exclusion(campaign, {victim: Reason.STAFF}, by=ratna, office=kanwil)
    assert is_to_be_taken_off("sambas1", victim)
    results.certify(campaign, by=ratna, at=NOW)
    assert not is_to_be_taken_off("sambas1", victim)  # two offices cannot keep anybody from erasing for good
    results.decline_exclusion(proposed, by=irma, office=inspectorate, answer="Bukan pegawai.")
    assert not is_to_be_taken_off("sambas1", victim)


def test_what_would_make_certification_impossible_is_not_confirmed(
    campaign: Campaign, ratna: User, irma: User
) -> None:
    everybody = let_say(campaign, *[None] * 30)
    actions.seal_due(NOW)
    close_all()
    last = [name for number, (name, _, _) in list_named(settings.INTAKE, "sambas1", everybody) if number == 2]
    exclude(campaign, last[:10], ratna, irma)
    with pytest.raises(CannotExclude, match="fewer than ten responses of the last block"):
        exclude(campaign, last[10:11], ratna, irma)
    assert Statement.objects.filter(kind="excluded").count() == 1
    assert results.certify(campaign, by=ratna, at=NOW).count == 20


def test_a_correction_does_not_tell_what_one_person_of_a_service_said(
    sambas: Unit, budi: User, ratna: User, irma: User
) -> None:
    """A weighted mean beside the plain one gives that of each service: two results would give one person."""
    plan = replace(plan_for(NOW.date()), served={"PASPOR": 900, "IZIN": 150})
    campaign = actions.open_campaign(unit=sambas, plan=plan, by=budi, at=NOW, code="layanan")
    false = test_precision.let_say(campaign, *[4] * 20, *[3] * 20, service="PASPOR")[15:24]
    [one, *_] = test_precision.let_say(campaign, 1, *[4] * 8, *[3] * 8, service="IZIN")
    first = test_precision.certified(campaign, ratna)
    before = test_precision.analysed(campaign)
    assert before["weighted"]["unweighted"] != before["weighted"]["value"]
    exclude(campaign, [*false, one], ratna, irma)
    corrected = correct(campaign, "Diisi pegawai sendiri.", by=ratna, at=NOW)
    assert (bool(first.strata), corrected.strata) == (True, [])
    after = test_precision.analysed(campaign)
    assert after["weighted"] == {"why_not": "corrected"}
    assert "Tidak ditampilkan untuk hasil yang dikoreksi" in test_precision.page("/hasil/layanan/ketelitian/")
    assert after["reliability"] == before["reliability"]  # of all sealed forms, which are the same
    assert (after["n"], after["before"]) == (47, None)
