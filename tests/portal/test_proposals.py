"""A proposal goes its way: every deed of the table by everybody, and with each condition left out.

Who may do what is read from permissions.toml by a few lines of its own, not by the program's.
"""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client

from tera.engine.proposal import DEEDS, PUBLIC, TABLE, Condition, Row, Stage
from tera.engine.transition import NotAllowed
from tera.portal.accounts.models import User
from tera.portal.accounts.permissions import FILE
from tera.portal.ledger.models import Event, Statement
from tera.portal.people.wording import DEEDS as TOLD
from tera.portal.proposals.cases import wording
from tera.portal.proposals.cases.actions import CannotPropose, act, announce, begin
from tera.portal.proposals.cases.checking import faults
from tera.portal.proposals.cases.scoring import Entry, give_opinion, give_score
from tera.portal.proposals.cases.why import Why
from tera.portal.proposals.models import Case, Evidence, Letter, Score
from tera.portal.proposals.queries import basis_now
from tera.portal.review.models.checks import Layer
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.models import Step as SurveyStep
from tera.portal.units.models import Unit
from tests.portal.plans import plan_for
from tests.portal.proposing import (
    BEST,
    JUST_BELOW,
    NOW,
    People,
    begun,
    certified,
    closed,
    people,
    prepare,
    score,
    take_off,
    walk,
)

Login = Callable[[User], Client]
LAW = {entry["id"]: entry for entry in tomllib.loads(FILE.read_text(encoding="utf-8"))["permission"]}
ROLES = {
    "operator": ("OPERATOR", "unit"),
    "head": ("HEAD_OF_UNIT", "unit"),
    "verifier": ("REGIONAL_VERIFIER", "above"),
    "regional_head": ("REGIONAL_HEAD", "above"),
    "inspector": ("INSPECTORATE", "above"),
    "ministry": ("MINISTRY", "above"),
    "second_ministry": ("MINISTRY", "above"),
    "elsewhere": ("REGIONAL_HEAD", "elsewhere"),
}
CELLS = [(row, source) for row in TABLE for source in row.sources]
NOTE = "Bukti sudah diperiksa."


@contextmanager
def undone() -> Iterator[None]:
    """Let something happen, and then let it not have happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def survey(sambas: Unit) -> Campaign:
    """Return a certified survey of Sambas whose every criterion is met."""
    return certified(sambas, "sambas-1", *BEST)


@pytest.fixture
def case(survey: Campaign) -> Case:
    """Return a proposal that has just begun."""
    return begun(survey)


@pytest.fixture
def who(survey: Campaign) -> People:
    return people(survey.unit)


def is_allowed(row: Row, name: str) -> bool:
    """Say what the list of permissions says."""
    permission, (role, where) = LAW[row.permission], ROLES[name]
    if permission.get("reach") == "above":
        return role in permission["roles"] and where == "above"
    return role in permission["roles"] and where != "elsewhere"


def ready(case: Case, row: Row, source: Stage) -> Case:
    """Take a proposal to a stage, with everything true of it that a deed asks for."""
    if source == Stage.INVITED:
        case = begin(case.unit, case.period, "wbbm", by=people(case.unit).verifier, at=NOW, is_invited=True)
    case = walk(case, source)
    is_corrected = Condition.IN_CONFLICT in row.conditions
    if is_corrected:
        take_off(case.campaign)
        if row.deed in {"uphold", "uphold-title"}:
            give_opinion(case, is_for=True, reason=NOTE, by=people(case.unit).inspector, at=NOW)
    else:
        prepare(case, row.deed)
    return Case.objects.get(pk=case.pk)


def test_who_may_do_each_deed_is_as_the_permissions_say(case: Case, who: People) -> None:
    nobody = User.objects.create_user("tanpa-peran")
    for row, source in CELLS:
        with undone():
            mine, did = ready(case, row, source), {}
            for name, somebody in {**who.all, "nobody": nobody}.items():
                with undone():
                    try:
                        act(mine, row.deed, by=somebody, at=NOW, note=NOTE)
                    except PermissionDenied:
                        did[name] = False
                        assert Case.objects.get(pk=mine.pk).stage == source
                    except NotAllowed as error:  # who scored for the inspectorate, or recommended
                        did[name] = error.missing == (Condition.ONE_LAYER,)
                    else:
                        did[name] = True
                        last = mine.steps.latest("number")
                        assert (last.deed, last.stage, last.by) == (row.deed, row.target, somebody)
                        assert Event.objects.filter(
                            who=somebody.username, deed=f"proposal-{row.deed}"
                        ).exists()
            assert did == {**{name: is_allowed(row, name) for name in ROLES}, "nobody": False}, row.deed


def _without_scores(case: Case) -> None:
    Score.objects.filter(case=case, layer=Layer.UNIT).update(evidence=None)


def _without_minutes(case: Case) -> None:
    SurveyStep.objects.filter(campaign=case.campaign, stage="VERIFIED").update(statement="")


def _against(case: Case) -> None:
    by = people(case.unit).inspector
    give_opinion(case, is_for=False, reason="Bukti kurang.", by=by, at=NOW)


def _taken_back(layer: Layer) -> Callable[[Case], None]:
    def take_back(case: Case) -> None:
        by = getattr(people(case.unit), "inspector" if layer == Layer.INSPECTORATE else "ministry")
        give_score(case, layer, Entry("total", ""), by=by, at=NOW)

    return take_back


def _voided(case: Case) -> None:
    assert Letter.objects.filter(listed__case=case).update(voided_at=NOW)


def _same_person(case: Case) -> None:
    """Let everybody of the region, the unit and the ministry have given the inspectorate's opinion."""
    who, office = people(case.unit), case.unit
    for by in (who.head, who.verifier, who.regional_head, who.ministry):
        said = {"is_for": True, "reason": NOTE, "results": list(basis_now(case).results)}
        number = case.opinions.count() + 1
        case.opinions.create(layer=Layer.INSPECTORATE, number=number, by=by, office=office, at=NOW, **said)


