"""Who works in the back office logs in: with a password, with a second step if they decide, and out again."""

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from tera.portal.accounts.login import read_sso
from tera.portal.accounts.models import User
from tera.portal.accounts.sessions.browsers import browser_of
from tera.portal.ledger.models import Event
from tests.portal.code_app import code_of
from tests.portal.conftest import PASSWORD
from tests.portal.deliverers import Post

OFFICE, HOME = "203.0.113.7", "198.51.100.20"
WRONG, TOO_MANY = "Nama atau kata sandi tidak cocok", "Terlalu banyak percobaan yang keliru"
NEW = "kuda-baterai-jepit-benar"
HOUR = 3600


@pytest.fixture(autouse=True)
def no_attempts() -> None:
    """Forget who guessed in the test before."""
    cache.clear()


@pytest.fixture
def steady(settings: Settings) -> None:
    """Let a code hold for an hour, so that none changes while it is typed."""
    settings.MFA_TOTP_PERIOD = HOUR


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    """Return the mail server of the office."""
    post = Post()
    with post.open() as port:
        settings.HAS_MAIL = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.DEFAULT_FROM_EMAIL = "tera@kantor.id"
        yield post


def try_login(client: Client, name: str, password: str = PASSWORD, behind: str = OFFICE) -> HttpResponse:
    fields = {"username": name, "password": password}
    reply = client.post("/masuk/", fields, headers={"X-Forwarded-For": behind})
    assert isinstance(reply, HttpResponse)
    return reply


def logged_in(name: str, agent: str = "") -> Client:
    client = Client(headers={"User-Agent": agent})
    assert try_login(client, name).status_code == 302
    return client


def page(client: Client, path: str) -> str:
    return html.unescape(client.get(path, follow=True).content.decode())


def is_in(client: Client) -> bool:
    return client.get("/survei/").status_code == 200


def set_up_app(client: Client) -> str:
    """Set up an app as the page says, and return its secret."""
    assert client.get("/akun/langkah-dua/aplikasi/")["Location"].startswith("/akun/yakin/")
    client.post("/akun/yakin/", {"password": PASSWORD})
    found = re.search(r'class="secret">([A-Z2-7]+)<', page(client, "/akun/langkah-dua/aplikasi/"))
    assert found is not None
    client.post("/akun/langkah-dua/aplikasi/", {"code": code_of(found[1], HOUR)})
    return found[1]


def test_one_logs_in_and_out(budi: User) -> None:
    client = Client()
    assert client.get("/survei/")["Location"] == "/masuk/?next=/survei/"
    reply = client.post("/masuk/?next=/akun/", {"username": "budi", "password": PASSWORD, "next": "/akun/"})
    assert reply["Location"] == "/akun/"
    assert Event.objects.filter(who="budi", kind="DEED", deed="log-in").count() == 1
    assert "Kata sandi" in page(client, "/akun/")
    assert client.get("/keluar/").status_code == 405
    assert client.post("/keluar/")["Location"] == "/"
    assert not is_in(client)


def test_a_login_leads_to_no_other_site(budi: User) -> None:
    fields = {"username": "budi", "password": PASSWORD, "next": "https://lain.example/"}
    assert Client().post("/masuk/", fields)["Location"] == "/survei/"


@pytest.mark.parametrize(
    ("name", "password"), [("budi", "salah"), ("bud1", PASSWORD), ("budi", PASSWORD.upper())]
)
def test_a_wrong_password_says_so_and_not_what_was_wrong(budi: User, name: str, password: str) -> None:
    said = try_login(Client(), name, password).content.decode()
    assert WRONG in said
    assert f'value="{name}"' in said
    assert password not in said


def test_who_is_switched_off_learns_it_after_the_right_password_only(budi: User) -> None:
    User.objects.update(is_active=False)
    assert WRONG in try_login(Client(), "budi", "salah").content.decode()
    client = Client()
    assert try_login(client, "budi")["Location"] == "/akun/nonaktif/"
    assert "dimatikan" in page(client, "/akun/nonaktif/")
    assert not is_in(client)


def test_whoever_guesses_is_stopped_and_nobody_else_is(budi: User, dewi: User) -> None:
    for _ in range(5):
        assert WRONG in try_login(Client(), "budi", "salah").content.decode()
    assert TOO_MANY in try_login(Client(), "budi", "salah").content.decode()
    assert TOO_MANY in try_login(Client(), "BUDI").content.decode()
    assert try_login(Client(), "dewi").status_code == 302, "a colleague behind the same address"
    assert try_login(Client(), "budi", behind=HOME).status_code == 302, "the owner elsewhere"


