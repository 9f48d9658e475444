"""An office invites people: by posters, by texts to copy, by messages. Nobody who was written to is kept."""

import io
import logging
import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject
from pytest_django import Settings

from tera.portal.accounts.models import User
from tera.portal.invitations.models import Logo
from tera.portal.invitations.pictures import BadPicture, Picture, TooLarge
from tera.portal.invitations.senders import Smtp
from tera.portal.surveys import actions as surveys
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.conftest import office, person
from tests.portal.deliverers import Post
from tests.portal.plans import plan_for

Login = Callable[[User], Client]
PAGE = "/survei/sambas1/undangan/"
LONG = "Lembaga Pemasyarakatan Perempuan Kelas IIA Bandar Lampung dan Sekitarnya di Provinsi Lampung"
LONG_SERVICE = (
    "Perpanjangan izin tinggal terbatas dan izin tinggal tetap bagi orang asing pemegang visa kunjungan"
)
MILLIMETRE = 72 / 25.4


def png(width: int = 60, height: int = 40) -> bytes:
    """Return a black picture."""

    def part(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    pixels = zlib.compress((b"\0" * (width + 1)) * height)
    head = part(b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", pixels) + part(b"IEND", b"")


# One grey pixel, as a JPEG.
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f14"
    "1d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100"
    "ffc4001f0000010501010101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000"
    "017d01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a"
    "3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495"
    "969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9ea"
    "f1f2f3f4f5f6f7f8f9faffda0008010100003f00fbd28a28a0ffd9"
)


def poster(client: Client, **wanted: str) -> PageObject:
    """Print a poster, and return its only page."""
    reply = client.get(f"{PAGE}poster.pdf", {"paper": "a4", "service": "", "counter": "", **wanted})
    assert (reply.status_code, reply["Content-Type"]) == (200, "application/pdf")
    assert reply["Content-Disposition"].startswith('attachment; filename="poster-sambas1-')
    [page] = PdfReader(io.BytesIO(reply.content)).pages
    return page


def text_of(page: PageObject) -> str:
    return " ".join(page.extract_text().split())


def addresses_in(page: PageObject) -> list[str]:
    return [entry.get_object()["/A"]["/URI"] for entry in page.annotations or []]


def has_picture(page: PageObject) -> bool:
    drawn = cast(DictionaryObject, page["/Resources"]).get("/XObject", {})
    return "/Image" in [entry.get_object()["/Subtype"] for entry in drawn.values()]


def test_a_poster_says_who_asks_and_until_when(campaign: Campaign, budi: User, login: Login) -> None:
    page = poster(login(budi))
    text = text_of(page)
    for said in ("Bagaimana pelayanan kami?", "Kanim Sambas", "testserver/s/sambas1", "Tanpa nama."):
        assert said in text
    assert f"{campaign.ends_on.day} {'Juni' if campaign.ends_on.month == 6 else 'Desember'}" in text
    assert "Data contoh" not in text
    assert addresses_in(page) == ["http://testserver/s/sambas1?channel=QR"]


@pytest.mark.parametrize(
    ("paper", "width", "height"),
    [("a4", 210, 297), ("a5", 148, 210), ("a6", 105, 148), ("a6x4", 210, 297)],
)
def test_posters_and_cards_have_their_size(
    campaign: Campaign, budi: User, login: Login, paper: str, width: int, height: int
) -> None:
    page = poster(login(budi), paper=paper, service="PASPOR", counter="Loket 3")
    measured = [round(float(side) / MILLIMETRE) for side in (page.mediabox.width, page.mediabox.height)]
    assert abs(measured[0] - width) + abs(measured[1] - height) <= 1
    copies = 4 if paper == "a6x4" else 1
    assert text_of(page).count("Paspor · Loket 3") == copies
    assert addresses_in(page) == ["http://testserver/s/sambas1?service=PASPOR&channel=QR"] * copies


@pytest.mark.parametrize("paper", ["a4", "a5", "a6", "a6x4"])
def test_long_names_fit(campaign: Campaign, budi: User, login: Login, paper: str) -> None:
    Unit.objects.filter(pk=campaign.unit_id).update(name=LONG)
    Campaign.objects.filter(pk=campaign.pk).update(services={"IZIN": LONG_SERVICE})
    page = poster(login(budi), paper=paper, service="IZIN", counter="Loket 12, lantai dua, gedung B")
    assert LONG in text_of(page)
    assert f"{LONG_SERVICE} · Loket 12, lantai dua, gedung B" in text_of(page)
    assert "Bagaimana pelayanan kami?" in text_of(page)


def test_posters_of_a_demo_say_that_its_data_are_invented(
    sambas: Unit, budi: User, login: Login, settings: Settings
) -> None:
    settings.IS_DEMO = True
    now = datetime.now(UTC)
    surveys.open_campaign(unit=sambas, plan=plan_for(now.date()), by=budi, at=now, code="sambas1")
    assert "Data contoh: semua angka rekaan" in text_of(poster(login(budi)))
    assert "[Data contoh] Bagaimana pelayanan Kanim Sambas?" in login(budi).get(PAGE).content.decode()


@pytest.mark.parametrize("wanted", [{"paper": "a3"}, {"service": "SIM"}, {"counter": "x" * 41}])
def test_a_poster_that_cannot_be_is_explained(
    campaign: Campaign, budi: User, login: Login, wanted: dict[str, str]
) -> None:
    reply = login(budi).get(f"{PAGE}poster.pdf", {"paper": "a4", **wanted})
    assert reply.status_code == 400
    assert 'class="problem"' in reply.content.decode()


def test_letters_that_cannot_be_printed_are_named(campaign: Campaign, budi: User, login: Login) -> None:
    assert "fon cetak" not in login(budi).get(PAGE).content.decode()
    Unit.objects.filter(pk=campaign.unit_id).update(name="Kanim ꦱꦩ꧀")
    assert "tampil sebagai □: ꦱꦩ꧀" in login(budi).get(PAGE).content.decode()
    assert "Kanim □□□" in text_of(poster(login(budi)))


@pytest.mark.parametrize(("content", "media_type"), [(png(), "image/png"), (JPEG, "image/jpeg")])
def test_the_logo_of_the_unit_is_printed_until_it_is_removed(
    campaign: Campaign, budi: User, login: Login, content: bytes, media_type: str
) -> None:
    browser = login(budi)
    assert not has_picture(poster(browser))
    reply = browser.post(f"{PAGE}logo/", {"picture": SimpleUploadedFile("logo", content)})
    assert reply["Location"] == f"{PAGE}#logo"
    shown = browser.get(f"{PAGE}logo/")
    assert (shown.content, shown["Content-Type"]) == (content, media_type)
    assert has_picture(poster(browser))
    browser.post(f"{PAGE}logo/", {"remove": "1"})
    assert not Logo.objects.exists()
    assert not has_picture(poster(browser))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "kosong"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "sebagai PNG"),
        (b"GIF89a" + bytes(60), "sebagai PNG"),
        (png()[:60], "sebagai PNG"),
        (JPEG[:60], "sebagai PNG"),
        (png() + bytes(500_000), "terlalu besar"),
        (png(4001, 1), "terlalu besar"),
    ],
)
def test_a_logo_that_cannot_be_printed_says_what_can(
    campaign: Campaign, budi: User, login: Login, content: bytes, complaint: str
) -> None:
    reply = login(budi).post(f"{PAGE}logo/", {"picture": SimpleUploadedFile("logo.png", content)})
    page = reply.content.decode()
    assert reply.status_code == 400
    assert complaint in page
    assert "PNG atau JPEG, paling besar 500 kB dan 4000 piksel setiap sisi." in page
    assert not Logo.objects.exists()


