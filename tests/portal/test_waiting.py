"""On their first page everybody reads what waits for them, in one plain sentence and with a link each."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tera.engine.workflow import Condition
from tera.intake.tables import Database
from tera.portal.accounts.models import Assignment, User
from tera.portal.results import actions as results
from tera.portal.results.models import Reason
from tera.portal.review.asking import actions as asking
from tera.portal.review.meetings.queries import takeable
from tera.portal.review.models import Item, Meeting
from tera.portal.review.waiting.queries import waiting_for
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import Words, move
from tera.portal.units.models import Unit
from tests.portal.conftest import office
from tests.portal.deciding import OVER, close_all, fill_methods
from tests.portal.minuting import end, meet, survey_of
from tests.portal.respondents import let_answer
from tests.portal.test_certifying import let_say, text_of

NOW = datetime.now(UTC)
EVERYTHING = frozenset(Condition)
Login = Callable[[User], Client]


def words_of(user: User) -> list[str]:
    return [line.words for line in waiting_for(user, timezone.now()).lines]


def closed(*campaigns: Campaign, deeds: tuple[str, ...] = ("screen",)) -> None:
    """Close surveys, and take them some steps further."""
    for campaign in campaigns:
        let_say(campaign, *[4] * 12)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    due = Words("Foto poster di loket belum ada.", timezone.localdate() + timedelta(days=14))
    for campaign in campaigns:
        for deed in deeds:
            move(campaign, deed, EVERYTHING, at=NOW, words=due)


def planned(kanwil: Unit, by: User, *campaigns: Campaign) -> Meeting:
    """Plan a meeting about surveys."""
    day = {"held_on": "2100-12-07", "begins_at": time(9), "place": "Aula lantai 2", "title": "Rapat"}
    meeting = Meeting.objects.create(office=kanwil, number=1, by=by, at=NOW, **day)
    meeting.refresh_from_db()
    for place, campaign in enumerate(campaigns, 1):
        Item.objects.create(meeting=meeting, campaign=campaign, place=place)
    return meeting


def test_nothing_waits_for_who_has_nothing_to_do(
    campaign: Campaign, budi: User, ratna: User, dewi: User, irma: User, login: Login
) -> None:
    for somebody in (budi, ratna, dewi, irma):
        assert words_of(somebody) == []
        assert "Menunggu Anda" not in login(somebody).get("/survei/").content.decode()


def test_budi_reads_what_was_returned_asked_and_left_empty(
    campaign: Campaign, kanwil: Unit, budi: User, ratna: User, dewi: User, login: Login
) -> None:
    asking.ask(campaign, "Di mana poster?", by=ratna, at=NOW)
    closed(campaign, deeds=("screen", "take-up", "return"))
    page = login(budi).get("/survei/").content.decode()
    said = text_of(page.encode())
    assert "Menunggu Anda" in said
    for words in ("dikembalikan: perbaiki paling lambat", "1 pertanyaan tentang survei", "Lembar metode"):
        assert words in said
    for address in ("/tinjauan/sambas1/kirim-ulang/", "/tinjauan/sambas1/pertanyaan/", "/metode/isi/"):
        assert address in page
        link = next(part for part in page.split('"') if part.endswith(address))
        assert login(budi).get(link).status_code == 200
    assert words_of(dewi) == []
    late = timezone.now() + timedelta(days=20)
    assert any("sudah lewat" in line.words for line in waiting_for(budi, late).lines)
    fill_methods(campaign)
    assert not any("Lembar metode" in words for words in words_of(budi))


def test_both_sides_read_when_and_where_they_meet(
    campaign: Campaign, kanwil: Unit, budi: User, ratna: User, login: Login
) -> None:
    closed(campaign)
    fill_methods(campaign)
    assert words_of(ratna) == ["1 survei siap dimasukkan ke agenda rapat Kanwil Kalbar."]
    meeting = planned(kanwil, ratna, campaign)
    when = "Selasa, 7 Desember 2100 pukul 09.00, Aula lantai 2"
    assert words_of(budi) == [
        f"Survei Kanim Sambas, {campaign.period} dibahas dalam rapat Kanwil Kalbar: {when}."
    ]
    assert words_of(ratna) == [
        f"Rapat Kanwil Kalbar direncanakan: {when}.",
        f"Daftar periksa kantor untuk survei Kanim Sambas, {campaign.period} belum lengkap.",
    ]
    for name in ("dossier", "result"):
        said = text_of(login(budi).get(reverse(name, args=["sambas1"])).content)
        assert "pada Selasa, 7 Desember 2100 pukul 09.00, tempat: Aula lantai 2." in said
    Meeting.objects.filter(pk=meeting.pk).update(opened_at=NOW)
    assert "sedang berlangsung" in words_of(ratna)[0]


def test_ratna_reads_what_is_verified_and_waits_for_certification(
    campaign: Campaign, kanwil: Unit, ratna: User, budi: User
) -> None:
    let_say(campaign, *[4] * 12)
    close_all()
    said = f"Survei Kanim Sambas, {campaign.period} terverifikasi dan menunggu pengesahan."
    assert words_of(ratna) == [said]
    results.certify(campaign, by=ratna, at=NOW)
    assert words_of(ratna) == []
    Assignment.objects.create(user=ratna, role="OPERATOR", unit=campaign.unit, is_ended=True)
    assert words_of(ratna) == []


def test_irma_reads_of_exclusions_that_wait_for_her_office(
    campaign: Campaign, kanwil: Unit, ratna: User, irma: User, budi: User, intake: Database
) -> None:
    names = let_answer(campaign, intake, 24)
    actions.seal_due(OVER)
    proposed = results.propose_exclusion(campaign, {names[0]: Reason.STAFF}, by=ratna, office=kanwil)
    [words] = words_of(irma)
    assert words.startswith("Usul Kanwil Kalbar untuk tidak menghitung jawaban survei Kanim Sambas")
    for somebody in (ratna, budi):
        assert not any("Usul" in line for line in words_of(somebody))
    results.confirm_exclusion(proposed, by=irma, office=Unit.objects.get(slug="itjen"))
    assert words_of(irma) == []


def test_minutes_wait_for_whoever_attended_and_did_not_sign(
    campaign: Campaign, kanwil: Unit, ratna: User, budi: User, dewi: User, login: Login
) -> None:
    closed(campaign, deeds=())
    end(meet(kanwil, ratna, [campaign], ratna, budi), ratna, "REJECTED")
    said = "Berita acara rapat Kanwil Kalbar, 7 Desember 2100 menunggu tanda tangan Anda."
    for somebody in (ratna, budi):
        [line] = waiting_for(somebody, NOW).lines
        assert line.words == said
        assert login(somebody).get(line.address).status_code == 200
    assert words_of(dewi) == []


@pytest.mark.parametrize("name", ["ratna", "budi"])
def test_many_surveys_ask_no_more_queries_than_one(
    campaign: Campaign, kanwil: Unit, ratna: User, budi: User, name: str
) -> None:
    closed(campaign)
    user = User.objects.get(username=name)
    with CaptureQueriesContext(
        connection,
    ) as of_one:
        waiting_for(user, NOW)
    more = [office(f"kanim{n}", f"Kanim {n}", "KANIM", kanwil) for n in range(6)]
    for unit in more:
        Assignment.objects.create(user=budi, role="OPERATOR", unit=unit)
    closed(*(survey_of(unit, f"kanim{n}1") for n, unit in enumerate(more)))
    assert len(takeable(kanwil, timezone.localdate())) == 7
    with CaptureQueriesContext(connection) as of_seven:
        assert waiting_for(user, NOW).lines
    assert len(of_seven) == len(of_one) <= 30
