"""Who attended a meeting signs its minutes: once, as who they are, and the ledger says so without a name."""

import hashlib
import html
import io
import json
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from pypdf import PdfReader
from pytest_django import Settings

from tera.cli.fsck import _faults
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Event, Statement
from tera.portal.ledger.publishing import publish_installation
from tera.portal.review.minutes.checking import faults_of
from tera.portal.review.minutes.signing import CannotSign, Hand, SignedAlready, sign
from tera.portal.review.models import Minutes, Signature
from tera.portal.review.models.minutes import Method
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal import certifiers
from tests.portal.code_app import code_of
from tests.portal.conftest import PASSWORD, person
from tests.portal.minuting import ENDED, close, end, meet, survey_of

HOUR = 3600
CODE = "/akun/langkah-dua/yakin/"
Enter = Callable[[User], Client]


@pytest.fixture(autouse=True)
def steady(settings: Settings) -> None:
    """Let a code hold for an hour, so that none changes while it is typed; forget who guessed before."""
    settings.MFA_TOTP_PERIOD = HOUR
    cache.clear()


@pytest.fixture
def hadi(sambas: Unit) -> User:
    """Return Hadi, who heads Kanim Sambas."""
    return person("hadi", "HEAD_OF_UNIT", sambas)


@pytest.fixture
def minutes(campaign: Campaign, ratna: User, hadi: User, irma: User, budi: User) -> Minutes:
    """Return the minutes of a meeting that Ratna, Hadi, Irma and Budi attended, and Dewi did not."""
    close(campaign)
    meeting = meet(ratna.assignments.get().unit, ratna, [campaign], ratna, hadi, irma, budi)
    return end(meeting, ratna, "VERIFIED_WITH_NOTES")


def came(user: User) -> Client:
    """Return the browser of somebody who logged in long ago, with a second factor where one is needed."""
    if user.must_have_second_factor() and not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, generate_totp_secret())
    client = Client()
    client.force_login(user)
    return client


def shows_code(client: Client, user: User, page: str) -> None:
    """Let somebody type the code of their app, and be led back."""
    app = Authenticator.objects.get(user=user)
    code = code_of(app.data["secret"], HOUR)
    assert client.post(CODE, {"code": code, "next": page})["Location"] == page


def page_of(minutes: Minutes) -> str:
    return f"/tinjauan/rapat/{minutes.meeting_id}/berita-acara/"


def signing_of(minutes: Minutes) -> str:
    return f"/tinjauan/rapat/{minutes.meeting_id}/tanda-tangan/"


def text_at(client: Client, path: str) -> str:
    return html.unescape(client.get(path).content.decode())


def as_signed(minutes: Minutes, user: User, **more: str) -> Client:
    """Let somebody sign for their office, as the page leads them."""
    client = came(user)
    shows_code(client, user, page_of(minutes))
    client.post(signing_of(minutes), more)
    return client


def no_pdf() -> bytes:
    raise AssertionError("nothing is printed for a signature by login")


def test_ratna_signs_once_she_has_shown_that_it_is_her(minutes: Minutes, ratna: User) -> None:
    client, page = came(ratna), page_of(minutes)
    assert "Pastikan ini saya" in text_at(client, page)
    led = client.post(signing_of(minutes))
    assert led["Location"].startswith(CODE)
    assert not Signature.objects.exists()
    shows_code(client, ratna, page)
    assert "Tanda tangani berita acara" in text_at(client, page)
    assert client.post(signing_of(minutes))["Location"] == f"{page}?ditandatangani"
    signature = Signature.objects.get()
    assert (signature.number, signature.name, signature.role) == (1, "ratna", "REGIONAL_VERIFIER")
    assert (signature.office.slug, signature.method, bytes(signature.content)) == (
        "kanwil",
        "SECOND_FACTOR",
        b"",
    )
    under = {
        "at": signature.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "content": "",
        "method": "SECOND_FACTOR",
        "minutes": "minutes/kanwil/1",
        "name": "ratna",
        "office": "kanwil",
        "role": "REGIONAL_VERIFIER",
        "salt": signature.salt,
    }
    assert len(bytes.fromhex(signature.salt)) == 16
    hashed = json.dumps(under, sort_keys=True, separators=(",", ":")).encode()
    assert Statement.objects.get(kind="signed").as_said() == {
        "kind": "signed",
        "id": "signed/minutes/kanwil/1/1",
        "minutes": "minutes/kanwil/1",
        "sha256": minutes.sha256,
        "by_unit": "kanwil",
        "method": "SECOND_FACTOR",
        "signature": hashlib.sha256(hashed).hexdigest(),
    }
    assert Event.objects.filter(who="ratna", kind="DEED", deed="sign-minutes", unit="kanwil").count() == 1