def _opened_again(case: Case) -> None:
    """Open a further survey in the same period."""
    actions.record(unit=case.unit, plan=plan_for(NOW.date()), by=None, at=NOW, code="sambas-lagi")


def _against_itself(case: Case) -> None:
    give_score(case, Layer.REGION, Entry("total", "1", NOTE), by=people(case.unit).verifier, at=NOW)


LEFT_OUT: dict[Condition, Callable[[Case], None]] = {
    Condition.SURVEY_MET: lambda case: take_off(case.campaign, 11),
    Condition.SCORES_GIVEN: _without_scores,
    Condition.IN_MINUTES: _without_minutes,
    Condition.INSPECTORATE_FOR: _against,
    Condition.INSPECTORATE_MET: _taken_back(Layer.INSPECTORATE),
    Condition.MINISTRY_MET: _taken_back(Layer.MINISTRY),
    Condition.ONE_LAYER: _same_person,
    Condition.ALL_CERTIFIED: _opened_again,
    Condition.REGION_CONSENTS: _against_itself,
    Condition.LETTER_WRITTEN: _voided,
    Condition.IN_AGREEMENT: lambda case: take_off(case.campaign),
}
BESIDE = {  # a correction lets an opinion on the former results count no longer, nor do 29 meet what 30 do
    Condition.IN_AGREEMENT: {Condition.INSPECTORATE_FOR},
    Condition.SURVEY_MET: {Condition.IN_AGREEMENT, Condition.REGION_CONSENTS},
    # As long as a survey of the period is not certified, there is no result that could meet anything.
    Condition.ALL_CERTIFIED: {
        *(Condition.SURVEY_MET, Condition.IN_MINUTES, Condition.INSPECTORATE_FOR),
        *(Condition.INSPECTORATE_MET, Condition.MINISTRY_MET),
    },
}


def test_each_condition_left_out_is_refused_and_named(case: Case, who: People) -> None:
    for row, source in CELLS:
        with undone():
            mine = ready(case, row, source)
            for condition in row.conditions:
                with undone():
                    missing = refusal(mine, row, condition, who)
                assert condition in missing, (row.deed, condition)
                assert missing - {condition} <= BESIDE.get(condition, set()), (row.deed, condition)
                assert Case.objects.get(pk=mine.pk).stage == source


