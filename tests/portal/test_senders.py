"""Invitations reach a real mail server and a real gateway; what fails says why, and the others still go."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied

from tera.portal.accounts.models import User
from tera.portal.invitations import actions, senders
from tera.portal.invitations.actions import Report
from tera.portal.invitations.recipients import MOST, BadRecipient, Line, read_list, read_number
from tera.portal.invitations.senders import Message, Sender, Smtp, Webhook
from tera.portal.surveys.models import Campaign
from tests.portal.deliverers import Gateway, Post, certify

MESSAGE = Message("Bagaimana pelayanan kami?", "Jawab di sini: http://tera.test/s/sambas1")
ADDRESSES = ("sari@contoh.id", "wayan@contoh.id", "putu@contoh.id")
NUMBERS = ("+6281234567890", "+6281234567891", "+6281234567892")


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def mail(post: Post) -> Iterator[Smtp]:
    with post.open() as port:
        yield Smtp("127.0.0.1", port, "survei@kantor.id")


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def chat(gateway: Gateway) -> Iterator[Webhook]:
    with gateway.open() as port:
        yield Webhook(f"http://127.0.0.1:{port}/send?from=office", "kunci")


def send(campaign: Campaign, by: User, sender: Sender, to: tuple[str, ...], each: int = 0) -> Report:
    """Send to these, with a clock on which every message takes so many seconds."""
    lines = {name: Line(number, name) for number, name in enumerate(to, start=1)}
    ticks = count(step=each)
    return actions.send(campaign, sender, MESSAGE, lines, by=by, clock=lambda: float(next(ticks)))


def why(report: Report) -> dict[str, str]:
    return {problem.line.text: problem.reason for problem in report.problems}


def test_each_gets_a_mail_alone_over_one_connection(
    campaign: Campaign, budi: User, post: Post, mail: Smtp
) -> None:
    assert send(campaign, budi, mail, ADDRESSES) == Report(3, ())
    assert [sent["To"] for sent in post.mails] == list(ADDRESSES)
    assert {(sent["From"], sent["Subject"]) for sent in post.mails} == {
        ("survei@kantor.id", "Bagaimana pelayanan kami?")
    }
    assert post.mails[0].get_content().strip() == MESSAGE.text
    assert post.sessions == 1


def test_an_address_that_the_server_refuses_keeps_nobody_else_from_their_mail(
    campaign: Campaign, budi: User, post: Post, mail: Smtp
) -> None:
    post.unknown = ("wayan@contoh.id",)
    report = send(campaign, budi, mail, ADDRESSES)
    assert (report.sent, why(report)) == (
        2,
        {"wayan@contoh.id": "Server surat menolak alamat ini (550)."},
    )
    assert [problem.line.number for problem in report.wrong] == [2]


def test_a_server_that_hangs_up_leaves_the_rest_for_later(
    campaign: Campaign, budi: User, post: Post, mail: Smtp
) -> None:
    post.hangs_up_after = 1
    report = send(campaign, budi, mail, ADDRESSES)
    assert (report.sent, len(post.mails)) == (1, 1)
    [(reason, left)] = report.later
    assert reason == "Sambungan ke server surat terputus."
    assert [problem.line.text for problem in left] == ["wayan@contoh.id", "putu@contoh.id"]


@pytest.mark.parametrize(
    ("password", "sent", "reason"),
    [("benar", 3, set()), ("salah", 0, {"Server surat menolak nama pengguna atau kata sandinya."})],
)
def test_the_server_asks_for_a_password(
    campaign: Campaign, budi: User, password: str, sent: int, reason: set[str]
) -> None:
    post = Post(password="benar")
    with post.open() as port:
        mail = Smtp("127.0.0.1", port, "survei@kantor.id", "tera", password)
        report = send(campaign, budi, mail, ADDRESSES)
    assert (report.sent, {*why(report).values()}) == (sent, reason)


def test_no_password_goes_to_a_server_without_tls(campaign: Campaign, budi: User) -> None:
    post = Post(password="benar")
    with post.open() as port:
        mail = Smtp("127.0.0.1", port, "survei@kantor.id", "tera", "benar", "start")
        report = send(campaign, budi, mail, ADDRESSES)
    assert {*why(report).values()} == {"Server surat tidak menerima sambungan kami."}
    assert post.mails == []


def test_a_certificate_must_be_known(
    campaign: Campaign, budi: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, post, gateway = certify(tmp_path), Post(), Gateway()
    with post.open(certificate) as mail_port, gateway.open(certificate) as port:
        mail = Smtp("127.0.0.1", mail_port, "survei@kantor.id", tls="whole")
        chat = Webhook(f"https://127.0.0.1:{port}")
        assert (send(campaign, budi, mail, ADDRESSES).sent, send(campaign, budi, chat, NUMBERS).sent) == (
            0,
            0,
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert (send(campaign, budi, mail, ADDRESSES).sent, send(campaign, budi, chat, NUMBERS).sent) == (
            3,
            3,
        )
    assert (len(post.mails), len(gateway.messages)) == (3, 3)


def test_nobody_listens(campaign: Campaign, budi: User) -> None:
    with Post().open() as port:
        pass
    report = send(campaign, budi, Smtp("127.0.0.1", port, "survei@kantor.id"), ADDRESSES)
    assert {*why(report).values()} == {"Server surat tidak dapat dihubungi."}
    report = send(campaign, budi, Webhook(f"http://127.0.0.1:{port}"), NUMBERS)
    assert {*why(report).values()} == {"Layanan pengirim tidak dapat dihubungi."}
    assert (report.sent, len(report.problems)) == (0, 3)


def test_a_gateway_takes_each_message_as_json_over_one_connection(
    campaign: Campaign, budi: User, gateway: Gateway, chat: Webhook
) -> None:
    assert send(campaign, budi, chat, NUMBERS) == Report(3, ())
    assert gateway.messages == [{"to": number, "text": MESSAGE.text} for number in NUMBERS]
    assert (gateway.keys, gateway.paths) == ({"Bearer kunci"}, {"/send?from=office"})
    assert len(gateway.connections) == 1


@pytest.mark.parametrize(
    "answer",
    [
        (422, 2, "Layanan pengirim menolak nomor ini (422)."),
        (401, 1, "Layanan pengirim menolak kunci kami (401)."),
        (429, 1, "Layanan pengirim meminta kami menunggu (429)."),
        (503, 1, "Layanan pengirim sedang terganggu (503)."),
        (302, 1, "Layanan pengirim sedang terganggu (302)."),
    ],
)
def test_what_a_gateway_answers(
    campaign: Campaign, budi: User, gateway: Gateway, chat: Webhook, answer: tuple[int, int, str]
) -> None:
    status, sent, reason = answer
    gateway.answers[NUMBERS[1]] = status
    report = send(campaign, budi, chat, NUMBERS)
    assert (report.sent, {*why(report).values()}) == (sent, {reason})
    assert len(report.problems) == 3 - sent
    assert gateway.paths == {"/send?from=office"}


def test_sending_ends_after_twenty_seconds(campaign: Campaign, budi: User, chat: Webhook) -> None:
    report = send(campaign, budi, chat, NUMBERS, each=7)
    assert report.sent == 2
    assert why(report) == {NUMBERS[2]: "Waktunya habis. Kirim lagi untuk baris ini."}
    assert report.wrong == []


def test_who_does_not_run_the_unit_sends_nothing(
    campaign: Campaign, dewi: User, ratna: User, gateway: Gateway, chat: Webhook
) -> None:
    for other in (dewi, ratna):
        with pytest.raises(PermissionDenied):
            send(campaign, other, chat, NUMBERS)
    assert gateway.messages == []


def test_a_list_is_read_line_by_line() -> None:
    written = "sari@contoh.id\n\n  Putu@Contoh.ID \nsari@CONTOH.id\nbukan\na@b@c.id\n"
    found, problems = read_list(written, "EMAIL")
    assert found == {"sari@contoh.id": Line(1, "sari@contoh.id"), "putu@contoh.id": Line(3, "Putu@Contoh.ID")}
    assert [(problem.line, problem.is_later) for problem in problems] == [
        (Line(5, "bukan"), False),
        (Line(6, "a@b@c.id"), False),
    ]


def test_what_is_beyond_a_hundred_waits() -> None:
    written = "\n".join(f"warga{number}@contoh.id" for number in range(MOST + 2)) + "\nwarga0@contoh.id"
    found, problems = read_list(written, "EMAIL")
    assert len(found) == MOST
    assert [(problem.line.number, problem.is_later) for problem in problems] == [(101, True), (102, True)]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0812 3456 7890", "+6281234567890"),
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("+62 (0)812 3456 7890", "+6281234567890"),
        ("62 812.3456.7890", "+6281234567890"),
        ("0062 812 3456 7890", "+6281234567890"),
        ("81234567890", "+6281234567890"),
        ("+60 12 345 6789", "+60123456789"),
        ("0562 631 234", "+62562631234"),
    ],
)
def test_numbers_are_written_in_many_ways(written: str, number: str) -> None:
    assert read_number(written) == number


@pytest.mark.parametrize(
    "written", ["sari", "0812", "+0812345678", "123456789", "0812 3456 7890 1234 5678", "²"]
)
def test_what_is_no_number_says_what_is_one(written: str) -> None:
    with pytest.raises(BadRecipient, match=r"0812 3456 7890"):
        read_number(written)


def test_the_environment_names_the_ways_of_sending() -> None:
    found = senders.read(
        {
            "TERA_SMTP_URL": "smtp://tera:r%40hasia@mail.kantor.id",
            "TERA_MAIL_FROM": "survei@kantor.id",
            "TERA_WHATSAPP_WEBHOOK": "https://wa.kantor.id/kirim",
            "TERA_WHATSAPP_TOKEN": "kunci",
        }
    )
    assert found == {
        "EMAIL": Smtp("mail.kantor.id", 587, "survei@kantor.id", "tera", "r@hasia", "start"),
        "WHATSAPP": Webhook("https://wa.kantor.id/kirim", "kunci"),
    }
    assert "r@hasia" not in repr(found)
    assert "kunci" not in repr(found)
    assert senders.read({}) == {}


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtps://mail.kantor.id", 465, "whole"),
        ("smtp://mail.kantor.id:2525", 2525, "start"),
        ("smtp://localhost", 25, ""),
    ],
)
def test_mail_leaves_this_machine_with_tls_only(url: str, port: int, tls: str) -> None:
    found = senders.read({"TERA_SMTP_URL": url, "TERA_MAIL_FROM": "survei@kantor.id"})["EMAIL"]
    assert isinstance(found, Smtp)
    assert (found.port, found.tls) == (port, tls)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TERA_SMTP_URL", "mail.kantor.id:587", "smtp://user:password@host:587"),
        ("TERA_SMTP_URL", "http://tera:rahasia@mail.kantor.id", "smtp://user:password@host:587"),
        ("TERA_SMTP_URL", "smtp://mail.kantor.id:surat", "smtp://user:password@host:587"),
        ("TERA_MAIL_FROM", "kantor", "TERA_MAIL_FROM is 'kantor'; a mail address is expected"),
        ("TERA_SMS_WEBHOOK", "ftp://sms.kantor.id", "TERA_SMS_WEBHOOK: an address with https://"),
        ("TERA_SMS_WEBHOOK", "https://tera:rahasia@sms.kantor.id", "a key goes to TERA_SMS_TOKEN"),
        ("TERA_SMS_TOKEN", "kunci\r\nX: y", "a key goes to TERA_SMS_TOKEN"),
    ],
)
def test_a_setting_that_is_wrong_says_what_is_expected(name: str, value: str, expected: str) -> None:
    fine = {
        "TERA_SMTP_URL": "smtp://mail.kantor.id",
        "TERA_MAIL_FROM": "survei@kantor.id",
        "TERA_SMS_WEBHOOK": "https://sms.kantor.id",
    }
    with pytest.raises(ImproperlyConfigured) as error:
        senders.read({**fine, name: value})
    assert expected in str(error.value)
    assert "rahasia" not in str(error.value)
