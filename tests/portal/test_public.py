"""What anybody sees: the list of published results, and an address with TLS in front."""

from datetime import UTC, datetime

from django.test import Client

from tera.portal.accounts.models import User
from tera.portal.results.actions import certify
from tera.portal.results.queries import results_below
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.conftest import PASSWORD
from tests.portal.deciding import fill_methods, verify
from tests.portal.plans import plan_for

NOW, OVER = datetime.now(UTC), datetime(2100, 1, 1, tzinfo=UTC)


def test_every_published_result_is_listed_and_nothing_else(campaign: Campaign, ratna: User) -> None:
    assert "Belum ada hasil" in Client().get("/hasil/").content.decode()
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    fill_methods(campaign)
    verify(campaign)
    certify(campaign, by=ratna, at=NOW)
    assert "/hasil/sambas1/" in Client().get("/hasil/").content.decode()
    assert 'href="/hasil/"' in Client().get("/").content.decode()
    assert Client().get("/hasil/?halaman=999").status_code == 200


def test_one_logs_in_through_a_proxy_with_tls(budi: User) -> None:
    client = Client(enforce_csrf_checks=True, headers={"X-Forwarded-Proto": "https", "Host": "localhost"})
    token = client.get("/masuk/").cookies["csrftoken"].value
    fields = {"username": "budi", "password": PASSWORD, "csrfmiddlewaretoken": token}
    mine = client.post("/masuk/", fields, headers={"Origin": "https://localhost"})
    assert mine.status_code == 302
    others = client.post("/masuk/", fields, headers={"Origin": "https://lain.example"})
    assert others.status_code == 403


def test_answers_collected_elsewhere_are_not_counted_with_a_units_own(
    campaign: Campaign, kanwil: Unit, sambas: Unit
) -> None:
    plan = plan_for(NOW.date(), source="situs kantor")
    imported = actions.record(unit=sambas, plan=plan, by=None, at=NOW, code="lama")
    actions.import_answers(imported, [(3,) * 14] * 12)
    [(_, found)] = results_below(kanwil, campaign.period, campaign.ends_on)
    assert found is not None
    assert [each.code for each in found.campaigns] == ["sambas1"]