def refusal(case: Case, row: Row, condition: Condition, who: People) -> set[Condition]:
    """Return what is missing, once a condition is left out."""
    if condition == Condition.IN_CONFLICT:
        case.steps.exclude(basis={}).update(basis=basis_now(case).as_values())
    elif condition != Condition.NOTE_GIVEN:
        LEFT_OUT[condition](case)
    doer = next(name for name in ROLES if is_allowed(row, name) and name != "operator")
    by = getattr(who, doer)
    note = " " if condition == Condition.NOTE_GIVEN else NOTE
    with pytest.raises(NotAllowed) as refused:
        act(case, row.deed, by=by, at=NOW, note=note)
    return {Condition(one) for one in refused.value.missing}


def test_no_other_deed_happens_at_a_stage(case: Case, who: People) -> None:
    walk(case, Stage.SENT)
    sender = {
        "recommend-unit": who.regional_head,
        "submit-proposal": who.head,
        "decide-proposal": who.ministry,
    }
    for deed in {row.deed for row in TABLE if row.sources} - {"grant", "deny", "revoke", "uphold"}:
        with pytest.raises(NotAllowed) as refused:
            act(case, deed, by=sender[DEEDS[deed].permission], at=NOW, note=NOTE)
        assert refused.value.missing == ()
    for deed in ("uphold", "revoke"):  # nothing was corrected
        with pytest.raises(NotAllowed) as refused:
            act(case, deed, by=who.ministry, at=NOW, note=NOTE)
        assert Condition.IN_CONFLICT in refused.value.missing


def test_what_is_in_the_way_of_a_beginning_is_said_where_it_came_from(
    sambas: Unit, survey: Campaign, who: People, login: Login
) -> None:
    browser, address = login(who.operator), "/usulan/mulai/sambas/"
    for asked, why in (
        ({"period": "Semester I 1999", "target": "wbk"}, Why.NO_SURVEY),
        ({"period": survey.period, "target": "emas"}, Why.NO_TITLE),
    ):
        reply = browser.post(address, asked)
        assert f"ditolak={why}" in reply["Location"]
        assert str(wording.REFUSED[why]) in browser.get(reply["Location"]).content.decode()
    wbk = {"period": survey.period, "target": "wbk"}
    assert login(who.elsewhere).post(address, wbk | {"invite": "1"}).status_code == 403
    assert login(who.head).post(address, wbk | {"invite": "1"}).status_code == 403
    reply = browser.post(address, wbk, follow=True)
    assert "Usulan disiapkan" in reply.content.decode()
    assert Case.objects.get().stage == Stage.DRAFT
    assert f"ditolak={Why.UNDER_WAY}" in browser.post(address, wbk)["Location"]
    act(Case.objects.get(), "withdraw", by=who.head, at=NOW, note=NOTE)
    invited = login(who.verifier).post(address, wbk | {"invite": "1"}, follow=True)
    assert "Unit diundang" in invited.content.decode()
    assert [case.stage for case in Case.objects.order_by("number")] == [Stage.WITHDRAWN, Stage.INVITED]


def test_an_office_invites_only_whom_the_survey_lets(sambas: Unit, login: Login) -> None:
    survey = certified(sambas, "sambas-1", *JUST_BELOW[52:], *[4] * 20)
    who = people(sambas)
    with pytest.raises(NotAllowed) as refused:
        begin(sambas, survey.period, "wbk", by=who.verifier, at=NOW, is_invited=True)
    assert refused.value.missing == (Condition.SURVEY_MET,)
    asked = {"period": survey.period, "target": "wbk", "invite": "1"}
    assert "ditolak=syarat" in login(who.verifier).post("/usulan/mulai/sambas/", asked)["Location"]


def test_a_decision_is_published_once_and_only_by_who_decides(case: Case, who: People, login: Login) -> None:
    walk(case, Stage.RECOMMENDED)
    address = f"/usulan/{case.pk}/umumkan/"
    assert login(who.ministry).post(address).status_code == 400
    walk(case, Stage.PROPOSED)
    assert login(who.regional_head).post(address).status_code == 403
    assert Case.objects.get().stage in PUBLIC
    assert not Case.objects.get().is_public
    reply = login(who.ministry).post(address, follow=True).content.decode()
    assert "Diumumkan. Siapa pun dapat membacanya" in reply
    assert Case.objects.get().is_public
    with pytest.raises(CannotPropose) as twice:
        announce(case, by=who.ministry, at=NOW)
    assert twice.value.why == Why.PUBLISHED


