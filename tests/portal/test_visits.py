"""Ratna visits an office with her phone: it arrives once, and her photos do not say where she was."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.models import Event
from tera.portal.review.checks import pictures
from tera.portal.review.checks.actions import Filled
from tera.portal.review.checks.pictures import BadPicture, Picture, TooLarge
from tera.portal.review.checks.queries import newest
from tera.portal.review.checks.visits import scripts
from tera.portal.review.checks.visits.actions import CannotVisit, Report, Shot, record_visit
from tera.portal.review.models import Photo, Visit
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.deciding import close_all
from tests.portal.pictures import (
    LOSSLESS,
    MAKER,
    PLACE,
    chunk,
    jpeg,
    lossless,
    lossy,
    part,
    png,
    webp,
    webp_of,
)

NOW = datetime.now(UTC)
Login = Callable[[User], Client]
PAGE = "/tinjauan/sambas1/kunjungan/"
SEEN = {"POSTER_VISIBLE": "YES", "remark-POSTER_VISIBLE": "Di loket 1."}
AS_A_PHONE = {"headers": {"accept": "application/json"}}


def a_day(campaign: Campaign) -> str:
    return campaign.form.local_day(NOW).isoformat()


def sent(campaign: Campaign, **more: Any) -> dict[str, Any]:
    given = {"key": secrets.token_urlsafe(32), "visited_on": a_day(campaign), "checklist": newest().id}
    return {**given, **SEEN, **more}


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_what_was_seen_is_kept_with_its_photo(
    campaign: Campaign, ratna: User, budi: User, login: Login
) -> None:
    browser = login(ratna)
    reply = browser.post(
        PAGE, sent(campaign, **{"photo-POSTER_VISIBLE": [file("a.jpg", jpeg()), file("b.png", png())]})
    )
    assert reply["Location"] == f"{PAGE}?tersimpan=baru"
    kept = Visit.objects.get()
    assert (kept.layer, kept.office.slug, kept.by) == ("region", "kanwil", ratna)
    assert (kept.answers, kept.remarks) == ({"POSTER_VISIBLE": "YES"}, {"POSTER_VISIBLE": "Di loket 1."})
    assert (kept.checklist, kept.sha256) == (newest().id, newest().sha256)
    first, second = kept.photos.order_by("number")
    assert [first.kind, second.kind] == ["image/jpeg", "image/png"]
    assert hashlib.sha256(first.picture).hexdigest() == first.sha256
    shown = login(budi).get(f"{PAGE}foto/{first.pk}/")
    assert (shown["Content-Type"], shown.content) == ("image/jpeg", bytes(first.picture))
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in shown["Cache-Control"]
    for path in ("/tinjauan/sambas1/periksa/", "/tinjauan/sambas1/periksa/wilayah/"):
        page = browser.get(path).content.decode()
        assert "Di loket 1." in page
        assert f"{PAGE}foto/{first.pk}/" in page
    assert "Di loket 1." not in login(budi).get("/tinjauan/sambas1/periksa/unit/").content.decode()


def test_a_photo_of_another_unit_is_not_found(
    campaign: Campaign, lapas: Unit, ratna: User, login: Login
) -> None:
    browser = login(ratna)
    browser.post(PAGE, sent(campaign, **{"photo-POSTER_VISIBLE": file("a.jpg", jpeg())}))
    number = Photo.objects.get().pk
    campaign.pk, campaign.code, campaign.unit = None, "lapas1", lapas
    campaign.save()
    assert browser.get(f"/tinjauan/lapas1/kunjungan/foto/{number}/").status_code == 404


def test_sent_twice_it_counts_once(campaign: Campaign, ratna: User, login: Login) -> None:
    browser, visit = login(ratna), sent(campaign)
    replies = [browser.post(PAGE, visit, **AS_A_PHONE) for _ in range(2)]  # type: ignore[arg-type]
    assert [reply.status_code for reply in replies] == [201, 200]
    assert {json.loads(reply.content)["key"] for reply in replies} == {visit["key"]}
    assert browser.post(PAGE, {**visit, "note": "lain"})["Location"] == f"{PAGE}?tersimpan=sudah"
    assert Visit.objects.get().note == ""  # the first counts
    assert Event.objects.filter(kind="DEED", deed="visit-unit").count() == 1


def test_a_key_of_another_visit_is_refused(campaign: Campaign, ratna: User, irma: User) -> None:
    report = Report(secrets.token_urlsafe(32), campaign.starts_on, newest(), Filled(note="Rapi."))
    record_visit(campaign, report, by=ratna, at=NOW)
    with pytest.raises(CannotVisit, match="another visit"):
        record_visit(campaign, report, by=irma, at=NOW)


def test_the_inspectorate_visits_for_its_own_layer(campaign: Campaign, irma: User) -> None:
    report = Report(secrets.token_urlsafe(32), campaign.starts_on, newest(), Filled({"WITHOUT_NAMES": "YES"}))
    visit, is_new = record_visit(campaign, report, by=irma, at=NOW)
    assert (visit.layer, visit.office.slug, is_new) == ("inspectorate", "itjen", True)


def test_who_runs_the_survey_records_no_visit(
    campaign: Campaign, sambas: Unit, budi: User, dewi: User, ratna: User, login: Login
) -> None:
    assert login(budi).get(PAGE).status_code == login(dewi).get(PAGE).status_code == 403
    Assignment.objects.create(user=ratna, role="OPERATOR", unit=sambas)
    report = Report(secrets.token_urlsafe(32), campaign.starts_on, newest(), Filled(note="Rapi."))
    for user in (budi, ratna):
        with pytest.raises(PermissionDenied):
            record_visit(campaign, report, by=user, at=NOW)


def test_a_visit_that_waited_on_the_phone_is_taken_after_the_decision(
    campaign: Campaign, ratna: User
) -> None:
    close_all()
    report = Report(secrets.token_urlsafe(32), campaign.starts_on, newest(), Filled(note="Rapi."))
    assert record_visit(campaign, report, by=ratna, at=NOW)[1]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"visited_on": ""}, "Isilah hari kunjungan."),
        ({"visited_on": "2100-01-01"}, "Hari kunjungan antara"),
        ({"visited_on": "2001-01-01"}, "Hari kunjungan antara"),
        ({"POSTER_VISIBLE": "", "remark-POSTER_VISIBLE": " "}, "Jawab paling sedikit satu butir"),
        ({"photo-POSTER_VISIBLE": file("poster.jpg", b"bukan foto")}, "JPEG, PNG, atau WebP"),
        ({"photo-POSTER_VISIBLE": file("poster.jpg", jpeg()[:-40])}, "poster.jpg bukan foto"),
        ({"photo-POSTER_VISIBLE": file("besar.jpg", jpeg(tail=bytes(5_000_000)))}, "paling besar 5 MB"),
        ({"photo-POSTER_VISIBLE": file("luas.png", png(width=20_000))}, "12000 piksel"),
        ({"photo-POSTER_VISIBLE": [file("a.jpg", jpeg()) for _ in range(13)]}, "Paling banyak 12 foto"),
    ],
)
def test_what_cannot_be_kept_is_told_with_what_is_allowed(
    campaign: Campaign, ratna: User, login: Login, change: dict[str, Any], told: str
) -> None:
    for offered in change.values():
        for one in offered if isinstance(offered, list) else [offered]:
            if isinstance(one, SimpleUploadedFile):
                one.seek(0)
    reply = login(ratna).post(PAGE, sent(campaign, **change), **AS_A_PHONE)  # type: ignore[arg-type]
    assert reply.status_code == 400
    assert told in json.loads(reply.content)["problem"]
    assert not Visit.objects.exists()


def test_without_a_script_the_form_comes_back_as_it_was_filled_in(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    wrong = sent(campaign, **{"photo-POSTER_VISIBLE": file("poster.jpg", b"bukan foto")})
    page = login(ratna).post(PAGE, wrong)
    assert page.status_code == 400
    said = page.content.decode()
    assert "poster.jpg bukan foto yang dapat disimpan" in said
    assert "Di loket 1." in said
    assert wrong["key"] in said  # so that mending it makes no second visit


@pytest.mark.parametrize(
    "report",
    [
        {"key": "pendek"},
        {"filled": Filled()},
        {"filled": Filled({"SAMPLE_REACHED": "YES"})},  # nothing that is looked at on the spot
        {
            "shots": [Shot("STAFF_STAY_OUT", Picture("image/jpeg", jpeg()))]
        },  # nobody takes pictures of interviews
        {"visited_on": NOW.date() + timedelta(days=2)},
    ],
)
def test_what_no_form_of_ours_sends_is_refused(
    campaign: Campaign, ratna: User, report: dict[str, Any]
) -> None:
    usual = {
        "key": secrets.token_urlsafe(32),
        "visited_on": campaign.starts_on,
        "filled": Filled(note="Rapi."),
    }
    with pytest.raises(CannotVisit):
        record_visit(campaign, Report(checklist=newest(), **{**usual, **report}), by=ratna, at=NOW)


@pytest.mark.parametrize("made", [jpeg(tail=PLACE), png(), webp()], ids=["jpeg", "png", "webp"])
def test_a_photo_loses_where_and_with_what_it_was_taken(made: bytes) -> None:
    assert PLACE in made
    assert MAKER in made
    kept = Picture.read(made).content
    for trace in (PLACE, MAKER, MAKER[:3], b"Exif", b"eXIf", b"EXIF", b"XMP", b"JFXX", b"MPF", b"tEXt"):
        assert trace not in kept
    assert Picture.read(kept).content == kept  # there is nothing more to take out


def test_a_part_that_no_camera_needs_goes() -> None:
    lines = part(0xDC, PLACE)  # DNL, which gives a height that the frame left out
    assert lines not in Picture.read(jpeg().replace(part(0xFE, PLACE), lines)).content
    assert PLACE not in Picture.read(webp_of((b"VP8X", bytes(10) + PLACE), (b"VP8 ", lossy()))).content
    palette = chunk(b"PLTE", bytes(768))
    assert palette in Picture.read(png(palette)).content


def test_what_draws_the_picture_stays() -> None:
    made, kept = jpeg(), Picture.read(jpeg()).content
    start = made.index(b"\xff\xdb")
    assert kept.startswith(b"\xff\xd8\xff\xe0")
    assert made[start:].replace(b"\xff\xff\xd9", b"\xff\xd9") in kept
    assert [
        name for name in (b"IHDR", b"gAMA", b"IDAT", b"IEND") if name not in Picture.read(png()).content
    ] == []


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", BadPicture),
        (b"GIF89a" + bytes(100), BadPicture),
        (b"\xff\xd8\xff\xd9", BadPicture),
        (b"\xff\xd8 nothing", BadPicture),
        (jpeg(width=20_000), TooLarge),
        (jpeg(height=0), TooLarge),
        (png()[:40], BadPicture),
        (png().replace(b"\0\0\xb1\x8f", b"\0\0\xb1\x8e"), BadPicture),  # a byte is damaged
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), BadPicture),
        (webp()[:-30], BadPicture),
        (webp(b"ANIM"), BadPicture),
        (b"RIFF\x04\0\0\0WEBP", BadPicture),
        (bytes(pictures.MOST_BYTES + 1), TooLarge),
        (jpeg(width=12_000, height=12_000), TooLarge),
        (png(width=12_000, height=12_000), TooLarge),
        (webp_of((b"VP8 ", lossy(width=16_383, height=10))), TooLarge),
        (webp_of((b"VP8 ", lossy(width=9_000, height=9_000))), TooLarge),
        (webp_of((b"VP8L", lossless(width=16_384, height=10))), TooLarge),
        (webp_of((b"VP8 ", b"GPSLatitude 0.02 -109.3")), BadPicture),
        (webp_of((b"VP8 ", lossy(start=b"GPS"))), BadPicture),
        (webp_of((b"VP8L", b"GPSLatitude")), BadPicture),
        (webp_of((b"VP8L", LOSSLESS), (b"VP8 ", lossy())), BadPicture),
        (webp_of((b"VP8X", bytes(9)), (b"VP8L", LOSSLESS)), BadPicture),
        (webp_of((b"ALPH", PLACE)), BadPicture),
        (png(chunk(b"PLTE", PLACE + b"." * (-(len(PLACE) + 1) % 3 + 2))), BadPicture),
        (png(chunk(b"PLTE", bytes(771))), BadPicture),
        (png(chunk(b"gAMA", PLACE)), BadPicture),
        (png(chunk(b"sRGB", PLACE)), BadPicture),
        (jpeg().replace(part(0xFE, PLACE), part(0xDB, PLACE)), BadPicture),
        (jpeg().replace(part(0xFE, PLACE), part(0xDD, PLACE)), BadPicture),
        (jpeg().replace(part(0xFE, PLACE), part(0xCC, PLACE)), BadPicture),
    ],
)
def test_other_files_are_no_photos(content: bytes, error: type[BadPicture]) -> None:
    with pytest.raises(error):
        Picture.read(content)


def test_however_a_photo_is_cut_it_is_refused_or_whole() -> None:
    for made in (jpeg(), png(), webp()):
        whole = Picture.read(made).content
        for length in range(len(made)):
            try:
                assert Picture.read(made[:length]).content == whole  # only what comes after it was cut
            except BadPicture:
                continue


def test_script_and_worker_are_the_same_for_everybody_and_keep_to_themselves(
    client: Client, db: None
) -> None:
    for path in (f"/tinjauan/kunjungan.{scripts.page().digest}.js", "/tinjauan/kerja.js"):
        reply = client.get(path)
        assert reply.status_code == 200
        assert reply["Content-Type"].startswith("text/javascript")
        assert not re.search(r"https?://(?!github\.com/jakearchibald)", reply.content.decode())
