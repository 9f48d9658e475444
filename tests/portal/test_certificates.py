"""A citizen fetches the certificate of a result, and computes the result again without the site."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tera import __version__
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Statement
from tera.portal.results import actions as results
from tera.portal.results.counting import faults_of
from tera.portal.results.models import Certification
from tera.portal.results.queries import result_of, with_excluded
from tera.portal.surveys.models import Campaign
from tests.portal.deciding import close_all, exclude
from tests.portal.test_certifying import let_say

EVENING = datetime(2026, 11, 24, 18, tzinfo=UTC)  # the next day there
ADDRESS = "/hasil/sambas1/sertifikat.json"
Recompute = Callable[[bytes], tuple[int, dict[str, Any]]]


def certify(campaign: Campaign, ratna: User) -> bytes:
    """Let Ratna certify a closed campaign; return the certificate that a citizen gets."""
    close_all()
    results.certify(campaign, by=ratna, at=EVENING)
    reply = Client().get(ADDRESS)
    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "application/json")
    return bytes(reply.content)


@pytest.fixture
def recompute(tmp_path: Path) -> Recompute:
    """Return what a citizen's own copy of the program says of a certificate, and its exit code."""

    def run(document: bytes) -> tuple[int, dict[str, Any]]:
        (tmp_path / "sertifikat.json").write_bytes(document)
        command = [sys.executable, "-m", "tera", "recompute", str(tmp_path / "sertifikat.json"), "--json"]
        found = subprocess.run(command, check=False, capture_output=True, text=True)
        return found.returncode, dict(json.loads(found.stdout))

    return run


def hash_in_ledger() -> str:
    return str(Statement.objects.get(name="certified/sambas1/1").as_said()["certificate"])


def test_a_citizen_computes_a_certified_result_again(
    campaign: Campaign, ratna: User, recompute: Recompute
) -> None:
    let_say(campaign, *[4] * 20, *[3] * 12)
    document = certify(campaign, ratna)
    assert recompute(document) == (0, {"same": True, "sha256": hash_in_ledger(), "differences": []})
    told = json.loads(document)
    assert (told["campaign"], told["unit"], told["by_unit"]) == ("sambas1", "sambas", "kanwil")
    assert (told["certified_on"], told["version"]) == ("2026-11-25", __version__)
    assert told["counts"] == {"sealed": 32, "count": 32, "excluded": 0, "controls": 0}
    assert {file["id"]: file["sha256"] for file in told["instruments"] + told["rulebooks"]} == campaign.rules
    assert (told["with_excluded"], told["withheld"]) == (None, "none")


def test_it_says_what_the_pages_and_the_ledger_say(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 20, *[3] * 12)
    told = json.loads(certify(campaign, ratna))
    result = result_of([Campaign.objects.get()])
    statement = Statement.objects.get(name="certified/sambas1/1").as_said()
    points = [{"measure": one["measure"], "points": one["points"]["exact"]} for one in told["measures"]]
    assert points == statement["measures"]
    [skm] = [one for one in told["measures"] if one["measure"] == "skm/permenpanrb-14-2017"]
    [index] = result.indices
    assert (skm["converted"]["shown"], skm["grade"]) == (index.converted_shown, "A")
    for target, verdict in result.verdicts.items():
        mine = told["verdicts"][target]
        assert mine["eligible"] == verdict.eligible
        assert [one["met"] for one in mine["criteria"]] == [one.met for one in verdict.findings]


def test_with_ten_excluded_or_more_it_shows_both(
    campaign: Campaign, ratna: User, irma: User, recompute: Recompute
) -> None:
    let_say(campaign, *[4] * 40)
    angry = let_say(campaign, *[1] * 12)
    close_all()
    exclude(campaign, angry, ratna, irma)
    document = certify(campaign, ratna)
    assert recompute(document)[0] == 0
    told, result = json.loads(document), result_of([Campaign.objects.get()])
    beside = with_excluded(result)
    assert beside is not None
    assert told["counts"] == {"sealed": 52, "count": 40, "excluded": 12, "controls": 0}
    for part, found in ((told, result), (told["with_excluded"], beside)):
        assert part["measures"][0]["points"]["exact"] == str(found.indices[0].points)
        assert part["tallies"]["skm-9"]["respondents"] == found.indices[0].n
    assert list(faults_of(campaign)) == []