def test_the_page_says_what_is_missing_and_keeps_what_was_typed(
    case: Case, who: People, login: Login
) -> None:
    browser, address = login(who.head), f"/usulan/{case.pk}/"
    page = browser.get(address).content.decode()
    what, how = wording.CONDITIONS[Condition.SCORES_GIVEN]
    assert str(what) in page
    assert str(how) in page
    refused = browser.post(f"{address}langkah/", {"deed": "submit"})
    assert refused.status_code == 400
    assert str(what) in refused.content.decode()
    assert browser.post(f"{address}langkah/", {"deed": "begin"}).status_code == 400
    assert browser.post(f"{address}langkah/", {"deed": "terbang"}).status_code == 400
    assert browser.post(f"{address}langkah/", {"deed": "recommend", "note": NOTE}).status_code == 403
    long = browser.post(f"{address}langkah/", {"deed": "withdraw", "note": "panjang " * 400})
    assert long.status_code == 400
    assert "panjang panjang" in long.content.decode()
    for stranger in (who.elsewhere, User.objects.create_user("orang-luar")):
        for where in (address, f"{address}nilai/unit/", f"{address}bukti/1/"):
            assert login(stranger).get(where).status_code in {403, 404}
        assert "Kanim Sambas" not in login(stranger).get("/usulan/").content.decode()
    listed = login(who.ministry).get("/usulan/").content.decode()
    assert listed.index("Menunggu unit") < listed.index("Kanim Sambas · WBK") < listed.index("Disiapkan unit")


def test_a_whole_way_through_the_pages(case: Case, who: People, login: Login) -> None:
    for to, deed, name in (
        (Stage.SUBMITTED, "submit", "head"),
        (Stage.RECOMMENDED, "recommend", "regional_head"),
        (Stage.PROPOSED, "propose", "ministry"),
        (Stage.SENT, "send", "ministry"),
        (Stage.GRANTED, "grant", "ministry"),
    ):
        prepare(case, deed)
        browser = login(getattr(who, name))
        assert f'name="deed" value="{deed}"' in browser.get(f"/usulan/{case.pk}/").content.decode()
        sent = browser.post(f"/usulan/{case.pk}/langkah/", {"deed": deed, "note": NOTE}, follow=True)
        assert str(wording.STAGES[to]) in sent.content.decode()
        case = Case.objects.get(pk=case.pk)
        assert case.stage == to
    way = login(who.operator).get(f"/usulan/{case.pk}/").content.decode()
    places = [way.index(str(wording.DONE[step.deed])) for step in case.steps.order_by("number")]
    assert places == sorted(places)
    assert "proposed/sambas/1" in way
    for told in ("Diverifikasi:", f'">{Letter.objects.get().named}</a>'):
        assert told in way[way.index("Perjalanan usulan") : way.index("Semua syarat, satu per satu")]
    ministry, line = login(who.ministry), "Kanim Sambas · WBK"
    listed = ministry.get("/usulan/?cari=SAMB&predikat=wbk").content.decode()
    for told in (line, "/usulan/daftar/kementerian/", "/usulan/surat/kementerian/"):
        assert told in listed
    for query in ("predikat=wbbm", "tahap=unit", "cari=kaltim", "periode=Semester"):
        assert line not in ministry.get(f"/usulan/?{query}").content.decode()
    assert list(faults()) == []


