"""A small site behind the bridge, for tests; run as a program it is served by a real server on a port."""

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, cast

from granian import Granian
from granian.constants import Interfaces

from tera.cli.bridge.children import Children
from tera.cli.bridge.threads import Threads

CHUNK, CHUNKS = b"0123456789abcdef" * 4096, 320  # 20 MiB


def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """Answer what the path asks for."""
    path = environ["PATH_INFO"].encode("latin-1").decode()
    if path == "/die":
        os._exit(1)
    if path == "/large":
        start("200 OK", [("Content-Type", "application/octet-stream")])
        return (CHUNK for _ in range(CHUNKS))
    if path == "/slow":
        time.sleep(1)
    text = f"{environ['REQUEST_METHOD']} {path} {environ['QUERY_STRING']} {environ.get('HTTP_COOKIE', '')}"
    if environ["REQUEST_METHOD"] == "POST":
        text = hashlib.sha256(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))).hexdigest()
    if path == "/unchanged":
        start("304 Not Modified", [("ETag", '"x"')])
        return []
    body = f"{text} {os.getpid()}".encode()
    start(
        "200 OK",
        [("Content-Length", str(len(body))), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Pid", "")],
    )
    return [body]


def main(kind: str, port: int) -> None:
    """Serve it in processes or in threads."""
    Granian("toy", port=port, interface=Interfaces.RSGI, log_enabled=False, workers_kill_timeout=15).serve(
        target_loader=lambda: cast("Callable[..., Any]", Bridge(kind)), wrap_loader=False
    )


class Bridge:
    """A server that hands everything on."""

    def __init__(self, kind: str) -> None:
        os.environ["PYTHONPATH"] = os.path.dirname(__file__)  # noqa: PTH120  where the child finds this file
        self._site = (
            Children("toy_site:application", 2) if kind == "children" else Threads(lambda: application)
        )

    def __rsgi_init__(self, loop: Any) -> None:
        self._site.start(loop)

    def __rsgi_del__(self, loop: Any) -> None:
        self._site.stop()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        await self._site(scope, protocol)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
