"""The same people everywhere: sari answers, budi runs the unit, ratna verifies, dewi belongs elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from tera.intake.tables import Database
from tera.portal.accounts.models import Assignment, User
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.actions import Founding, found
from tera.portal.units.models import Unit
from tests.portal.plans import plan_for
from tests.portal.respondents import Respondent

PASSWORD = "rahasia-sekali-2026"
PLAIN_HASHER = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # argon2 is slow on purpose; not what is tested


@pytest.fixture(autouse=True)
def installation(intake: Database, settings: Settings) -> None:
    """Give the portal an empty intake of its own for each test."""
    settings.INTAKE = intake
    settings.PASSWORD_HASHERS = PLAIN_HASHER


def office(slug: str, name: str, kind: str, parent: Unit | None = None, **services: str) -> Unit:
    state = {"name": name, "short_name": name, "kind": kind}
    return found(Founding(slug, state, parent, services=services))


@pytest.fixture
def kanwil(db: None) -> Unit:
    return office("kanwil", "Kanwil Kalbar", "KANWIL")


@pytest.fixture
def sambas(kanwil: Unit) -> Unit:
    return office("sambas", "Kanim Sambas", "KANIM", kanwil, PASPOR="Paspor")


@pytest.fixture
def lapas(kanwil: Unit) -> Unit:
    return office("lapas", "Lapas Pontianak", "LAPAS", kanwil)


def person(name: str, role: str, unit: Unit, office: Unit | None = None) -> User:
    user = User.objects.create_user(name, password=PASSWORD)
    Assignment.objects.create(user=user, role=role, unit=unit, office=office)
    return user


@pytest.fixture
def budi(sambas: Unit) -> User:
    return person("budi", "OPERATOR", sambas)


@pytest.fixture
def dewi(lapas: Unit) -> User:
    return person("dewi", "OPERATOR", lapas)


@pytest.fixture
def ratna(kanwil: Unit) -> User:
    return person("ratna", "REGIONAL_VERIFIER", kanwil)


@pytest.fixture
def inspectorate(db: None) -> Unit:
    return office("itjen", "Inspektorat Jenderal", "ITJEN")


@pytest.fixture
def irma(inspectorate: Unit, kanwil: Unit) -> User:
    """Return Irma of the inspectorate, who looks into the region."""
    return person("irma", "INSPECTORATE", kanwil, inspectorate)


@pytest.fixture
def login() -> Callable[[User], Client]:
    """Return a browser in which this person is logged in, with a second factor where one is needed."""

    def log_in(user: User) -> Client:
        if user.must_have_second_factor():
            Authenticator.objects.get_or_create(
                user=user, type=Authenticator.Type.TOTP, defaults={"data": {}}
            )
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def campaign(sambas: Unit, budi: User) -> Campaign:
    """Return a campaign of Kanim Sambas that is open now."""
    now = datetime.now(UTC)
    opened = actions.open_campaign(unit=sambas, plan=plan_for(now.date()), by=budi, at=now, code="sambas1")
    actions.publish(opened)  # which waits for a commit, and a test never commits
    return opened


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Return where the ledger and its keys lie for this test."""
    settings.LOG, settings.LOG_KEY = tmp_path / "log", tmp_path / "log.key"
    settings.RECEIPT_KEY = tmp_path / "receipt.key"
    return tmp_path


@pytest.fixture
def sari(intake: Database, tmp_path: Path) -> Iterator[Respondent]:
    """Return Sari, who answers."""
    with closing(Respondent(intake, tmp_path / "receipt.key")) as respondent:
        yield respondent