def test_what_a_visitor_writes_into_the_header_frees_nobody(budi: User) -> None:
    for number in range(5):
        try_login(Client(), "budi", "salah", behind=f"192.0.2.{number}, {OFFICE}")
    assert TOO_MANY in try_login(Client(), "budi", behind=f"192.0.2.9, {OFFICE}").content.decode()


def test_a_whole_office_logs_in_behind_one_address(budi: User) -> None:
    for number in range(20):
        try_login(Client(), f"petugas{number}", "salah ketik")
    assert {try_login(Client(), "budi").status_code for _ in range(40)} == {302}


def test_no_address_is_stored(budi: User) -> None:
    try_login(Client(), "budi", "salah")
    client = logged_in("budi")
    page(client, "/akun/perangkat/")
    stored = [repr(list(model._default_manager.values())) for model in apps.get_models()]
    assert any("budi" in rows for rows in stored)
    assert [rows for rows in stored if OFFICE in rows] == []
    decoded = client.session.items()
    assert OFFICE not in repr(list(decoded))


def test_nobody_signs_up() -> None:
    for name in ("account_signup", "socialaccount_signup", "account_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


@pytest.mark.usefixtures("steady")
def test_who_decides_sets_up_a_second_step_before_anything_else(ratna: User, budi: User) -> None:
    assert is_in(logged_in("budi")), "an operator decides nothing about others"
    client = logged_in("ratna")
    for path in ("/survei/", "/laporan/", "/"):
        assert client.get(path)["Location"] == "/akun/langkah-dua/"
    assert "Pasang dulu salah satu" in page(client, "/survei/")
    assert client.get("/akun/").status_code == 200
    set_up_app(client)
    assert is_in(client)
    assert "10 kode" in page(client, "/akun/langkah-dua/")


def test_a_demo_asks_for_no_second_step(ratna: User, settings: Settings) -> None:
    settings.IS_DEMO = True
    client = logged_in("ratna")
    assert is_in(client)
    assert "Pasang dulu" not in page(client, "/akun/langkah-dua/")


@pytest.mark.usefixtures("steady")
def test_a_code_opens_once(ratna: User) -> None:
    secret = set_up_app(logged_in("ratna"))
    first, second = logged_in("ratna"), logged_in("ratna")
    assert not is_in(first)
    wrong = first.post("/akun/langkah-dua/masuk/", {"code": "000000"})
    assert "tidak cocok atau sudah dipakai" in wrong.content.decode()
    assert first.post("/akun/langkah-dua/masuk/", {"code": code_of(secret, HOUR)}).status_code == 302
    assert is_in(first)
    cache.clear()  # as another process of the portal, which remembers nothing of it
    again = second.post("/akun/langkah-dua/masuk/", {"code": code_of(secret, HOUR)})
    assert "sudah dipakai" in again.content.decode()
    assert not is_in(second)


@pytest.mark.usefixtures("steady")
def test_who_lost_the_phone_has_codes_that_open_once(ratna: User) -> None:
    client = logged_in("ratna")
    set_up_app(client)
    spare, *others = re.findall(r"<li>(\d{8})</li>", page(client, "/akun/langkah-dua/cadangan/"))
    assert len(others) == 9
    for fits in (True, False):
        lost = logged_in("ratna")
        lost.post("/akun/langkah-dua/masuk/", {"code": spare})
        assert is_in(lost) is fits


def test_one_sees_where_one_is_logged_in_and_ends_it(budi: User, dewi: User) -> None:
    here = logged_in("budi", "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0")
    there = logged_in("budi", "Mozilla/5.0 (Linux; Android 15) Chrome/140.0.0.0 Mobile Safari/537.36")
    stranger = logged_in("dewi")
    shown = page(here, "/akun/perangkat/")
    assert "Firefox, Windows" in shown
    assert "Chrome, Android" in shown
    assert shown.count("Perangkat ini") == 1
    assert [
        key for key in (here.session.session_key, there.session.session_key) if key and key in shown
    ] == []
    [name] = re.findall(r'name="end" value="(\w+)"', shown)
    stranger.post("/akun/perangkat/", {"end": name})
    assert is_in(there), "only one's own can be ended"
    here.post("/akun/perangkat/", {"end": name})
    assert (is_in(here), is_in(there), is_in(stranger)) == (True, False, True)


def test_one_ends_all_others_at_once(budi: User, dewi: User) -> None:
    here, *others = (logged_in("budi") for _ in range(3))
    stranger = logged_in("dewi")
    here.post("/akun/perangkat/", {"others": "1"})
    assert [is_in(client) for client in (here, *others, stranger)] == [True, False, False, True]
    assert 'name="end"' not in page(here, "/akun/perangkat/")


def test_a_new_password_ends_the_others(budi: User) -> None:
    here, there = logged_in("budi"), logged_in("budi")
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    here.post("/akun/sandi/", fields | {"oldpassword": "salah"})
    assert is_in(there)
    here.post("/akun/sandi/", fields)
    assert 'name="end"' not in page(here, "/akun/perangkat/"), "the other is over before it asks for a page"
    assert (is_in(here), is_in(there)) == (True, False)
    assert try_login(Client(), "budi", NEW).status_code == 302


def test_who_forgot_gets_a_link_that_works_once(budi: User, post: Post) -> None:
    User.objects.update(email="budi@kantor.id")
    there, client = logged_in("budi"), Client()
    reply = client.post("/akun/sandi/lupa/", {"email": "Budi@kantor.id"})
    assert reply["Location"] == "/akun/sandi/lupa/terkirim/"
    [mail] = post.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        "budi@kantor.id",
        "tera@kantor.id",
        "Kata sandi baru untuk Tera",
    )
    [link] = re.findall(r"http://\S+", mail.get_content())
    path = urlsplit(link).path
    form = client.get(path)["Location"]
    short = client.post(form, {"password1": "pendek", "password2": "pendek"}).content.decode()
    assert "problem" in short
    client.post(form, {"password1": NEW, "password2": NEW})
    assert not is_in(client), "a link is no login"
    assert not is_in(there)
    assert try_login(Client(), "budi", NEW).status_code == 302
    assert "tidak berlaku lagi" in page(Client(), path)


