"""The dossier of a survey: one page for a meeting, prepared by the worker once the survey is closed."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tera.engine.catalogue import get_checklist, get_codelists
from tera.engine.response import Response
from tera.engine.workflow import Condition
from tera.intake import inbox
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Event
from tera.portal.results import actions as results
from tera.portal.results.models import Reason
from tera.portal.results.proving import proofs_of
from tera.portal.results.queries import result_of
from tera.portal.review.actions import screen_next
from tera.portal.review.dossier.queries import waits_for_summary
from tera.portal.review.dossier.summary.actions import summarise_next
from tera.portal.review.models import Assessment, CallRound, Question, Summary, Visit
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import Words, move
from tera.portal.units.models import Unit
from tests.portal.conftest import office, person
from tests.portal.deciding import OVER, close_all, exclude
from tests.portal.plans import plan_for

NOW = datetime.now(UTC)
TODAY = NOW.date()
DAY = (TODAY - date(1970, 1, 1)).days
PAGE = "/tinjauan/sambas1/"
Login = Callable[[User], Client]
WEB, KIOSK = (get_codelists().channel.byte_of(code) for code in ("WEB", "KIOSK"))


def let_say(
    campaign: Campaign,
    count: int,
    *,
    service: str = "PASPOR",
    channel: int = WEB,
    low: str = "",
    least: int = 3,
    high: int = 4,
) -> list[bytes]:
    """Let people answer well, and one item always worse, if it is named; return their commitments."""
    chance, held = random.Random(f"{campaign.code}{count}{service}"), []
    for _ in range(count):
        scores = tuple(2 if code == low else chance.randint(least, high) for code in campaign.form.codes)
        said = Response(campaign.code, DAY, channel, service, (0, 0, 0, 0), False, scores)
        held.append(actions.held(said))
    inbox.put(settings.INTAKE, campaign.code, held)
    return [commitment for commitment, _, _ in held]


def close() -> None:
    """Let the worker seal what is left, say so, screen, and prepare dossiers."""
    actions.seal_due(NOW)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    work()


def work() -> None:
    while screen_next(NOW):
        pass
    while summarise_next(datetime.now(UTC)):
        pass


def text(client: Client, path: str = PAGE) -> str:
    reply = client.get(path)
    assert reply.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reply.content.decode())).split())


def certified(campaign: Campaign, ratna: User) -> None:
    close_all()
    results.certify(campaign, by=ratna, at=datetime.now(UTC))
    work()


def survey(unit: Unit, code: str, day: date = TODAY) -> Campaign:
    return actions.record(unit=unit, plan=plan_for(day), by=None, at=NOW, code=code)


def test_before_it_is_closed_the_dossier_says_when_it_is_filled(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    let_say(campaign, 45)
    actions.seal_due(NOW)
    assert not waits_for_summary()
    said = text(login(ratna))
    assert "Berkas diisi setelah blok terakhirnya disegel" in said
    assert "45 dari sasaran" in said
    assert "Menurut saluran" not in said
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    assert "Sedang disiapkan" in text(login(ratna))
    work()
    said = text(login(ratna))
    assert "Sedang disiapkan" not in said
    assert "Menurut saluran" in said


def test_the_worker_prepares_a_dossier_once(campaign: Campaign) -> None:
    let_say(campaign, 45)
    close()
    made = Summary.objects.get().made_at
    assert not summarise_next(OVER)
    assert Summary.objects.get().made_at == made


def test_how_people_were_reached_is_shown_without_small_cells(
    campaign: Campaign, budi: User, login: Login
) -> None:
    let_say(campaign, 40)
    let_say(campaign, 14, channel=KIOSK)
    let_say(campaign, 3, service="")
    close()
    cells = Summary.objects.get().values["cells"]
    assert (cells["channel"]["WEB"], cells["channel"]["KIOSK"]) == (43, 14)
    assert cells["service"] == {"PASPOR": None, "": None}  # 54, from which the 3 would follow
    assert list(cells["month"].values()) == [57]
    said = text(login(budi))
    assert "tidak ditampilkan" in said
    assert "57 dari sasaran" in said
    assert "Survei ini tidak memakai tiket" in said
    assert "Responden diberi tahu sebelum menjawab" in said
    assert "budi" not in said.replace("budi Keluar", "")  # offices, never names


def test_a_printed_poster_is_counted_and_proves_only_that(
    campaign: Campaign, budi: User, ratna: User, login: Login
) -> None:
    assert "0× dicetak oleh unit" in text(login(ratna))
    for who in (budi, budi, ratna):  # what the regional office prints is not counted
        reply = login(who).get("/survei/sambas1/undangan/poster.pdf", {"paper": "a4"})
        assert reply["Content-Type"] == "application/pdf"
    login(budi).get("/survei/sambas1/undangan/")  # nor a look at the page
    said = text(login(ratna))
    assert "2× dicetak oleh unit" in said
    assert "bukan bahwa ia dipasang" in said


def test_what_the_answers_say_stands_there_with_how_it_is_counted(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    let_say(campaign, 120, low=campaign.form.codes[0], least=4)
    close()
    found = result_of([campaign])
    said = text(login(ratna))
    assert "Angka sementara: tanpa blok terakhir" in said
    assert f"Dihitung dari {found.n} jawaban" in said
    for index in found.indices:
        assert index.converted_shown.replace(".", ",") in said
    first = found.tallies["skm-9"].counts[campaign.form.codes[0]]
    assert first == {2: found.n}
    assert f"Kurang sesuai {found.n} Sesuai 0" in said
    assert Summary.objects.get().values["proofs"]["wbk"]["status"] == proofs_of(found)["wbk"]["ipk"].status
    assert "Juga terbukti, dengan keyakinan 95 %" in said
    assert "Lampiran" in said  # the article behind a number


def test_services_are_shown_from_the_earlier_blocks_and_do_not_move_with_the_certification(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    campaign.services = {"PASPOR": "Paspor", "VISA": "Visa"}
    campaign.save()
    let_say(campaign, 60)
    let_say(campaign, 40, service="VISA")
    close()
    before = Summary.objects.get().values["services"]
    assert before["of"] == "earlier"
    assert set(before["rows"]) == {"PASPOR", "VISA"}
    certified(campaign, ratna)
    assert Summary.objects.get().values["services"] == before
    assert "dari semua blok kecuali yang terakhir" in text(login(ratna)).lower()


def test_fewer_than_ten_people_are_shown_nowhere(campaign: Campaign, ratna: User, login: Login) -> None:
    let_say(campaign, 9)
    close()
    values = Summary.objects.get().values
    assert values["services"]["rows"] == values["zone"] == values["means"] == {}
    assert values["cells"] == {}
    said = text(login(ratna))
    assert "Belum ada indeks yang boleh ditampilkan" in said
    assert "punya kurang dari 10 jawaban" in said


def test_earlier_periods_are_a_line_and_their_weakest_elements_come_back(
    sambas: Unit, campaign: Campaign, ratna: User, budi: User, login: Login
) -> None:
    past = survey(sambas, "dulu", TODAY - timedelta(days=400))
    item = past.form.codes[2]
    let_say(past, 40, low=item)
    let_say(campaign, 80)
    actions.seal_due(NOW)
    certified(past, ratna)
    Assessment.objects.create(
        campaign=campaign, layer="unit", number=1, by=budi, office=sambas, at=NOW, checklist="verification-1",
        sha256="", answers={}, remarks={"FOLLOW_UP": "Loket ditambah dua."},
    )  # fmt: skip
    said = text(login(ratna))
    assert "dari periode ke periode" in said
    assert past.period in said
    assert f"Tiga unsur terlemah pada {past.period}" in said
    assert "▲" in said
    assert "Loket ditambah dua." in said


def test_units_like_it_stand_on_one_line(
    kanwil: Unit, campaign: Campaign, ratna: User, budi: User, login: Login
) -> None:
    let_say(campaign, 60, high=3)
    for name in ("singkawang", "entikong"):
        let_say(survey(office(name, f"Kanim {name.title()}", "KANIM", kanwil), name), 60)
    let_say(survey(office("rutan", "Rutan Sanggau", "RUTAN", kanwil), "rutan"), 60)
    close()
    said = text(login(ratna))
    assert "2 dari 3 unit sejenis lebih tinggi" in said
    assert "Dibanding rata-rata mereka: lebih buruk" in said
    assert "Kanim Singkawang" in said
    assert "Rutan Sanggau" not in said
    other = text(login(budi))  # who may not see what others have before it is published
    assert "Kanim Singkawang" not in other
    assert "unit sejenis lebih tinggi" not in other


def test_every_receipt_is_checked_against_the_ledger(campaign: Campaign, ratna: User, login: Login) -> None:
    let_say(campaign, 70)
    close()
    kept = Summary.objects.get().values["ledger"]
    assert (kept["blocks"], kept["receipts"], kept["checked"], kept["faults"]) == (2, 70, 70, [])
    said = text(login(ratna))
    assert "✓ 70 dari 70" in said
    assert "Ada yang tidak cocok" not in said


@pytest.mark.parametrize("damage", ["DELETE FROM sealed WHERE commitment = ?", "swap"])
def test_a_damaged_block_is_a_fault(campaign: Campaign, ratna: User, login: Login, damage: str) -> None:
    first = let_say(campaign, 70)[0]
    actions.seal_due(NOW)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    with settings.INTAKE.transaction() as cursor:
        [(block,)] = cursor.rows("SELECT block FROM sealed WHERE commitment = ?", (first,))
        cursor.run("DELETE FROM sealed WHERE commitment = ?", (first,))
        if damage == "swap":
            cursor.run(
                "INSERT INTO sealed (campaign, commitment, block, salt, body) VALUES (?, ?, ?, ?, ?)",
                ("sambas1", bytes(32), block, bytes(32), b""),
            )
    work()
    kept = Summary.objects.get().values["ledger"]
    kind = "root" if damage == "swap" else "count"
    assert kept["faults"] == [{"kind": kind, "block": block}]
    assert kept["checked"] < kept["receipts"] == 70
    assert "Ada yang tidak cocok" in text(login(ratna))


def test_signals_are_for_the_offices_above(
    campaign: Campaign, sambas: Unit, budi: User, ratna: User, login: Login
) -> None:
    let_say(campaign, 60)
    close()
    hadi = person("hadi", "HEAD_OF_UNIT", sambas)
    for runner in (budi, hadi):
        page = login(runner).get(PAGE).content.decode()
        assert 'id="tanda"' not in page
        assert "Formulir yang sama persis" not in page
        assert login(runner).get(f"{PAGE}?layar=tanda").context["on_screen"].id == "mekanisme"
    assert not Event.objects.filter(deed="see-signals").exists()
    assert "Formulir yang sama persis" in text(login(ratna))
    assert Event.objects.filter(deed="see-signals", who="ratna", kind="LOOK").count() == 1


def test_who_belongs_elsewhere_sees_no_dossier(campaign: Campaign, dewi: User, login: Login) -> None:
    elsewhere = office("kaltim", "Kanwil Kaltim", "KANWIL")
    rudi = person("rudi", "REGIONAL_VERIFIER", elsewhere)
    for stranger in (dewi, rudi):
        assert login(stranger).get(PAGE).status_code == 403
        assert login(stranger).get(f"{PAGE}komentar/").status_code == 403
    assert Client().get(PAGE).status_code == 302


def test_a_new_exclusion_makes_the_dossier_anew(
    campaign: Campaign, ratna: User, irma: User, login: Login
) -> None:
    said = let_say(campaign, 70)
    close()
    assert not waits_for_summary()
    results.propose_exclusion(
        campaign, {said[0]: Reason.STAFF}, by=ratna, office=Unit.objects.get(slug="kanwil")
    )
    assert not waits_for_summary()  # nobody confirmed it
    assert "menunggu kantor kedua" in text(login(ratna))
    exclude(campaign, said[1:3], ratna, irma)
    assert waits_for_summary()
    work()
    assert Summary.objects.get().excluded == 2
    page = text(login(ratna))
    assert "Dikecualikan oleh dua kantor 2" in page
    assert "Usul 2: 2 jawaban disetujui" in page
    assert "mereka kurang dari sepuluh orang" in page


def test_both_verdicts_stand_side_by_side_where_that_tells_of_nobody(
    campaign: Campaign, ratna: User, irma: User, login: Login
) -> None:
    said = let_say(campaign, 90)
    actions.seal_due(NOW)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    exclude(campaign, said[:12], ratna, irma)
    work()
    assert "tampil bersama hasil yang disahkan" in text(login(ratna))
    certified(campaign, ratna)
    page = text(login(ratna))
    assert "tanpa dengan" in page
    assert "WBK" in page
    assert Summary.objects.get().values["is_certified"]


def test_checks_of_every_layer_stand_side_by_side(
    campaign: Campaign, kanwil: Unit, sambas: Unit, budi: User, ratna: User, login: Login
) -> None:
    asked = get_checklist("verification-1")
    answers = {item.code: "YES" for item in asked.items_of("region")[:2]}
    half = {item.code: "PARTLY" for item in asked.items_of("unit")}
    mine = {"campaign": campaign, "at": NOW, "checklist": asked.id, "sha256": asked.sha256}
    Assessment.objects.create(
        **mine, layer="region", number=1, by=ratna, office=kanwil, answers=answers, note="Perlu dilihat lagi."
    )
    Assessment.objects.create(**mine, layer="unit", number=1, by=budi, office=sambas, answers=half)
    Visit.objects.create(
        **mine, layer="region", key="k" * 43, visited_on=TODAY, by=ratna, office=kanwil, answers=answers
    )
    CallRound.objects.create(
        campaign=campaign, number=1, source="REGISTER", population=200, sample=20, seed="s", by=ratna,
        office=kanwil, at=NOW, delete_on=TODAY, finished_at=NOW, outcomes={"GENUINE": 18, "STEERED": 2},
    )  # fmt: skip
    said = text(login(budi))
    assert "Kantor wilayah 100 %" in said
    assert "Unit 50 %" in said
    assert "Perlu dilihat lagi." in said
    assert "Inspektorat belum diisi" in said
    assert "Putaran 1: 20 dari 200 orang" in said
    assert "Menjawab, tetapi diarahkan 2" in said


def test_open_questions_come_first(
    campaign: Campaign, kanwil: Unit, ratna: User, budi: User, login: Login
) -> None:
    mine = {"campaign": campaign, "by": ratna, "office": kanwil, "at": NOW}
    Question.objects.create(
        **mine, number=1, text="Siapa membagi tiket?", answer="Loket 2.", answered_by=budi, answered_at=NOW
    )
    Question.objects.create(**mine, number=2, text="Mengapa Maret sepi?")
    Question.objects.create(**mine, number=3, text="Salah alamat.", withdrawn_at=NOW)
    said = text(login(budi))
    assert said.index("Mengapa Maret sepi?") < said.index("Siapa membagi tiket?") < said.index("Loket 2.")
    assert "Salah alamat." not in said


def test_the_way_so_far_names_offices_and_a_day_to_mend_by(
    campaign: Campaign, kanwil: Unit, ratna: User, login: Login
) -> None:
    let_say(campaign, 45)
    close()
    role = ratna.assignments.get()
    move(campaign, "take-up", set(Condition), at=NOW, role=role)
    due = TODAY + timedelta(days=10)
    move(campaign, "return", set(Condition), at=NOW, role=role, words=Words("Lengkapi lembar metode.", due))
    said = text(login(ratna))
    assert "Dikembalikan untuk diperbaiki sekarang" in said
    assert "Lengkapi lembar metode." in said
    assert "Diperbaiki paling lambat" in said
    assert Question.objects.count() == 0


def test_on_a_screen_there_is_one_part_at_a_time(campaign: Campaign, ratna: User, login: Login) -> None:
    browser = login(ratna)
    parts = [part.id for part in browser.get(PAGE).context["every"]]
    seen, here = [], f"{PAGE}?layar"
    while here:
        page = browser.get(here).content.decode()
        seen += re.findall(r'<section class="dossier-part" id="([\w-]+)"', page)
        following = re.search(r'rel="next" href="(\?[^"]+)"', page)
        here = f"{PAGE}{following[1]}" if following else ""
    assert seen == parts
    assert len(parts) == 9


def test_result_and_region_lead_to_the_dossier(
    campaign: Campaign, ratna: User, budi: User, login: Login
) -> None:
    link = f'href="{reverse("dossier", args=["sambas1"])}"'
    for who, page in ((budi, "/laporan/sambas1/"), (ratna, "/tinjauan/wilayah/kanwil/")):
        assert link in login(who).get(page).content.decode()


def test_a_survey_is_prepared_again_by_another_version(campaign: Campaign) -> None:
    let_say(campaign, 45)
    close()
    Summary.objects.update(version="0.0")
    assert waits_for_summary()
    work()
    assert not waits_for_summary()


def test_imported_answers_have_a_dossier_too(sambas: Unit, ratna: User, login: Login) -> None:
    plan = replace(plan_for(TODAY, "skm-9"), source="Rekap kertas")
    imported = actions.record(unit=sambas, plan=plan, by=None, at=NOW, code="sambas1")
    chance = random.Random(1)
    actions.import_answers(imported, [[chance.randint(2, 4) for _ in imported.form.codes] for _ in range(40)])
    actions.tell_of_blocks()
    work()
    said = text(login(ratna))
    assert "✓ 40 dari 40" in said
    assert "Rekap kertas" in said


@pytest.mark.parametrize("count", [0, 30])
def test_where_everything_is_gone_the_dossier_says_so(
    campaign: Campaign, ratna: User, login: Login, count: int
) -> None:
    let_say(campaign, count)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    with settings.INTAKE.transaction() as cursor:
        for table in ("sealed", "blocks"):
            cursor.run(f"DELETE FROM {table}")  # noqa: S608  names of our own
    work()
    kept = Summary.objects.get().values["ledger"]
    assert (kept["checked"], kept["receipts"]) == (0, count)
    assert {"kind": "closed", "block": 0} in kept["faults"]
    assert "Jumlah blok atau jawaban bukan yang tercatat" in text(login(ratna))
