"""The door of a witness: HTTP, bounded in every direction, since anybody may knock."""

import socket
import sys
import threading
import time
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tera.cli.witnessing.cosigner import TEXT_TYPE, Answer, Cosigner
from tera.engine.witness import MOST_BYTES, PATH
from tera.portal.ledger.files import Damaged

Connection = socket.socket | tuple[bytes, socket.socket]  # as socketserver has it
Address = tuple[str, int] | str
MOST_VISITORS = 64
SILENT_SECONDS, VISIT_SECONDS = 5, 30


class Door(ThreadingHTTPServer):
    """Listens, and lets in so many visitors at once, each for a while."""

    daemon_threads = True
    request_queue_size = MOST_VISITORS

    def __init__(self, address: tuple[str, int], cosigner: Cosigner) -> None:
        """Listen from now on; OSError where the port cannot be had."""
        self.cosigner = cosigner
        self._places = threading.BoundedSemaphore(MOST_VISITORS)
        super().__init__(address, Visit)

    def server_bind(self) -> None:
        """Take the address without asking for its name, which may take long."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = self.socket.getsockname()[:2]

    def process_request(self, request: Connection, client_address: Address) -> None:
        """Let a visitor in if there is a place; whoever finds none comes again later."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Connection, client_address: Address) -> None:
        """Answer a visitor, who has to go when the time is over, however slowly the bytes come."""
        end = threading.Timer(VISIT_SECONDS, _hang_up, [request])
        end.daemon = True
        end.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            end.cancel()
            self._places.release()

    def handle_error(self, request: Connection, client_address: Address) -> None:  # noqa: ARG002  Python's
        """Say what went wrong here; that a visitor left is no news."""
        if not isinstance(sys.exception(), OSError):
            traceback.print_exc()


class Visit(BaseHTTPRequestHandler):
    """One connection."""

    server: Door
    protocol_version = "HTTP/1.1"
    timeout = SILENT_SECONDS

    def do_POST(self) -> None:
        """Answer a request to cosign."""
        length = self.headers.get("Content-Length", "")
        if self.path != PATH:
            self._say(Answer(HTTPStatus.NOT_FOUND, f"only {PATH} is here\n"))
        elif not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            self._say(Answer(HTTPStatus.LENGTH_REQUIRED, "a Content-Length is expected\n"))
        elif len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES:
            self._say(Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MOST_BYTES} bytes\n"))
        elif len(body := self.rfile.read(int(length))) < int(length):
            self.close_connection = True
        else:
            self._say(self._answer(body), is_read=True)

    def _answer(self, body: bytes) -> Answer:
        try:
            return self.server.cosigner.answer(body, time.time)
        except (OSError, Damaged) as error:  # nothing is cosigned that could not be kept
            news = f"nothing is cosigned, look after the files: {error}"
            return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, "try again later\n", news=news)

    def _say(self, answer: Answer, *, is_read: bool = False) -> None:
        if answer.news:
            sys.stderr.write(f"tera witness: {answer.news}\n")  # at once, or two visits would mix their lines
        content = answer.text.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind or TEXT_TYPE)
        self.send_header("Content-Length", str(len(content)))
        if not is_read:  # what follows is not the next request
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def version_string(self) -> str:
        """Return no version: it helps nobody."""
        return "tera"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  Python's own name
        """Write no line a request: nobody's visit belongs in a log."""


def _hang_up(request: socket.socket) -> None:
    try:
        request.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the visitor was faster
