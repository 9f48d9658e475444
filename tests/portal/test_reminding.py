"""Who runs a survey is reminded by e-mail while its target is not reached."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from tera.portal.accounts.models import Assignment, User
from tera.portal.surveys.models import Campaign, Reminder
from tera.portal.surveys.reminding import remind_due
from tera.portal.units.models import Unit
from tests.portal.conftest import person
from tests.portal.minuting import survey_of


@pytest.fixture(autouse=True)
def has_mail(settings: Settings) -> None:
    settings.HAS_MAIL = True


@pytest.fixture
def week_before(campaign: Campaign, budi: User) -> datetime:
    """Return a moment when seven days are left, with an operator who has an address."""
    budi.email = "budi@contoh.id"
    budi.save()
    return datetime.combine(campaign.ends_on - timedelta(days=6), time(3), UTC)


def test_operators_are_reminded_once_a_week_before_the_end(campaign: Campaign, week_before: datetime) -> None:
    assert remind_due(week_before) == 1
    assert remind_due(week_before + timedelta(hours=2)) == 0
    assert remind_due(week_before + timedelta(days=1)) == 0
    [letter] = mail.outbox
    assert letter.to == ["budi@contoh.id"]
    assert f"0 dari sasaran {campaign.target_sample} jawaban, tinggal 7 hari" in letter.subject
    assert "Survei Kanim Sambas" in letter.body


def test_not_on_other_days_and_not_those_of_other_units(
    campaign: Campaign, week_before: datetime, ratna: User, dewi: User
) -> None:
    for somebody in (ratna, dewi):
        somebody.email = f"{somebody.username}@contoh.id"
        somebody.save()
    assert remind_due(week_before - timedelta(days=1)) == 0
    assert remind_due(week_before) == 1
    assert [one.to for one in mail.outbox] == [["budi@contoh.id"]]


def test_not_once_the_target_is_reached(campaign: Campaign, week_before: datetime) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(target_sample=0)
    assert remind_due(week_before) == 0


def test_not_whose_role_has_ended(campaign: Campaign, week_before: datetime) -> None:
    Assignment.objects.update(valid_until=week_before.date())
    assert remind_due(week_before) == 0
    assert not Reminder.objects.exists()


def test_not_whose_role_was_ended_today(campaign: Campaign, week_before: datetime) -> None:
    Assignment.objects.update(is_ended=True)
    assert remind_due(week_before) == 0


def test_what_could_not_be_sent_is_sent_in_the_next_round(
    campaign: Campaign, week_before: datetime, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # where nobody listens
    assert remind_due(week_before) == 0
    assert "nobody could be reminded of campaign sambas1" in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert remind_due(week_before) == 1


def test_one_bad_address_or_name_stops_nobody_else(
    campaign: Campaign,
    week_before: datetime,
    sambas: Unit,
    lapas: Unit,
    dewi: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    eka, fajar = person("eka", "OPERATOR", sambas), person("fajar", "OPERATOR", lapas)
    survey_of(lapas, "lapas1")
    for user, address in ((eka, "eka@contoh.id\nBcc: semua@contoh.id"), (fajar, "fajar@contoh.id")):
        User.objects.filter(pk=user.pk).update(email=address)
    Unit.objects.filter(pk=sambas.pk).update(short_name="Kanim\nSambas")  # as one could be named before
    assert remind_due(week_before) == 2
    assert sorted(letter.to for letter in mail.outbox) == [["budi@contoh.id"], ["fajar@contoh.id"]]
    assert "eka could not be reminded of campaign sambas1" in caplog.text
    assert "nobody could be" not in caplog.text
    assert remind_due(week_before) == 0


def test_where_nobody_could_be_reached_it_is_tried_again_and_the_others_are_reminded(
    campaign: Campaign, week_before: datetime, budi: User, lapas: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    fajar = person("fajar", "OPERATOR", lapas)
    survey_of(lapas, "lapas1")
    User.objects.filter(pk=budi.pk).update(email="budi@contoh.id\nBcc: semua@contoh.id")
    User.objects.filter(pk=fajar.pk).update(email="fajar@contoh.id")
    assert remind_due(week_before) == 1
    assert "nobody could be reminded of campaign sambas1" in caplog.text
    assert [reminder.campaign.code for reminder in Reminder.objects.all()] == ["lapas1"]
    User.objects.filter(pk=budi.pk).update(email="budi@contoh.id")
    assert remind_due(week_before) == 1


def test_without_a_mail_server_nothing_is_sent(
    campaign: Campaign, week_before: datetime, settings: Settings
) -> None:
    settings.HAS_MAIL = False
    assert remind_due(week_before) == 0
    assert mail.outbox == []
