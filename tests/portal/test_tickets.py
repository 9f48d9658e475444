"""Ratna of the regional office issues tickets; Budi hands them out and sees what became of them."""

import io
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from pypdf import PdfReader
from pytest_django import Settings

from tera.engine.response import read_code
from tera.engine.ticket import OPEN_LINK, TICKET, batch_root, ticket_hash
from tera.intake import tickets as intake_tickets
from tera.intake.paradata import DELAY
from tera.intake.tables import Database, Unavailable
from tera.intake.wallet import Ticket, week_of
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Statement
from tera.portal.surveys import actions as surveys
from tera.portal.surveys.models import Campaign
from tera.portal.tickets import actions
from tera.portal.tickets.checking import faults_of
from tera.portal.tickets.models import Batch
from tera.portal.tickets.printing import MOST, Order
from tera.portal.tickets.queries import accounts_of
from tera.portal.units.models import Service, Unit
from tests.portal.plans import plan_for
from tests.portal.respondents import Respondent

Login = Callable[[User], Client]
CODE = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]")
PASSPORTS = Order(3, "PASPOR", "slips")
LINK = "https://survei.example/s/tiket1"


@pytest.fixture
def takes_tickets(sambas: Unit, budi: User) -> Campaign:
    """Return a campaign of Kanim Sambas that anybody may answer, with a ticket or without."""
    Service.objects.create(unit=sambas, code="IZIN", name="Izin tinggal")
    now = datetime.now(UTC)
    plan = replace(plan_for(now.date()), levels=(OPEN_LINK, TICKET))
    opened = surveys.open_campaign(unit=sambas, plan=plan, by=budi, at=now, code="tiket1")
    surveys.publish(opened)
    return opened


def codes_in(pdf: bytes) -> list[str]:
    """Return the codes that are printed, each in two lines."""
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return CODE.findall(text.replace("-\n", "-"))


def issue(campaign: Campaign, order: Order, by: User, at: datetime | None = None) -> list[str]:
    return codes_in(actions.issue(campaign, order, link=LINK, by=by, at=at or datetime.now(UTC)))


def answer(sari: Respondent, campaign: Campaign, code: str) -> int:
    given = {**dict.fromkeys(campaign.form.codes, "4"), "ticket": code}
    key = re.search(r'name="key" value="([\w-]{22})"', sari.send_form("/s/tiket1", given).text)
    assert key
    return sari.send_form("/s/tiket1", {**given, "key": key[1]}).status


def test_a_batch_is_printed_once_kept_as_hashes_and_said_in_the_ledger(
    takes_tickets: Campaign, ratna: User, sari: Respondent, intake: Database
) -> None:
    codes = issue(takes_tickets, PASSPORTS, ratna)
    assert len(set(codes)) == 3
    batch = Batch.objects.get()
    said = Statement.objects.get(name=str(batch)).as_said()
    hashes = [ticket_hash(read_code(code)) for code in codes]
    assert said == {
        "kind": "tickets_issued",
        "id": f"tickets/{batch.pk}",
        "unit": "sambas",
        "service": "PASPOR",
        "count": 3,
        "root": batch_root(hashes).hex(),
        "expires_on": batch.expires_on.isoformat(),
    }
    assert batch.expires_on == min(batch.issued_on + timedelta(days=14), takes_tickets.ends_on)
    assert [answer(sari, takes_tickets, code) for code in codes] == [201, 201, 201]
    assert answer(sari, takes_tickets, codes[0]) == 409
    with intake.transaction(writes=False) as cursor:
        assert cursor.rows("SELECT code, n FROM counters WHERE kind = ?", (DELAY,)) == [("0", 3)]
    assert list(faults_of()) == []


def test_only_the_office_above_issues(
    takes_tickets: Campaign, campaign: Campaign, budi: User, dewi: User, irma: User, ratna: User
) -> None:
    for stranger in (budi, dewi, irma):
        with pytest.raises(PermissionDenied):
            issue(takes_tickets, PASSPORTS, stranger)
    with pytest.raises(actions.TakesNone):
        issue(campaign, PASSPORTS, ratna)
    with pytest.raises(actions.TakesNone):
        issue(takes_tickets, PASSPORTS, ratna, datetime.now(UTC) + timedelta(days=400))
    assert not Batch.objects.exists()


def test_what_the_intake_does_not_hold_was_never_issued(
    takes_tickets: Campaign, ratna: User, intake: Database, settings: Settings
) -> None:
    settings.INTAKE = replace(intake, path=intake.path and intake.path.parent, url=f"{intake.url}?port=1")
    with pytest.raises(Unavailable):
        issue(takes_tickets, PASSPORTS, ratna)
    assert not Batch.objects.exists()
    assert not Statement.objects.filter(kind="tickets_issued").exists()