def test_a_picture_is_measured_before_it_is_unpacked() -> None:
    assert Picture.read(png(4000, 1)).media_type == "image/png"
    with pytest.raises(TooLarge, match="20000 × 20000"):
        Picture.read(JPEG.replace(b"\x08\0\x01\0\x01", b"\x08" + struct.pack(">2H", 20_000, 20_000)))
    with pytest.raises(BadPicture, match="without a frame"):
        Picture.read(b"\xff\xd8\xff\xe0\0\x04ab\0\0")


def test_texts_to_copy_in_two_languages(campaign: Campaign, budi: User, login: Login) -> None:
    page = login(budi).get(PAGE).content.decode()
    assert "Bagaimana pelayanan Kanim Sambas? Jawab survei singkat ini" in page
    assert "http://testserver/s/sambas1\n" in page
    assert "How is the service of Kanim Sambas? Answer this short survey" in page
    assert "http://testserver/s/sambas1/en" in page
    assert "https://wa.me/?text=Bagaimana%20pelayanan%20Kanim%20Sambas%3F" in page
    assert "sms:?body=Kanim%20Sambas%3A" in page
    assert "mailto:?subject=Bagaimana%20pelayanan%20Kanim%20Sambas%3F&amp;body=Yth." in page


def test_the_campaign_page_leads_here(campaign: Campaign, budi: User, login: Login) -> None:
    assert PAGE in login(budi).get("/survei/sambas1/").content.decode()


def test_a_way_that_is_not_set_up_is_not_offered(
    campaign: Campaign, budi: User, login: Login, settings: Settings
) -> None:
    settings.SENDERS = {}
    page = login(budi).get(PAGE).content.decode()
    assert "Kirim undangan" not in page
    for name in ("TERA_SMTP_URL", "TERA_MAIL_FROM", "TERA_WHATSAPP_WEBHOOK", "TERA_SMS_WEBHOOK"):
        assert name in page
    reply = login(budi).post(f"{PAGE}kirim/", {"way": "EMAIL", "language": "id", "recipients": "a@b.id"})
    assert reply.status_code == 400


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    """Return a mail server that the installation sends through."""
    found = Post(unknown=("hilang@contoh.id",))
    with found.open() as port:
        settings.SENDERS = {"EMAIL": Smtp("127.0.0.1", port, "survei@kantor.id")}
        yield found