def test_a_password_alone_does_not_do_where_there_is_a_second_factor(minutes: Minutes, ratna: User) -> None:
    client = came(ratna)
    client.post("/akun/yakin/", {"password": PASSWORD})
    assert client.post(signing_of(minutes))["Location"].startswith(CODE)
    assert not Signature.objects.exists()


def test_the_way_to_a_signature_offers_no_password_to_who_has_a_second_factor(
    minutes: Minutes, ratna: User
) -> None:
    client = came(ratna)
    page = text_at(client, client.post(signing_of(minutes))["Location"])
    assert "/akun/yakin/" not in page
    assert "kata sandi saja tidak cukup" in page
    assert "/akun/yakin/" in text_at(client, CODE)  # elsewhere it does


def test_who_changes_the_language_after_an_error_is_led_back_to_the_minutes(
    minutes: Minutes, ratna: User, hadi: User
) -> None:
    assert came(ratna).get(signing_of(minutes))["Location"] == page_of(minutes)
    assert came(hadi).get(signing_of(minutes)).status_code == 403


def test_the_name_of_an_account_is_on_the_paper_and_never_public(
    minutes: Minutes, ratna: User, irma: User
) -> None:
    irma.first_name = "Irma Nasution"
    irma.save()
    as_signed(minutes, irma)
    client = as_signed(minutes, ratna)
    assert "ratna (akun)" in text_at(client, page_of(minutes))
    paper = client.get(f"/tinjauan/rapat/{minutes.meeting_id}/berita-acara.pdf").content
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert "ratna (akun)" in said
    public = text_at(Client(), f"/berita-acara/{minutes.code}/")
    assert "Irma Nasution" in public
    assert "Verifikator kantor wilayah" in public
    assert "ratna" not in public


def test_the_paper_names_who_signed_for_which_office_and_how(
    minutes: Minutes, ratna: User, irma: User
) -> None:
    irma.first_name, irma.last_name = "Irma", "Nasution"
    irma.save()
    as_signed(minutes, irma)
    pdf = as_signed(minutes, ratna).get(f"/tinjauan/rapat/{minutes.meeting_id}/berita-acara.pdf").content
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for words in ("Irma Nasution", "Inspektorat Jenderal", "Verifikator kantor wilayah", "langkah kedua"):
        assert words in said
    assert said.count(f"Sidik {minutes.sha256[:16]}") == 2
    assert [one.office.slug for one in Signature.objects.order_by("number")] == ["itjen", "kanwil"]


def test_hadi_signs_for_his_unit(minutes: Minutes, hadi: User, login: Enter) -> None:
    page = f"/tinjauan/sambas1/berita-acara/?rapat={minutes.meeting_id}"
    client = came(hadi)
    assert client.post(page)["Location"].startswith(CODE)
    shows_code(client, hadi, page)
    assert client.post(page)["Location"] == f"{page}&ditandatangani"
    signature = Signature.objects.get()
    assert (signature.office.slug, signature.role) == ("sambas", "HEAD_OF_UNIT")
    assert "Tanda tangan Anda tercatat" in text_at(client, f"{page}&ditandatangani")
    assert client.post(signing_of(minutes)).status_code == 403  # for the office that held the meeting
    assert Event.objects.filter(who="hadi", deed="sign-for-unit", unit="sambas").count() == 1


def test_who_has_no_second_factor_signs_with_the_password_and_it_says_so(
    minutes: Minutes, budi: User
) -> None:
    client, page = came(budi), f"/tinjauan/sambas1/berita-acara/?rapat={minutes.meeting_id}"
    assert "dengan kata sandi saja" in text_at(client, page)
    assert client.post(page)["Location"].startswith("/akun/yakin/")
    client.post("/akun/yakin/", {"password": PASSWORD})
    client.post(page)
    assert Signature.objects.get().method == "LOGIN"
    assert "Masuk dengan kata sandi" in text_at(Client(), f"/berita-acara/{minutes.code}/")


def test_who_did_not_attend_is_refused(minutes: Minutes, kanwil: Unit) -> None:
    wati = person("wati", "REGIONAL_HEAD", kanwil)
    client = came(wati)
    shows_code(client, wati, page_of(minutes))
    reply = client.post(signing_of(minutes))
    assert reply.status_code == 400
    assert "hanya yang tercatat hadir" in reply.content.decode()
    assert "tidak tercatat hadir" in text_at(client, page_of(minutes))
    assert not Signature.objects.exists()
    assert not Statement.objects.filter(kind="signed").exists()


def test_nobody_signs_twice(minutes: Minutes, ratna: User) -> None:
    client = as_signed(minutes, ratna)
    reply = client.post(signing_of(minutes))
    assert reply.status_code == 400
    assert "tanda tangan Anda sudah ada" in reply.content.decode()
    with pytest.raises(SignedAlready):
        sign(minutes, Hand(ratna, Method.SECOND_FACTOR), at=ENDED, pdf=no_pdf)
    assert Signature.objects.count() == 1


