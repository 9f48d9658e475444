"""A result is certified: exclusions of two offices take effect, and nobody reads them by subtraction."""

import csv
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from html import unescape
from io import BytesIO, StringIO
from itertools import permutations
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client

from tera.engine.disclosure import K
from tera.engine.response import Response, receipt_code
from tera.engine.tally import EMPTY
from tera.intake import inbox
from tera.intake.blocks import list_blocks
from tera.intake.tables import Database
from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.actions import place_all
from tera.portal.ledger.models import Statement
from tera.portal.results import actions as results
from tera.portal.results import bundle
from tera.portal.results.actions import CannotCertify, CannotExclude, TooFewLeft
from tera.portal.results.counting import faults_of
from tera.portal.results.models import Certification, Exclusion, Reason
from tera.portal.results.queries import is_to_be_taken_off, result_of, result_with
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.deciding import close_all, exclude, fill_methods, verify
from tests.portal.plans import plan_for

NOW = datetime.now(UTC)
Login = Callable[[User], Client]


def let_say(campaign: Campaign, *scores: int) -> list[bytes]:
    """Let people answer, each with one score throughout; return their commitments."""
    codes = campaign.form.codes
    said = [Response(campaign.code, 20780, 1, "", (0, 0, 0, 0), False, (one,) * len(codes)) for one in scores]
    held = [actions.held(response) for response in said]
    inbox.put(settings.INTAKE, campaign.code, held)
    return [commitment for commitment, _, _ in held]


def said(name: str) -> Mapping[str, Any]:
    return Statement.objects.get(name=name).as_said()


def test_a_certified_result_is_public_and_in_the_ledger(
    campaign: Campaign, ratna: User, intake: Database
) -> None:
    let_say(campaign, *[4] * 20, *[3] * 12)
    close_all()
    assert Client().get("/hasil/sambas1/").status_code == 404
    results.certify(campaign, by=ratna, at=NOW)
    page = Client().get("/hasil/sambas1/").content.decode()
    assert "90,63" in page  # (20 x 4 + 12 x 3) / 32 x 25
    assert "disahkan" in page
    told = said("certified/sambas1/1")
    assert (told["count"], told["excluded"], told["controls"], told["by_unit"]) == (32, 0, 0, "kanwil")
    points = {entry["measure"]: entry["points"] for entry in told["measures"]}
    assert points["skm/permenpanrb-14-2017"] == "29/8"
    assert told["tally"][0]["counts"] == [{"score": 3, "count": 12}, {"score": 4, "count": 20}]
    assert "all" not in told
    assert Client().get("/").content.decode().count("/hasil/sambas1/") == 1


def test_whoever_runs_the_unit_alone_certifies_its_result(campaign: Campaign, budi: User) -> None:
    let_say(campaign, *[4] * 12)
    with pytest.raises(PermissionDenied):
        results.certify(campaign, by=budi, at=NOW)  # an office above it does
    campaign.unit.versions.update(parent=None)
    close_all()
    results.certify(Campaign.objects.get(code="sambas1"), by=budi, at=NOW)
    assert said("certified/sambas1/1")["by_unit"] == "sambas"


def test_nothing_is_certified_before_the_end_or_twice(campaign: Campaign, ratna: User, kanwil: Unit) -> None:
    let_say(campaign, *[4] * 40)
    actions.seal_due(NOW)
    actions.tell_of_blocks()
    with pytest.raises(CannotCertify, match="not closed in the ledger yet"):
        results.certify(campaign, by=ratna, at=NOW)
    close_all()
    results.certify(campaign, by=ratna, at=NOW)
    with pytest.raises(CannotCertify, match="certified already"):
        results.certify(campaign, by=ratna, at=NOW)
    with pytest.raises(CannotExclude, match="no controls are named any more"):
        results.reveal_controls(campaign, [b""], by=ratna, office=kanwil)


