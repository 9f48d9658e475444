"""What people who verify, or are verified, might try with the rights that they have, and do not get."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.models import Event, Statement
from tera.portal.people.actions import delegate, end_role
from tera.portal.results import actions as results
from tera.portal.results.models import Exclusion, Reason
from tera.portal.review.calls import actions as calls
from tera.portal.review.calls.actions import CannotCall, Pool
from tera.portal.review.meetings import actions as meetings
from tera.portal.review.meetings.actions import Attendee
from tera.portal.review.meetings.holding import Reason as Why
from tera.portal.review.meetings.holding import Refused
from tera.portal.review.meetings.item.actions import decide
from tera.portal.review.meetings.queries import takeable
from tera.portal.review.minutes.signing import Hand, RanSurvey, sign
from tera.portal.review.models import Call, Meeting, Minutes, Signature
from tera.portal.review.models.calls import Outcome
from tera.portal.review.models.meeting import Decision, Part
from tera.portal.review.models.minutes import Method
from tera.portal.surveys import actions, gate, scheduling
from tera.portal.surveys.models import Campaign
from tera.portal.units import actions as units
from tera.portal.units.models import Unit
from tests.portal.conftest import office, person
from tests.portal.deciding import close_all
from tests.portal.gathering import NOW, ROOM, TODAY, check, gather, screened
from tests.portal.plans import plan_for
from tests.portal.test_certifying import let_say, text_of

Login = Callable[[User], Client]
LONG_AGO = TODAY - timedelta(days=400)
FROM_ABOVE = ("see-signals", "assess-region", "exclude-responses", "verify", "certify")


def as_verifier(user: User, region: Unit) -> User:
    Assignment.objects.create(user=user, role="REGIONAL_VERIFIER", unit=region)
    return User.objects.get(pk=user.pk)


def fresh(campaign: Campaign) -> Campaign:
    return Campaign.objects.get(pk=campaign.pk)


def decides(user: User, campaign: Campaign) -> list[str]:
    return [permission for permission in FROM_ABOVE if gate.may(user, permission, campaign)]


def move(unit: Unit, to: Unit | None) -> None:
    today = timezone.localdate()
    units.change(unit, today, today=today, parent=to)


def minutes_about(campaign: Campaign, ratna: User, *attending: tuple[Part, User]) -> Minutes:
    """Return the minutes of a meeting that verified a survey, and that these attended beside Ratna."""
    check(campaign, ratna)
    region = ratna.assignments.get().unit
    meeting = gather(region, ratna, campaign)
    for part, user in attending:
        meetings.attend(meeting, Attendee(part, user), by=ratna, at=NOW)
    decide(meeting, campaign.code, Decision.VERIFIED, by=ratna, at=NOW)
    return meetings.end(meeting, by=ratna, at=NOW)


def signs(minutes: Minutes, user: User, campaign: Campaign | None = None) -> Signature:
    return sign(minutes, Hand(user, Method.LOGIN, campaign), at=NOW, pdf=bytes)


# Who ran the survey does not judge it


def test_after_a_move_nobody_runs_a_unit_for_one_office_and_judges_it_for_the_other(
    campaign: Campaign, sambas: Unit, kanwil: Unit
) -> None:
    kaltim = office("kaltim", "Kanwil Kaltim", "KANWIL")
    eka = person("eka", "OPERATOR", kaltim)
    as_verifier(eka, kanwil)
    assert decides(eka, campaign) == list(FROM_ABOVE)
    move(sambas, kaltim)
    assert gate.may(eka, "resubmit", fresh(campaign))
    assert decides(eka, fresh(campaign)) == []


def test_nor_does_who_ran_it_for_an_office_that_it_has_left_again(
    campaign: Campaign, sambas: Unit, kanwil: Unit
) -> None:
    kaltim, papua = office("kaltim", "Kanwil Kaltim", "KANWIL"), office("papua", "Kanwil Papua", "KANWIL")
    eka = person("eka", "OPERATOR", kaltim)
    as_verifier(eka, kanwil)
    yesterday, day_before = TODAY - timedelta(days=1), TODAY - timedelta(days=2)
    units.change(sambas, day_before, today=day_before, parent=kaltim)
    units.change(sambas, yesterday, today=yesterday, parent=papua)
    assert decides(eka, fresh(campaign)) == []


def test_a_role_that_was_given_up_counts_for_that_day(campaign: Campaign, budi: User, kanwil: Unit) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(starts_on=TODAY, opened_by=None)
    as_verifier(budi, kanwil)
    end_role(budi.assignments.get(role="OPERATOR"), by=budi, today=timezone.localdate())
    assert decides(budi, fresh(campaign)) == []


def test_who_left_before_the_survey_began_may_judge_it(
    campaign: Campaign, sambas: Unit, kanwil: Unit
) -> None:
    tari = person("tari", "OPERATOR", sambas)
    tari.assignments.update(valid_from=LONG_AGO, valid_until=campaign.starts_on)
    assert decides(as_verifier(tari, kanwil), campaign) == list(FROM_ABOVE)


def test_who_opened_a_survey_ahead_does_not_judge_it(
    campaign: Campaign, budi: User, sambas: Unit, kanwil: Unit
) -> None:
    opened = NOW - timedelta(days=9)
    Campaign.objects.filter(pk=campaign.pk).update(starts_on=TODAY, opened_at=opened)
    left = TODAY - timedelta(days=5)
    budi.assignments.update(valid_from=LONG_AGO, valid_until=left)
    assert decides(as_verifier(budi, kanwil), fresh(campaign)) == []
    tari = person("tari", "OPERATOR", sambas)  # who left with him, and did not open it
    tari.assignments.update(valid_from=LONG_AGO, valid_until=left)
    assert decides(as_verifier(tari, kanwil), fresh(campaign)) == list(FROM_ABOVE)


@pytest.mark.usefixtures("sambas")
def test_a_regional_head_who_opens_surveys_for_all_below_judges_them(kanwil: Unit) -> None:
    hani = person("hani", "REGIONAL_HEAD", kanwil)
    scheduling.open_below(kanwil, plan_for(TODAY), by=hani, at=NOW)
    opened = Campaign.objects.get()
    assert opened.opened_by == hani
    assert decides(hani, opened) == list(FROM_ABOVE)


def test_a_unit_without_an_office_above_certifies_what_its_operator_opened(kanwil: Unit) -> None:
    andi = person("andi", "OPERATOR", kanwil)
    opened = actions.open_campaign(unit=kanwil, plan=plan_for(TODAY), by=andi, at=NOW)
    assert decides(andi, opened) == ["certify"]


# When the office above is no more


def test_a_unit_does_not_certify_itself_once_its_office_is_gone(
    campaign: Campaign, sambas: Unit, kanwil: Unit, budi: User
) -> None:
    today = timezone.localdate()
    move(sambas, None)
    units.end(kanwil, today, today=today)
    assert not gate.may(budi, "certify", fresh(campaign))


def test_the_heir_of_a_gone_office_takes_its_surveys_up(sambas: Unit, kanwil: Unit, ratna: User) -> None:
    survey, kaltim = screened(sambas, "sambas1"), office("kaltim", "Kanwil Kaltim", "KANWIL")
    today, eko = timezone.localdate(), person("eko", "REGIONAL_VERIFIER", kaltim)
    move(sambas, kaltim)
    assert (takeable(kaltim, today), takeable(kanwil, today)) == ([], [survey])  # which is there still
    units.end(kanwil, today, today=today)
    assert takeable(kaltim, today) == [survey]
    meeting = gather(kaltim, eko, fresh(survey))
    assert [item.campaign for item in meeting.items.all()] == [survey]


def test_nobody_who_ran_the_survey_judges_it_for_the_heir(
    campaign: Campaign, sambas: Unit, kanwil: Unit, budi: User
) -> None:
    today, kaltim = timezone.localdate(), office("kaltim", "Kanwil Kaltim", "KANWIL")
    budi.assignments.update(valid_from=LONG_AGO, valid_until=today - timedelta(days=1))
    as_verifier(budi, kaltim)
    move(sambas, kaltim)
    units.end(kanwil, today, today=today)
    assert decides(budi, fresh(campaign)) == []


# Minutes


def test_who_runs_units_for_the_region_signs_for_the_unit_in_its_name(
    sambas: Unit, kanwil: Unit, ratna: User
) -> None:
    survey, oki = screened(sambas, "sambas1"), person("oki", "OPERATOR", kanwil)
    minutes = minutes_about(survey, ratna, (Part.PRESENTER, oki))
    with pytest.raises(PermissionDenied):
        signs(minutes, oki)
    assert signs(minutes, oki, survey).office == sambas
    assert Statement.objects.get(kind="signed").as_said()["by_unit"] == "sambas"


def test_who_ran_a_unit_on_the_agenda_signs_for_it_and_not_for_the_office(
    sambas: Unit, kanwil: Unit, ratna: User, budi: User, login: Login
) -> None:
    survey = screened(sambas, "sambas1")
    minutes = minutes_about(survey, ratna, (Part.VERIFIER, as_verifier(budi, kanwil)))
    with pytest.raises(RanSurvey, match="Kanim Sambas"):
        signs(minutes, budi)
    page = text_of(login(budi).get(f"/tinjauan/rapat/{minutes.meeting_id}/berita-acara/").content)
    assert "jadi tidak menandatangani bagi kantor" in page
    assert "Pastikan ini saya" not in page
    assert "tidak menandatangani bagi kantor" not in text_of(
        login(ratna).get(f"/tinjauan/rapat/{minutes.meeting_id}/berita-acara/").content
    )
    assert signs(minutes, budi, survey).office == sambas
    assert signs(minutes, ratna).office == kanwil


# Meetings


def test_only_who_may_hold_the_meeting_is_in_its_chair(
    sambas: Unit, kanwil: Unit, ratna: User, budi: User, irma: User, login: Login
) -> None:
    meeting = meetings.plan(kanwil, ROOM, [screened(sambas, "sambas1")], by=ratna, at=NOW)
    guest = Attendee(Part.CHAIR, name="Bu Lina", office_name="Ombudsman")
    for somebody in (Attendee(Part.CHAIR, budi), Attendee(Part.CHAIR, irma), guest):
        with pytest.raises(Refused) as caught:
            meetings.attend(meeting, somebody, by=ratna, at=NOW)
        assert (caught.value.reason, caught.value.names) == (Why.NO_CHAIR, ("Kanwil Kalbar",))
    browser, where = login(ratna), f"/tinjauan/rapat/{meeting.pk}/"
    assert "Pimpinan rapat: hanya akun yang berhak mengadakan" in text_of(browser.get(where).content)
    refused = browser.post(where, {"deed": "attend", "part": "CHAIR", "user": "budi"})
    assert refused.status_code == 400
    assert "Rapat hanya dipimpin akun yang berhak mengadakan rapat Kanwil Kalbar" in text_of(refused.content)
    meetings.attend(meeting, Attendee(Part.CHAIR, ratna), by=ratna, at=NOW)


def test_the_trail_never_names_a_guest(kanwil: Unit, ratna: User, budi: User) -> None:
    meeting: Meeting = meetings.plan(kanwil, ROOM, [], by=ratna, at=NOW)
    guest = Attendee(Part.OBSERVER, name="Sari Responden", office_name="Warga")
    came = meetings.attend(meeting, guest, by=ratna, at=NOW)
    other = meetings.attend(meeting, Attendee(Part.OBSERVER, budi), by=ratna, at=NOW)
    meetings.leave(meeting, came.pk, by=ratna)
    told = [one.about for one in Event.objects.filter(deed__endswith="-meeting").order_by("pk")]
    assert told[1:] == [
        f"kanwil/1: {came.pk}, OBSERVER",
        f"kanwil/1: {other.pk} budi, OBSERVER",
        f"kanwil/1: {came.pk}",
    ]


# Two offices


def test_two_people_of_one_office_do_not_exclude_by_a_lent_role(
    campaign: Campaign, kanwil: Unit, ratna: User, irma: User, inspectorate: Unit, login: Login
) -> None:
    sari, second, *_ = let_say(campaign, *[4] * 31)
    close_all()
    rudi = person("rudi", "REGIONAL_VERIFIER", kanwil)
    delegate(irma.assignments.get(), rudi, TODAY, TODAY + timedelta(days=3), by=irma)
    proposed = results.propose_exclusion(campaign, {sari: Reason.TEST}, by=ratna, office=kanwil)
    with pytest.raises(PermissionDenied):
        results.confirm_exclusion(proposed, by=rudi, office=inspectorate)
    with pytest.raises(PermissionDenied):  # nor the other way round, for Ratna to confirm
        results.propose_exclusion(campaign, {second: Reason.TEST}, by=rudi, office=inspectorate)
    page = login(rudi).get("/tinjauan/sambas1/pengecualian/").content.decode()
    assert 'value="confirm"' not in page
    assert "Peran yang dipinjamkan tidak menjadikannya orang kantor lain" in text_of(page.encode())
    results.confirm_exclusion(proposed, by=irma, office=inspectorate)


def test_who_works_at_no_office_of_their_own_excludes_nothing(
    campaign: Campaign, irma: User, login: Login
) -> None:
    [sari] = let_say(campaign, 4)
    tari = User.objects.create_user("tari")
    delegate(irma.assignments.get(), tari, TODAY, TODAY + timedelta(days=3), by=irma)
    wish = {"deed": "propose", "lines": sari.hex(), "reason": "TEST"}
    assert login(tari).post("/tinjauan/sambas1/pengecualian/", wish).status_code == 403


def test_who_works_at_both_offices_is_no_second_person(
    campaign: Campaign, kanwil: Unit, ratna: User, irma: User, inspectorate: Unit
) -> None:
    sari, second, *_ = let_say(campaign, *[4] * 31)
    close_all()
    rudi = person("rudi", "REGIONAL_VERIFIER", kanwil)
    Assignment.objects.create(user=rudi, role="INSPECTORATE", unit=kanwil, office=inspectorate)
    by_ratna = results.propose_exclusion(campaign, {sari: Reason.TEST}, by=ratna, office=kanwil)
    by_rudi = results.propose_exclusion(campaign, {second: Reason.TEST}, by=rudi, office=inspectorate)
    for proposed, somebody, name in ((by_ratna, rudi, inspectorate), (by_rudi, ratna, kanwil)):
        with pytest.raises(PermissionDenied):
            results.decline_exclusion(proposed, by=somebody, office=name, answer="Tidak.")
    assert not Exclusion.objects.exclude(declined_by=None).exists()


# Calls


def test_every_outcome_of_a_call_is_in_the_trail_without_whom_it_was(
    campaign: Campaign, kanwil: Unit, ratna: User
) -> None:
    rudi = person("rudi", "REGIONAL_VERIFIER", kanwil)
    found = calls.draw(campaign, Pool.of_register(50), 5, by=ratna, at=NOW)
    place = Call.objects.earliest("pk").place
    calls.note(found, place, Outcome.NOT_SERVED, by=ratna)
    for _ in range(2):  # a second click changes nothing
        calls.note(found, place, Outcome.GENUINE, by=rudi)
    told = Event.objects.filter(deed="note-call").order_by("pk").values_list("who", "unit", "about")
    assert list(told) == [
        ("ratna", "sambas", f"sambas1/1/{place}: NOT_SERVED"),
        ("rudi", "sambas", f"sambas1/1/{place}: GENUINE"),
    ]
    with pytest.raises(CannotCall):
        calls.note(found, 51, Outcome.GENUINE, by=ratna)