def test_what_became_of_them_by_service_and_week(
    takes_tickets: Campaign, sambas: Unit, ratna: User, sari: Respondent
) -> None:
    now = datetime.now(UTC)
    passports, visits = (
        issue(takes_tickets, PASSPORTS, ratna),
        issue(takes_tickets, Order(2, "", "cards"), ratna),
    )
    assert answer(sari, takes_tickets, passports[0]) == answer(sari, takes_tickets, visits[0]) == 201
    any_service, for_passports = accounts_of([sambas], now)
    week = week_of(takes_tickets.form.local_day(now))
    assert (any_service.service, for_passports.service) == ("", "Paspor")
    total = for_passports.total
    assert (total.issued, total.redeemed, total.expired, total.valid) == (3, 1, 0, 2)
    assert [(week_of(monday), week_of(sunday)) for monday, sunday, _ in for_passports.weeks] == [(week, week)]
    later = accounts_of([sambas], now + timedelta(days=17))[1]
    assert (later.total.expired, later.total.valid) == (2, 0)
    [(monday, sunday)] = [(first, last) for first, last, found in later.weeks if found.expired == 2]
    assert monday <= Batch.objects.earliest("pk").expires_on <= sunday
    assert (
        accounts_of([sambas], now + timedelta(days=15))[1].total.expired == 0
    )  # late answers may still come


def test_the_pages(takes_tickets: Campaign, ratna: User, budi: User, dewi: User, login: Login) -> None:
    page = login(ratna).get("/tiket/sambas/").content.decode()
    assert "Terbitkan dan unduh PDF" in page
    wanted = {"campaign": "tiket1", "service": "PASPOR", "count": "2", "paper": "cards"}
    issued = login(ratna).post("/tiket/sambas/terbit/", wanted)
    assert issued["Content-Type"] == "application/pdf"
    assert issued["Cache-Control"].count("no-store") == 1
    assert len(codes_in(issued.content)) == 2
    assert "Kanim Sambas" in login(ratna).get("/tiket/kanwil/").content.decode()
    seen = login(budi).get("/tiket/sambas/")
    assert seen.status_code == 200
    assert "<dd>2</dd>" in seen.content.decode()
    assert "Terbitkan dan unduh PDF" not in seen.content.decode()
    assert login(budi).post("/tiket/sambas/terbit/", wanted).status_code == 403
    assert login(budi).get("/tiket/kanwil/").status_code == 403
    assert login(dewi).get("/tiket/sambas/").status_code == 403
    assert Client().get("/tiket/sambas/").status_code == 302


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"count": "0"}, "1"),
        ({"count": str(MOST["cards"] + 1)}, f"Paling banyak {MOST['cards']} sekali cetak."),
        ({"count": "banyak"}, "bilangan"),
        ({"service": "SIM"}, "SIM"),
        ({"campaign": "sambas1"}, "sambas1"),
        ({"paper": "spanduk"}, "spanduk"),
    ],
)
def test_what_is_wrong_in_an_order_is_named(
    takes_tickets: Campaign, ratna: User, login: Login, changes: dict[str, str], complaint: str
) -> None:
    wanted = {"campaign": "tiket1", "service": "PASPOR", "count": "2", "paper": "cards", **changes}
    refused = login(ratna).post("/tiket/sambas/terbit/", wanted)
    assert refused.status_code == 400
    assert complaint in refused.content.decode()
    assert not Batch.objects.exists()


def test_tickets_that_somebody_added_are_found(
    takes_tickets: Campaign, ratna: User, intake: Database
) -> None:
    issue(takes_tickets, PASSPORTS, ratna)
    batch = Batch.objects.get()
    about = Ticket(str(batch), "sambas", "PASPOR", batch.expires_on)
    intake_tickets.issue(intake, about, [random.Random(1).randbytes(32)])
    assert list(faults_of()) == [f"{batch}: its 4 tickets are not the 3 that the ledger says"]
    intake_tickets.issue(intake, replace(about, batch="tickets/99"), [random.Random(2).randbytes(32)])
    assert "tickets/99: 1 tickets, of which the ledger says nothing" in list(faults_of())


def test_who_opens_a_survey_says_who_may_answer(sambas: Unit, budi: User, login: Login) -> None:
    page = login(budi).get("/survei/buka/sambas/").content.decode()
    assert "Hanya pemegang tiket" in page
    wanted = re.findall(r'<option value="([^"]+)"[^>]*selected', page)
    fields = {"period": wanted[0], "population": "100", "instruments": "skm-9", "levels": "0,1"}
    rules = {"survey_rulebook": "permenpanrb-14-2017", "zone_rulebook": "permenpanrb-10-2019"}
    opened = login(budi).post("/survei/buka/sambas/", {**fields, **rules})
    assert opened.status_code == 302, opened.content.decode()
    campaign = Campaign.objects.get()
    assert campaign.levels == [OPEN_LINK, TICKET]
    assert Statement.objects.get(name=f"opened/{campaign.code}").as_said()["levels"] == [OPEN_LINK, TICKET]