def test_what_was_sent_leaves_the_list_and_the_rest_stays(
    campaign: Campaign, budi: User, login: Login, post: Post
) -> None:
    written = "sari@contoh.id\r\nbukan alamat\r\nhilang@contoh.id\r\n\r\nSari@Contoh.id\r\nputu@contoh.id"
    fields = {"way": "EMAIL", "language": "en", "recipients": written}
    reply = login(budi).post(f"{PAGE}kirim/", fields)
    page = reply.content.decode()
    assert [mail["To"] for mail in post.mails] == ["sari@contoh.id", "putu@contoh.id"]
    assert post.mails[0]["Subject"] == "How is the service of Kanim Sambas?"
    assert "http://testserver/s/sambas1/en" in post.mails[0].get_content()
    assert "2 undangan terkirim" in page
    assert "Baris 2, <q>bukan alamat</q>: Bukan alamat e-mail." in page
    assert "Baris 3, <q>hilang@contoh.id</q>: Server surat menolak alamat ini (550)." in page
    assert ">\nbukan alamat\nhilang@contoh.id</textarea>" in page
    assert "putu@contoh.id" not in page
    assert "no-store" in reply["Cache-Control"]


def test_nobody_who_was_written_to_is_kept(
    campaign: Campaign, budi: User, login: Login, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    written = "sari@contoh.id\nhilang@contoh.id\nbukan@@contoh.id"
    login(budi).post(f"{PAGE}kirim/", {"way": "EMAIL", "language": "id", "recipients": written})
    assert len(post.mails) == 1
    rows = [str(vars(row)) for model in apps.get_models() for row in model._default_manager.all()]
    assert len(rows) > 5
    assert [row for row in rows if "contoh.id" in row] == []
    assert [line for line in caplog.messages if "contoh.id" in line and "INSERT" not in line] == []


@pytest.mark.parametrize("fields", [{"recipients": " \n"}, {"way": "FAX"}, {"recipients": "a@b.id\n" * 9000}])
def test_a_list_that_cannot_be_sent_is_kept_and_explained(
    campaign: Campaign, budi: User, login: Login, post: Post, fields: dict[str, str]
) -> None:
    given = {"way": "EMAIL", "language": "id", "recipients": "sari@contoh.id"} | fields
    reply = login(budi).post(f"{PAGE}kirim/", given)
    assert reply.status_code == 400
    assert given["recipients"] in reply.content.decode()
    assert 'class="problem"' in reply.content.decode()
    assert post.mails == []


def test_nobody_is_invited_to_a_survey_that_is_closed(
    campaign: Campaign, budi: User, login: Login, post: Post
) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=2)
    Campaign.objects.filter(pk=campaign.pk).update(starts_on=yesterday, ends_on=yesterday)
    assert "selama survei dibuka" in login(budi).get(PAGE).content.decode()
    fields = {"way": "EMAIL", "language": "id", "recipients": "sari@contoh.id"}
    assert login(budi).post(f"{PAGE}kirim/", fields)["Location"] == PAGE
    assert post.mails == []


def test_nobody_is_invited_to_answers_that_were_imported(
    campaign: Campaign, budi: User, login: Login
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(source="contoh")
    assert login(budi).get(PAGE).status_code == 404


def test_the_office_above_looks_and_prints_but_changes_and_sends_nothing(
    campaign: Campaign, ratna: User, login: Login, post: Post
) -> None:
    browser = login(ratna)
    page = browser.get(PAGE).content.decode()
    assert "Unduh PDF" in page
    assert "Kirim undangan" not in page
    assert "Logo kantor" not in page
    assert "Kanim Sambas" in text_of(poster(browser))
    fields = {"way": "EMAIL", "language": "id", "recipients": "sari@contoh.id"}
    assert browser.post(f"{PAGE}kirim/", fields).status_code == 403
    assert browser.post(f"{PAGE}logo/", {"picture": SimpleUploadedFile("a", png())}).status_code == 403
    assert browser.post(f"{PAGE}logo/", {"remove": "1"}).status_code == 403
    assert post.mails == []


def test_people_of_other_offices_are_refused(
    campaign: Campaign, dewi: User, login: Login, post: Post
) -> None:
    rudi = person("rudi", "REGIONAL_VERIFIER", office("kaltim", "Kanwil Kaltim", "KANWIL"))
    for other in (login(dewi), login(rudi)):
        for page in (PAGE, f"{PAGE}poster.pdf?paper=a4", f"{PAGE}logo/"):
            assert other.get(page).status_code == 403
        for page in (f"{PAGE}kirim/", f"{PAGE}logo/"):
            assert other.post(page, {"remove": "1"}).status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert Client().get(f"{PAGE}poster.pdf")["Location"].startswith("/masuk/")