@pytest.mark.parametrize(("answers", "withheld"), [(41, "few"), (9, "small")])
def test_with_three_excluded_nothing_tells_what_they_said(
    campaign: Campaign, ratna: User, irma: User, recompute: Recompute, answers: int, withheld: str
) -> None:
    let_say(campaign, *[4] * (answers - 3))
    angry = let_say(campaign, 1, 1, 1)
    close_all()
    exclude(campaign, angry, ratna, irma)
    document = certify(campaign, ratna)
    assert recompute(document)[0] == 0
    told = json.loads(document)
    assert (told["with_excluded"], told["withheld"]) == (None, withheld)
    assert b'"1":' not in document
    assert bool(told["tallies"]) == (answers == 41)


def test_one_number_that_is_changed_is_noticed(campaign: Campaign, ratna: User, recompute: Recompute) -> None:
    let_say(campaign, *[4] * 20, *[3] * 12)
    document = certify(campaign, ratna)
    better = document.replace(b'{"3":12,"4":20}', b'{"3":11,"4":20}', 1)
    assert better != document
    code, found = recompute(better)
    assert (code, found["same"]) == (1, False)
    assert any(place.startswith("measures[1].elements[") for place in found["differences"])
    assert found["sha256"] != hash_in_ledger()


def test_the_public_page_leads_to_it(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 12)
    assert Client().get(ADDRESS).status_code == 404
    certify(campaign, ratna)
    assert f'href="{ADDRESS}"' in Client().get("/hasil/sambas1/").content.decode()


def test_a_result_of_before_has_none(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 12)
    certify(campaign, ratna)
    Certification.objects.update(document="")
    assert Client().get(ADDRESS).status_code == 404
    assert ADDRESS not in Client().get("/hasil/sambas1/").content.decode()


# ---- What `tera fsck` finds


def test_a_certificate_that_was_changed_is_found(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 20, *[3] * 12)
    document = certify(campaign, ratna).decode()
    assert list(faults_of(campaign)) == []
    Certification.objects.update(document=document.replace('"grade":"A"', '"grade":"B"'))
    grade = 'measures[1].grade is "B", and "A" follows'
    differs = "the ledger says something else under certified/sambas1/1 than the database holds"
    other = "the certificate of sambas1 is not that of the certified result"
    assert list(faults_of(campaign)) == [
        differs,
        f"the certificate of sambas1 does not follow from its tallies: {grade}",
        other,
    ]
    Certification.objects.update(document=document.replace('"unit":"sambas"', '"unit":"lapas"'))
    assert list(faults_of(campaign)) == [differs, other]
    Certification.objects.update(document="{}")
    assert list(faults_of(campaign)) == [
        differs,
        "the certificate of sambas1 cannot be computed again: certificate: the key 'format' is missing",
    ]


def test_the_version_that_certified_stays(campaign: Campaign, ratna: User) -> None:
    """A later program computes the same again, and finds no fault in the version that stands there."""
    let_say(campaign, *[4] * 12)
    document = certify(campaign, ratna).decode()
    later = document.replace(f'"version":"{__version__}"', '"version":"0.0.9"')
    assert later != document
    Certification.objects.update(document=later)
    said = Statement.objects.get(name="certified/sambas1/1")
    other = hashlib.sha256(later.encode()).hexdigest()
    said.content = bytes(said.content).replace(hash_in_ledger().encode(), other.encode())
    said.save()
    assert list(faults_of(campaign)) == []