def test_ratna_certifies_with_one_button_and_budi_has_none(
    campaign: Campaign, budi: User, ratna: User, login: Login
) -> None:
    let_say(campaign, *[4] * 31)
    close_all()
    waiting = login(budi).get("/laporan/sambas1/").content.decode()
    assert "Angka tampil setelah hasil disahkan" in waiting
    assert "sahkan/" not in waiting
    assert login(budi).post("/laporan/sambas1/sahkan/").status_code == 403
    assert "sahkan/" in login(ratna).get("/laporan/sambas1/").content.decode()
    assert login(ratna).post("/laporan/sambas1/sahkan/").status_code == 302
    page = login(budi).get("/laporan/sambas1/").content.decode()
    assert "Semua 31 jawaban yang disegel dihitung." in page
    assert login(ratna).post("/laporan/sambas1/sahkan/").status_code == 302  # again: nothing happens


def test_an_exclusion_needs_two_people_of_two_offices(
    campaign: Campaign, budi: User, ratna: User, irma: User, kanwil: Unit, inspectorate: Unit
) -> None:
    sambas = campaign.unit
    sari, *_ = let_say(campaign, *[4] * 31)
    close_all()
    wish = {sari: Reason.STAFF}
    for somebody, office in ((budi, sambas), (budi, kanwil), (ratna, inspectorate)):
        with pytest.raises(PermissionDenied):
            results.propose_exclusion(campaign, wish, by=somebody, office=office)
    proposed = results.propose_exclusion(campaign, wish, by=ratna, office=kanwil, note="pegawai loket")
    Assignment.objects.create(user=irma, role="REGIONAL_VERIFIER", unit=kanwil)
    Assignment.objects.create(user=ratna, role="INSPECTORATE", unit=kanwil, office=inspectorate)
    for somebody, office in (
        (ratna, inspectorate),
        (irma, kanwil),
        (irma, inspectorate),  # who works for the kanwil too now
        (budi, sambas),
    ):
        with pytest.raises(PermissionDenied):
            results.confirm_exclusion(proposed, by=somebody, office=office)
    assert not Statement.objects.filter(kind="excluded").exists()
    Assignment.objects.filter(user=irma, role="REGIONAL_VERIFIER").delete()
    Assignment.objects.filter(user=ratna, role="INSPECTORATE").delete()
    results.confirm_exclusion(proposed, by=irma, office=inspectorate)
    told = said("excluded/sambas1/1")
    assert (told["count"], told["proposed_by"], told["confirmed_by"]) == (1, "kanwil", "itjen")
    assert told["reasons"] == [{"reason": "STAFF", "count": 1}]
    with pytest.raises(CannotExclude, match="confirmed already"):
        results.confirm_exclusion(proposed, by=irma, office=inspectorate)
    with pytest.raises(CannotExclude, match="named again"):
        results.propose_exclusion(campaign, wish, by=ratna, office=kanwil)
    with pytest.raises(CannotExclude, match="1 of 1 are not among the sealed responses"):
        results.propose_exclusion(campaign, {bytes(32): Reason.TEST}, by=ratna, office=kanwil)


def test_what_nobody_confirmed_has_no_effect(campaign: Campaign, ratna: User, kanwil: Unit) -> None:
    sari, *_ = let_say(campaign, *[4] * 31)
    close_all()
    results.propose_exclusion(campaign, {sari: Reason.TEST}, by=ratna, office=kanwil)
    assert results.certify(campaign, by=ratna, at=NOW).count == 31


def test_control_responses_are_named_once(campaign: Campaign, ratna: User, kanwil: Unit) -> None:
    let_say(campaign, *[4] * 30)
    controls = let_say(campaign, 1, 1, 1)
    with pytest.raises(CannotExclude, match="after the campaign is closed"):
        results.reveal_controls(campaign, controls, by=ratna, office=kanwil)
    close_all()
    results.reveal_controls(campaign, controls, by=ratna, office=kanwil)
    with pytest.raises(CannotExclude, match="named once"):
        results.reveal_controls(campaign, controls, by=ratna, office=kanwil)
    assert said("controls/sambas1")["count"] == 3
    certification = results.certify(campaign, by=ratna, at=NOW)
    assert (certification.count, certification.controls) == (30, 3)
    assert result_of([campaign]).indices[0].points == 4