def test_a_unit_that_was_not_on_the_agenda_does_not_sign(
    minutes: Minutes, dewi: User, lapas: Unit, hadi: User
) -> None:
    other = survey_of(lapas, "lapas1")
    with pytest.raises(CannotSign, match="not on the agenda"):
        sign(minutes, Hand(dewi, Method.LOGIN, other), at=ENDED, pdf=no_pdf)
    with pytest.raises(PermissionDenied):
        sign(minutes, Hand(hadi, Method.LOGIN, other), at=ENDED, pdf=no_pdf)
    with pytest.raises(PermissionDenied):
        sign(minutes, Hand(dewi, Method.LOGIN), at=ENDED, pdf=no_pdf)
    assert came(dewi).post("/tinjauan/sambas1/berita-acara/").status_code == 403


def test_a_certified_signature_is_what_the_authority_returned(
    minutes: Minutes, ratna: User, settings: Settings
) -> None:
    settings.CERTIFIER = "tests.portal.certifiers.Signs"
    where = f"/tinjauan/rapat/{minutes.meeting_id}/berita-acara.pdf"
    client = came(ratna)
    printed = client.get(where).content
    shows_code(client, ratna, page_of(minutes))
    assert "Dengan tanda tangan elektronik tersertifikasi" in text_at(client, page_of(minutes))
    client.post(signing_of(minutes), {"certified": "1", "passphrase": certifiers.PASSPHRASE})
    signature = Signature.objects.get()
    assert signature.method == "CERTIFIED"
    assert Statement.objects.get(kind="signed").as_said()["method"] == "CERTIFIED"
    content = bytes(signature.content)
    certifiers.KEY.public_key().verify(content[:64], content[64:])
    assert content[64:] == printed
    assert list(faults_of(minutes)) == []
    Signature.objects.update(content=content[:64] + b"another paper")
    assert [fault.partition(" under ")[0] for fault in faults_of(minutes)] == [
        "the ledger says something else"
    ]
    Signature.objects.update(content=content)
    file = client.get(f"{where}?tanda=1")
    assert file.content == content
    assert client.get(f"{where}?tanda=2").status_code == 404
    assert not Event.objects.filter(about__contains=certifiers.PASSPHRASE).exists()


@pytest.mark.parametrize(
    ("adapter", "passphrase", "why"),
    [("Signs", "salah", "wrong passphrase for ratna"), ("IsAway", "", "cannot be reached")],
)
def test_an_authority_that_does_not_sign_leaves_nothing_behind(
    minutes: Minutes, ratna: User, settings: Settings, adapter: str, passphrase: str, why: str
) -> None:
    settings.CERTIFIER = f"tests.portal.certifiers.{adapter}"
    client = came(ratna)
    shows_code(client, ratna, page_of(minutes))
    reply = client.post(signing_of(minutes), {"certified": "1", "passphrase": passphrase})
    assert reply.status_code == 400
    assert why in reply.content.decode()
    assert not Signature.objects.exists()
    assert not Statement.objects.filter(kind="signed").exists()
    client.post(signing_of(minutes))  # without the authority it still goes
    assert Signature.objects.get().method == "SECOND_FACTOR"


def test_without_an_adapter_nothing_is_called_certified(minutes: Minutes, ratna: User) -> None:
    client = as_signed(minutes, ratna, certified="1")
    assert Signature.objects.get().method == "SECOND_FACTOR"
    assert "tersertifikasi" not in text_at(client, page_of(minutes)).split("Tanda tangan</h2>")[1]


def test_a_changed_signature_is_noticed(minutes: Minutes, ratna: User, budi: User, folder: Path) -> None:
    as_signed(minutes, ratna)
    publish_installation()
    assert list(_faults()) == []
    where = f"/berita-acara/{minutes.code}/"
    assert "cocok." in text_at(Client(), where)
    assert "catatan nomor" in text_at(Client(), where)
    said = "the ledger says something else under signed/minutes/kanwil/1/1 than the database holds"
    kept = Signature.objects.get()
    for change in (
        {"method": "CERTIFIED"},
        {"name": "Kepala Kantor"},
        {"role": "REGIONAL_HEAD"},
        {"at": kept.at - timedelta(days=30)},
        {"content": b"%PDF"},
        {"salt": "00" * 16},
    ):
        Signature.objects.update(**change)
        assert list(_faults()) == [said]
        assert "Tidak cocok" in text_at(Client(), where)
        kept.save()
    Signature.objects.update(user=budi)
    other = "the audit trail does not say that this account signed signed/minutes/kanwil/1/1"
    assert list(_faults()) == [other]
    assert "Tidak cocok" in text_at(Client(), where)
    Signature.objects.all().delete()
    lost = "the ledger says signed/minutes/kanwil/1/1, and the database does not hold it"
    assert list(_faults()) == [lost]
    assert "Tidak cocok" in text_at(Client(), where)
