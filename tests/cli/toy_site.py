"""A small site behind the bridge, for tests; run as a program it is served by a real server on a port."""

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable
from itertools import repeat
from pathlib import Path
from typing import Any, cast

from granian import Granian
from granian.constants import Interfaces

from tera.cli.bridge.children import Children
from tera.cli.bridge.threads import Threads

CHUNK, CHUNKS = b"0123456789abcdef" * 4096, 320  # 20 MiB
HOME = Path(os.environ.get("TOY_HOME", "/nowhere"))  # where it and its tests leave each other word


def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """Answer what the path asks for."""
    path = environ["PATH_INFO"].encode("latin-1").decode()
    match path:
        case "/die":
            os._exit(1)
        case "/leave":
            sys.exit("the toy leaves")
        case "/broken":
            raise ValueError("the toy is broken")
        case "/broken-late" | "/endless" | "/large":
            start("200 OK", [("Content-Type", "application/octet-stream")])
            return repeat(CHUNK) if path == "/endless" else large(is_broken=path == "/broken-late")
        case "/slow":
            time.sleep(1)
        case "/stuck":
            while not (HOME / "go").exists():
                time.sleep(0.05)
    return small(environ, path, start)


def large(*, is_broken: bool) -> Iterable[bytes]:
    """Yield a large body."""
    for _ in range(CHUNKS):
        yield CHUNK
    if is_broken:
        raise ValueError("the toy is broken at its end")


def small(environ: dict[str, Any], path: str, start: Callable[..., object]) -> Iterable[bytes]:
    """Say what was asked, and in which process it was answered."""
    text = f"{environ['REQUEST_METHOD']} {path} {environ['QUERY_STRING']} {environ.get('HTTP_COOKIE', '')}"
    if environ["REQUEST_METHOD"] == "POST":
        text = hashlib.sha256(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))).hexdigest()
        (HOME / "posted").open("a").write(f"{path}\n")
    if path == "/unchanged":
        start("304 Not Modified", [("ETag", '"x"')])
        return []
    body = f"{text} {os.getpid()}".encode()
    start(
        "200 OK",
        [("Content-Length", str(len(body))), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Pid", "")],
    )
    return [body]


def main(kind: str, port: int, seconds: float) -> None:
    """Serve it in processes or in threads; the site has so many seconds for an answer."""
    Granian("toy", port=port, interface=Interfaces.RSGI, log_enabled=False, workers_kill_timeout=15).serve(
        target_loader=lambda: cast("Callable[..., Any]", Bridge(kind, seconds)), wrap_loader=False
    )


class Bridge:
    """A server that hands everything on."""

    def __init__(self, kind: str, seconds: float) -> None:
        os.environ["PYTHONPATH"] = f"{os.path.dirname(__file__)}:{HOME}"  # noqa: PTH120  where children find it
        if kind == "threads":
            self._site: Threads | Children = Threads(lambda: application, seconds=seconds)
        else:  # "late" is a module that a test writes when the server runs already
            name = "late:application" if kind == "late" else "toy_site:application"
            self._site = Children(name, seconds=seconds)

    def __rsgi_init__(self, loop: Any) -> None:
        self._site.start(loop)

    def __rsgi_del__(self, loop: Any) -> None:
        self._site.stop()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        await self._site(scope, protocol)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