def test_a_corrected_result_is_a_conflict_until_the_ministry_decides_again(
    case: Case, survey: Campaign, who: People, login: Login
) -> None:
    walk(case, Stage.SENT)
    take_off(survey)
    browser, address = login(who.ministry), f"/usulan/{case.pk}/"
    page = browser.get(address).content.decode()
    banner = page[page.index("Bertentangan dengan hasil sekarang") :]
    for told in (
        "certified/sambas-1/1",
        "certified/sambas-1/2",
        "40 ",
        "<strong>30</strong>",
        "tetap terpenuhi",
    ):
        assert told in banner
    assert 'value="revoke"' in page
    assert '<a class="chip no" href="#pertentangan">bertentangan dengan hasil</a>' in page
    listed = browser.get("/usulan/?cari=sambas&tahap=bertentangan").content.decode()
    assert "<h2>Bertentangan dengan hasil sekarang</h2>" in listed
    assert "Kanim Sambas · WBK" in listed
    assert Case.objects.get().stage == Stage.SENT  # nothing changes by itself
    missing = [str(what) for what, _ in wording.wording_of([Condition.INSPECTORATE_FOR])]
    assert missing[0] in page
    give_opinion(case, is_for=True, reason=NOTE, by=who.inspector, at=NOW)
    for unreadable in ("!!!", "panjang sekali " * 30):
        bad = browser.post(f"{address}langkah/", {"deed": "uphold", "note": unreadable})
        assert bad.status_code == 400
    browser.post(f"{address}langkah/", {"deed": "uphold", "note": "Hasil baru\ntetap memenuhi."})
    assert Case.objects.get().stage == Stage.PROPOSED
    said = Statement.objects.filter(kind="corrected", name__contains="corrected/").latest("pk").as_said()
    assert (said["statement"], said["reason"]) == ("proposed/sambas/1", "Hasil baru tetap memenuhi.")
    again = Statement.objects.get(name="proposed/sambas/2").as_said()
    assert again["results"] == ["certified/sambas-1/2"]
    page = browser.get(address).content.decode()
    assert "Bertentangan" not in page
    way = page[page.index("Perjalanan usulan") :]
    for told in (
        "certified/sambas-1/1 → certified/sambas-1/2",
        "<dd>40 → 30 ",
        "corrected/2, proposed/sambas/2",
    ):
        assert told in way
    assert list(faults()) == []


def test_a_correction_that_fails_a_criterion_can_only_be_revoked(sambas: Unit, login: Login) -> None:
    survey = certified(sambas, "sambas-1", *BEST[:39])
    case, who = begun(survey), people(sambas)
    walk(case, Stage.GRANTED)
    take_off(survey)
    page = login(who.ministry).get(f"/usulan/{case.pk}/").content.decode()
    assert "syarat dari survei tidak terpenuhi lagi" in page
    give_opinion(case, is_for=True, reason=NOTE, by=who.inspector, at=NOW)
    with pytest.raises(NotAllowed) as refused:
        act(case, "uphold-title", by=who.ministry, at=NOW, note=NOTE)
    assert refused.value.missing == (Condition.INSPECTORATE_MET, Condition.MINISTRY_MET)
    act(case, "revoke", by=who.ministry, at=NOW, note=NOTE)
    assert Case.objects.get().stage == Stage.REVOKED
    assert list(faults()) == []


def test_fsck_finds_what_nobody_did(case: Case, who: People) -> None:
    walk(case, Stage.PROPOSED)
    assert list(faults()) == []
    meddled: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: case.steps.filter(number=3).delete(), "has not all of its steps"),
        (lambda: case.steps.filter(number=3).update(stage="GRANTED"), "may not follow"),
        (lambda: case.steps.filter(deed="begin").update(deed="submit"), "does not begin"),
        (lambda: case.steps.filter(deed="propose").update(statement=""), "the database does not hold it"),
        (lambda: Case.objects.update(target_id="wbbm"), "the ledger says something else"),
        (lambda: Evidence.objects.update(content=b"%PDF-lain"), "does not have its sha256"),
    )
    for meddle, says in meddled:
        with undone():
            meddle()
            assert any(says in fault for fault in faults()), says


def test_a_survey_without_a_result_lets_a_unit_begin_and_no_more(sambas: Unit) -> None:
    survey = closed(sambas, "sambas-1", *BEST)
    case, who = begun(survey), people(sambas)
    score(case, Layer.UNIT, who.operator)
    with pytest.raises(NotAllowed) as refused:
        act(case, "submit", by=who.head, at=NOW)
    assert refused.value.missing == (Condition.SURVEY_MET,)


def test_every_deed_stage_and_condition_has_words() -> None:
    assert wording.STAGES.keys() == set(Stage)
    assert wording.DEEDS.keys() == wording.DONE.keys() == DEEDS.keys()
    assert wording.CONDITIONS.keys() == set(Condition)
    assert {f"proposal-{deed}" for deed in DEEDS} <= TOLD.keys()
