"""Who delivers invitations in the tests: a mail server and a gateway, real ones, on this machine."""

import base64
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Server(socketserver.ThreadingTCPServer):
    """Knows whose it is, so that what comes in reaches the test."""

    allow_reuse_address = True
    owner: object


def certify(folder: Path) -> Path:
    """Write a key and a certificate for this machine, which nobody knows, and return the file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tera.test")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def serving(server: socketserver.TCPServer, certificate: Path | None) -> Iterator[int]:
    """Serve in a thread, with TLS if there is a certificate, and yield the port."""
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        # The handshake is the thread's of each connection, so that one that fails ends nothing else.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Post:
    """A mail server: what it took, what it refuses, and after how many mails it hangs up."""

    password: str = ""
    unknown: tuple[str, ...] = ()
    hangs_up_after: int = 1000
    sessions: int = 0
    mails: list[EmailMessage] = field(default_factory=list)

    @contextmanager
    def open(self, certificate: Path | None = None) -> Iterator[int]:
        """Serve, and yield the port."""
        with Server(("127.0.0.1", 0), _Session) as server:
            server.owner = self
            with serving(server, certificate) as port:
                yield port


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Server)
        post = self.server.owner
        assert isinstance(post, Post)
        post.sessions += 1
        self._say("220 tera.test")
        for line in self.rfile:
            said = line.decode().strip()
            verb = said[:4].upper()
            if verb == "QUIT" or len(post.mails) >= post.hangs_up_after:
                return
            if verb == "EHLO":
                self._say("250-tera.test", "250 AUTH PLAIN")
            elif verb == "AUTH":
                _user, password = base64.b64decode(said.split()[-1]).decode().split("\0")[1:]
                self._say("235 yes" if password == post.password else "535 no")
            elif verb == "RCPT" and any(f"<{name}>" in said for name in post.unknown):
                self._say("550 5.1.1 unknown")
            elif verb == "DATA":
                self._say("354 go on")
                post.mails.append(self._mail())
                self._say("250 taken")
            else:
                self._say("250 fine")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _mail(self) -> EmailMessage:
        content = b"".join(iter(self.rfile.readline, b".\r\n"))
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        return mail


@dataclass
class Gateway:
    """A gateway for WhatsApp or SMS: what it was sent, and what it answers to whom."""

    answers: dict[str, int] = field(default_factory=dict)
    messages: list[dict[str, str]] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)
    connections: set[int] = field(default_factory=set)

    @contextmanager
    def open(self, certificate: Path | None = None) -> Iterator[int]:
        """Serve, and yield the port."""
        gateway = self

        class Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                gateway.keys.add(self.headers["Authorization"])
                gateway.paths.add(self.path)
                gateway.connections.add(self.client_address[1])
                status = gateway.answers.get(body["to"], 200)
                if status == 200:
                    gateway.messages.append(body)
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Print nothing."""

        with (
            ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server,
            serving(server, certificate) as port,
        ):
            yield port