def test_a_stranger_does_not_learn_who_has_an_account(
    budi: User, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    User.objects.update(email="budi@kantor.id")
    unknown = Client().post("/akun/sandi/lupa/", {"email": "siapa@kantor.id"})
    post.hangs_up_after = 0
    failing = Client().post("/akun/sandi/lupa/", {"email": "budi@kantor.id"})
    assert (unknown.status_code, unknown["Location"]) == (failing.status_code, failing["Location"])
    assert post.mails == []
    assert "could not be sent" in caplog.text
    assert "budi" not in caplog.text


def test_nobody_floods_a_mailbox(budi: User, post: Post) -> None:
    User.objects.update(email="budi@kantor.id")
    replies = [Client().post("/akun/sandi/lupa/", {"email": "budi@kantor.id"}) for _ in range(6)]
    assert [reply.status_code for reply in replies] == [302] * 5 + [429]
    assert "Terlalu sering" in replies[-1].content.decode()
    assert len(post.mails) == 5


def test_without_a_mail_server_the_page_says_whom_to_ask() -> None:
    assert "orang yang mengelola akun Tera di kantor Anda" in page(Client(), "/akun/sandi/lupa/")


def test_pages_of_the_account_are_in_english_too(budi: User) -> None:
    client = logged_in("budi")
    client.post("/bahasa/setlang/", {"language": "en"})
    assert "My account" in page(client, "/akun/")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.5.0", ""),
    ],
)
def test_a_browser_is_named_in_two_words(agent: str, name: str) -> None:
    assert browser_of(agent) == name


def test_the_environment_names_the_sso() -> None:
    fine = {"TERA_OIDC_URL": "https://sso.id", "TERA_OIDC_CLIENT": "tera", "TERA_OIDC_SECRET": "rahasia"}
    [app] = read_sso(fine)["openid_connect"]["APPS"]
    assert (app["name"], app["settings"]) == ("sso.id", {"server_url": "https://sso.id"})
    assert read_sso({}) == {}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TERA_OIDC_SECRET", "", "all of them are needed, or none"),
        ("TERA_OIDC_URL", "http://sso.kantor.id", "an address with https:// is expected"),
        ("TERA_OIDC_URL", "sso.kantor.id", "an address with https:// is expected"),
        ("TERA_OIDC_URL", "https://[sso", "an address with https:// is expected"),
    ],
)
def test_an_sso_that_is_named_wrongly_says_what_is_expected(name: str, value: str, expected: str) -> None:
    fine = {"TERA_OIDC_URL": "https://sso.id", "TERA_OIDC_CLIENT": "tera", "TERA_OIDC_SECRET": "rahasia"}
    with pytest.raises(ImproperlyConfigured, match=expected) as error:
        read_sso(fine | {name: value})
    assert "rahasia" not in str(error.value)