def test_a_receipt_shows_counted_or_not_counted(
    campaign: Campaign, ratna: User, irma: User, folder: Any
) -> None:
    sari, joko, *_ = let_say(campaign, *[4] * 31)
    close_all()
    exclude(campaign, [joko], ratna, irma)
    before = {
        Client().get(f"/r/{receipt_code(one)}").content.decode().count("Tidak dihitung")
        for one in (sari, joko)
    }
    results.certify(campaign, by=ratna, at=NOW)
    pages = [Client().get(f"/r/{receipt_code(one)}").content.decode() for one in (sari, joko)]
    assert before == {0}
    assert ["Tidak dihitung" in page for page in pages] == [False, True]
    assert "STAFF" not in pages[1]
    assert "Pegawai" not in pages[1]


def test_an_auditor_gets_what_was_taken_off_and_fsck_counts_again(
    campaign: Campaign, ratna: User, irma: User, kanwil: Unit
) -> None:
    sari, *_ = let_say(campaign, *[4] * 29)
    [control] = let_say(campaign, 1)
    close_all()
    exclude(campaign, [sari], ratna, irma, Reason.COERCED)
    results.reveal_controls(campaign, [control], by=ratna, office=kanwil)
    assert is_to_be_taken_off("sambas1", sari)
    results.certify(campaign, by=ratna, at=NOW)
    assert not is_to_be_taken_off("sambas1", sari)
    stream = BytesIO()
    bundle.write(campaign, stream)
    lines = sorted([f"{sari.hex()},COERCED", f"{control.hex()},CONTROL"])
    with zipfile.ZipFile(stream) as opened:
        assert opened.read("removed.csv").decode() == "\n".join(["commitment,reason", *lines, ""])
    assert list(faults_of(campaign)) == []
    Certification.objects.update(count=29)
    assert list(faults_of(campaign)) == [
        "the ledger says something else under certified/sambas1/1 than the database holds",
        "the certificate of sambas1 is not that of the certified result",
        "the certified result of sambas1 does not follow from its blocks",
    ]
    Certification.objects.all().delete()
    assert list(faults_of(campaign)) == ["sambas1 is certified in the ledger or in the database, not in both"]


# ---- Nobody can take one number from another and read what a few people answered


@dataclass
class Watcher:
    """Somebody who keeps everything that is shown of a campaign, to staff and to the public."""

    campaign: Campaign
    staff: Client
    kept: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)

    def look(self, moment: str) -> None:
        """Keep how often each score of the first question was chosen, in whatever shows it now."""
        [item, *_] = self.campaign.form.codes
        for name, found in (("pooled", result_with(self.campaign)), ("alone", result_of([self.campaign]))):
            counts = sum(found.tallies.values(), EMPTY).counts
            self.kept[moment, name] = dict(counts.get(item, {}))
        reply = self.staff.get(f"/laporan/{self.campaign.code}/jawaban.csv")
        rows = csv.DictReader(StringIO(reply.content.decode())) if reply.status_code == 200 else []
        self._add((moment, "rows"), (int(row[item]) for row in rows))
        for statement in Statement.objects.filter(kind="certified"):
            for name in ("tally", "all"):
                for entry in statement.as_said().get(name, []):
                    if entry["item"] == item:
                        self.kept[moment, name] = {row["score"]: row["count"] for row in entry["counts"]}

    def _add(self, name: tuple[str, str], scores: Iterator[int]) -> None:
        row: dict[int, int] = {}
        for score in scores:
            row[score] = row.get(score, 0) + 1
        self.kept[name] = row

    def differences(self) -> dict[tuple[str, str], int]:
        """Return, of each two that one could be taken from the other, about how many people the rest is."""
        found = {}
        for (one, fewer), (other, more) in permutations(self.kept.items(), 2):
            left = {score: more.get(score, 0) - fewer.get(score, 0) for score in {*more, *fewer}}
            if fewer and min(left.values()) >= 0 and any(left.values()):
                found[" ".join(one), " ".join(other)] = sum(left.values())
        return found


@pytest.fixture
def watcher(campaign: Campaign, budi: User, login: Login) -> Watcher:
    return Watcher(campaign, login(budi))


