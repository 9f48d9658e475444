"""Somebody who noted the order in which people answered looks for it in everything that is published.

Nine thousand people answer; of any two in one block the attacker bets on who came first, by the places of
their responses in an artefact. Better than chance by two percent (six standard deviations) fails the test.
"""

import csv
import json
import random
import re
import zipfile
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.test import Client

from tera.engine.response import Response, receipt_code
from tera.intake import inbox
from tera.intake.tables import Database
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Statement
from tera.portal.ledger.publishing import publish_installation
from tera.portal.results import bundle
from tera.portal.results.actions import certify
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tests.portal.deciding import fill_methods, verify

PEOPLE, AT_ONCE, MARGIN = 9_000, 50, 0.02
OVER = datetime(2100, 1, 1, tzinfo=UTC)
CLOCK = re.compile(rb"\b([01][0-9]|2[0-3]):[0-5][0-9]\b|\b1[6-9][0-9]{8}\b")  # 10:42, or seconds since 1970


def right_bets(places: Sequence[int]) -> float:
    """Return which share of all pairs stands in its order of arrival: 0.5 is chance.

    `places` are those in an artefact, in the order of arrival.
    """
    seen: list[int] = []
    right = 0
    for place in places:
        right += bisect_left(seen, place)
        insort(seen, place)
    return right / (len(places) * (len(places) - 1) / 2)


Published = Callable[[int], list[tuple[bytes, str]]]


@pytest.fixture
def published(campaign: Campaign, intake: Database, folder: Path, ratna: User) -> Published:
    """Return a deed: so many people answer, and everything about them is published.

    It returns their commitments and answers in the order of arrival.
    """

    def let_arrive(people: int) -> list[tuple[bytes, str]]:
        chance, arrived = random.Random(4), []
        for _ in range(people // AT_ONCE):
            some = []
            for _ in range(AT_ONCE):
                answers = tuple(chance.randint(1, 4) for _ in campaign.form.codes)
                held = actions.held(Response("sambas1", 20780, 1, "", (0, 0, 0, 0), False, answers))
                arrived.append((held[0], "".join(map(str, answers))))
                some.append(held)
            inbox.put(intake, "sambas1", some)
        actions.seal_due(OVER)
        actions.tell_of_blocks()
        fill_methods(campaign)
        verify(campaign)
        certify(campaign, by=ratna, at=OVER)
        publish_installation()
        return arrived

    return let_arrive


def places_in(rows: Iterable[str], wanted: Sequence[str]) -> list[int]:
    """Return where each that is wanted stands; answers that two people gave are left out."""
    where: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        where.setdefault(row, []).append(place)
    return [where[one][0] for one in wanted if len(where[one]) == 1]


def test_no_artefact_tells_who_came_first(
    campaign: Campaign, published: Published, budi: User, login: Callable[[User], Client]
) -> None:
    arrived = published(PEOPLE)
    names, answers = [name.hex() for name, _ in arrived], [said for _, said in arrived]
    found = {}
    export = login(budi).get("/laporan/sambas1/jawaban.csv").content.decode()
    lines = ("".join(row) for row in [*csv.reader(StringIO(export))][1:])
    found["export"] = right_bets(places_in(lines, answers))
    stream = BytesIO()
    bundle.write(campaign, stream)
    with zipfile.ZipFile(stream) as opened:
        rows = opened.read("responses.csv").decode().splitlines()[1:]
    found["bundle"] = right_bets(places_in((row.split(",")[1] for row in rows), names))
    some = arrived[:: PEOPLE // 30]
    proofs = [json.loads(Client().get(f"/r/{receipt_code(name)}/bukti.json").content) for name, _ in some]
    in_block = {row.split(",")[1]: place for place, row in enumerate(rows)}
    assert [proof["block"]["index"] for proof in proofs] == [in_block[name.hex()] for name, _ in some]
    assert {name: share for name, share in found.items() if abs(share - 0.5) > MARGIN} == {}


def test_an_artefact_in_the_order_of_arrival_would_be_seen() -> None:
    chance = random.Random(1)
    blurred = [
        place + chance.gauss(0, PEOPLE) for place in range(PEOPLE)
    ]  # each moved by thousands of places
    order = sorted(range(PEOPLE), key=lambda place: blurred[place])
    assert right_bets([order.index(place) for place in range(0, PEOPLE, 9)]) > 0.5 + MARGIN
    assert right_bets(list(range(1000))) == 1


def test_nothing_published_holds_a_time_of_day(published: Published) -> None:
    (sari, _), *_ = published(AT_ONCE)
    said = b"\n".join(bytes(content) for content in Statement.objects.values_list("content", flat=True))
    proof = Client().get(f"/r/{receipt_code(sari)}/bukti.json")
    pages = [Client().get(path) for path in ("/hasil/sambas1/", f"/r/{receipt_code(sari)}")]
    log = [Client().get(f"/log/{name}") for name in ("checkpoint", "tile/entries/000.p/6")]
    for content in (said, proof.content, *(page.content for page in pages), log[0].content):
        assert not CLOCK.search(content)
    assert CLOCK.search(b'{"at":"10:42"}')
    assert CLOCK.search(b'{"at":1795456800}')
    for reply in (proof, *pages, *log):
        assert reply.status_code == 200
        assert not reply.has_header("Last-Modified")
