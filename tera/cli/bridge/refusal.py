"""A bare status instead of the portal's answer."""

from http import HTTPStatus

from granian._granian import RSGIHTTPProtocol as HTTPProtocol

from tera.cli.bridge.application import TEXT

RETRY = [*TEXT, ("retry-after", "2")]


class Refused(Exception):
    """The portal does not answer this request."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


def refuse(protocol: HTTPProtocol, status: HTTPStatus) -> None:
    """Answer with a status alone, in words that need no page."""
    text = f"{status.value} {status.phrase}. Coba lagi sebentar lagi. / Try again in a moment.\n"
    protocol.response_str(status.value, RETRY if status.value >= 500 else TEXT, text)