@pytest.mark.parametrize(("blocks", "excluded"), [([31], 1), ([40, 31], 1), ([40, 31], 9), ([40, 31], 12)])
def test_no_two_things_that_are_shown_differ_by_fewer_than_ten_people(
    campaign: Campaign, watcher: Watcher, ratna: User, irma: User, blocks: list[int], excluded: int
) -> None:
    angry: list[bytes] = []
    for count in blocks:
        watcher.look(f"at {count}")
        let_say(campaign, *[4] * (count - excluded if not angry else count))
        angry = angry or let_say(campaign, *[1] * excluded)
        actions.seal_due(NOW)
        actions.tell_of_blocks()
    watcher.look("open")
    close_all()
    watcher.look("closed")
    exclude(campaign, angry, ratna, irma)
    watcher.look("excluded")
    results.certify(campaign, by=ratna, at=NOW)
    watcher.look("certified")
    assert watcher.kept["certified", "tally"] == {4: sum(blocks) - excluded}
    assert {pair: few for pair, few in watcher.differences().items() if few < K} == {}
    page = watcher.staff.get("/laporan/sambas1/").content.decode()
    assert ("Dengan dan tanpa jawaban yang dikecualikan" in page) == (excluded >= K)
    counted = sum(blocks) - excluded
    assert f"{sum(blocks)} disegel, {excluded} dikecualikan, {counted} dihitung." in page
    assert "Karena itu indeks dari berkas ini berbeda dari indeks di halaman ini." in page


def test_the_watcher_would_see_a_difference(watcher: Watcher) -> None:
    watcher.kept = {("a", "b"): {4: 30}, ("c", "d"): {4: 30, 1: 1}}
    assert watcher.differences() == {("a b", "c d"): 1}


def test_exclusions_that_leave_too_few_are_not_certified(
    campaign: Campaign, ratna: User, irma: User, login: Login
) -> None:
    let_say(campaign, *[4] * 30)
    actions.seal_due(NOW)
    close_all()
    [_, last] = list_blocks(settings.INTAKE, ["sambas1"])
    with settings.INTAKE.transaction(writes=False) as cursor:
        rows = cursor.rows("SELECT commitment FROM sealed WHERE block = 2 ORDER BY commitment")
    late = [bytes(name) for (name,) in rows][:11]
    assert last.responses == 20
    with pytest.raises(CannotExclude, match="fewer than ten"):
        exclude(campaign, late, ratna, irma)
    # What was confirmed before this was refused is in the database still.
    itjen = Unit.objects.get(slug="itjen")
    Exclusion.objects.filter(campaign=campaign).update(confirmed_by=irma, confirmed_for=itjen)
    with pytest.raises(TooFewLeft):
        results.certify(campaign, by=ratna, at=NOW)
    reply = login(ratna).post("/laporan/sambas1/sahkan/", follow=True)
    assert reply.redirect_chain == [("/laporan/sambas1/?ditolak=sisa", 302)]
    assert re.search('role="alert">[^<]*kurang dari sepuluh', reply.content.decode())


# ---- What the pages say before and after it


def text_of(page: bytes) -> str:
    """Return what a reader sees, with single spaces."""
    main = page.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub("<[^>]*>", " ", main)).split()).replace(" .", ".").replace(" ,", ",")


def test_ratna_sees_what_will_count_before_she_certifies(
    campaign: Campaign, ratna: User, irma: User, kanwil: Unit, login: Login
) -> None:
    angry, [control] = let_say(campaign, *[1] * 5), let_say(campaign, 4)
    let_say(campaign, *[4] * 40)
    close_all()
    exclude(campaign, angry[:3], ratna, irma)
    results.propose_exclusion(campaign, dict.fromkeys(angry[3:], Reason.TEST), by=ratna, office=kanwil)
    results.reveal_controls(campaign, [control], by=ratna, office=kanwil)
    client = login(ratna)
    card = text_of(client.get("/laporan/sambas1/").content)
    assert "46 disegel, 3 dikecualikan, 1 jawaban kendali, 42 akan dihitung." in card
    assert "2 jawaban diusulkan untuk dikecualikan, tetapi belum dikonfirmasi kantor kedua" in card
    assert "Sahkan hasil ini… 42 jawaban dihitung." in card
    after = text_of(client.post("/laporan/sambas1/sahkan/", follow=True).content)
    assert "Sahkan hasil ini" not in after
    assert "46 disegel, 3 dikecualikan, 1 jawaban kendali, 42 dihitung." in after
    assert "Hasil ini terbuka untuk umum: /hasil/sambas1/" in after
    assert "Dihitung dari 42 dari 46 jawaban." in after
    assert "Jawaban tidak dapat diunduh" in after
    counts = text_of(client.get("/survei/sambas1/").content)
    assert "46 disegel, 42 dihitung dalam hasil yang disahkan." in counts


def test_a_certified_page_says_when_who_and_where_in_the_ledger(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 31)
    close_all()
    results.certify(campaign, by=ratna, at=datetime(2026, 11, 24, 18, tzinfo=UTC))  # the next day there
    assert "Segera dicatat di buku besar." in text_of(Client().get("/hasil/sambas1/").content)
    size = place_all()
    page = text_of(Client().get("/hasil/sambas1/").content)
    assert f"✓ Disahkan 25 November 2026 oleh Kanwil Kalbar. Catatan nomor {size} di buku besar." in page


def test_whoever_only_comes_by_is_led_to_the_result(
    campaign: Campaign, ratna: User, dewi: User, login: Login
) -> None:
    let_say(campaign, *[4] * 12)
    close_all()
    assert login(dewi).get("/laporan/sambas1/sahkan/").status_code == 403
    reply = login(ratna).get("/laporan/sambas1/sahkan/")
    assert (reply.status_code, reply.headers["Location"]) == (302, "/laporan/sambas1/")
    assert not Certification.objects.exists()


@pytest.mark.parametrize("answers", [0, 3, 9])
def test_with_fewer_than_ten_answers_there_is_no_index_before_and_after(
    campaign: Campaign, ratna: User, login: Login, answers: int
) -> None:
    let_say(campaign, *[4] * answers)
    close_all()
    client = login(ratna)
    before = text_of(client.get("/laporan/sambas1/").content)
    assert "hanya berisi jumlah jawaban, tanpa indeks" in before
    after = text_of(client.post("/laporan/sambas1/sahkan/", follow=True).content)
    public = text_of(Client().get("/hasil/sambas1/").content)
    for page in (before, after, public):
        assert "Tidak ada indeks untuk periode ini" in page
        assert "Angka tampil setelah" not in page
    kanwil = text_of(client.get("/laporan/wilayah/kanwil/").content)
    assert "Tidak ada indeks untuk periode ini" in kanwil


def test_of_two_surveys_of_a_period_each_is_certified_by_itself(
    campaign: Campaign, sambas: Unit, budi: User, ratna: User, login: Login
) -> None:
    plan = replace(plan_for(NOW.date()), ends_on=date(2099, 6, 30))
    actions.publish(actions.open_campaign(unit=sambas, plan=plan, by=budi, at=NOW, code="sambas2"))
    let_say(campaign, *[4] * 31)
    let_say(Campaign.objects.get(code="sambas2"), *[3] * 40)
    actions.seal_due(datetime(2099, 1, 1, tzinfo=UTC))  # the first is over then
    actions.tell_of_blocks()
    fill_methods(campaign)
    verify(campaign)
    client = login(ratna)
    before = text_of(client.get("/laporan/sambas1/").content)
    assert "31 disegel, 31 akan dihitung." in before
    assert "(kode sambas1). Hanya survei ini" in before
    assert "0 dari 2 survei disahkan" in before
    assert "blok ke-" not in before
    assert "sahkan/" not in client.get("/laporan/sambas2/").content.decode()
    after = client.post("/laporan/sambas1/sahkan/", follow=True).content
    assert "1 dari 2 survei disahkan" in text_of(after)
    assert 'role="status"' in after.decode()
    assert "/hasil/sambas1/" in after.decode()
    public = text_of(Client().get("/hasil/sambas1/").content)
    assert "Ini satu dari 2 survei Kanim Sambas pada periode ini" in public
    assert "(belum disahkan)" in public
    close_all()
    results.certify(Campaign.objects.get(code="sambas2"), by=ratna, at=NOW)
    assert 'href="/hasil/sambas2/"' in Client().get("/hasil/sambas1/").content.decode()
