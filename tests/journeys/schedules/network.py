"""A bad network between a browser and a server, on loopback: it loses, delays, doubles and forges.

One port for each phone, so that each has its own faults and, as an origin of its own, its own memory. Only
answers (POST) meet faults; whether there is any network at all is for everything.
"""

import asyncio
import contextlib
import email.utils
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum

HEAD_END = b"\r\n\r\n"
MOST_SECONDS = 0.15
OWN_BODY = b"<html>Masuk ke Wi-Fi</html>"
Change = Callable[[str, bytes], bytes]


class Fault(Enum):
    """What happens to one answer on its way."""

    NONE = "passes"
    LATE = "passes, late"
    LOST = "is lost before the server"
    UNHEARD = "is stored, and the reply is lost"
    HALF = "is stored, and half of the reply arrives"
    TWICE = "arrives twice"
    BUSY = "is turned away: 503"
    OFTEN = "is turned away: 429"
    PORTAL = "is answered by somebody's Wi-Fi: 200"
    STRANGER = "is answered by some proxy: 403"


@dataclass
class Network:
    """The way from one phone to the server at a port of this machine.

    `faults` is drawn from for each answer; `seconds_off` is how far the server's clock seems to be off.
    """

    upstream: int
    chance: random.Random = field(default_factory=random.Random)
    faults: tuple[Fault, ...] = (Fault.NONE,)
    is_up: bool = True
    seconds_off: int = 0
    change: Change = lambda _, body: body
    port: int = 0
    met: list[Fault] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _serving: set["asyncio.Task[None]"] = field(default_factory=set)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port, and end what is still on its way."""
        if self._server:
            self._server.close()
        for task in [*self._serving]:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(HEAD_END)
            body = await reader.readexactly(_length(head))
            if reply := await self._reply(head, body):
                writer.write(reply)
                await writer.drain()
        writer.close()

    async def _reply(self, head: bytes, body: bytes) -> bytes:
        """Return what the phone hears, nothing where the line breaks."""
        if not self.is_up:
            return b""
        if not head.startswith(b"POST"):
            return await self._ask(head, body)
        fault = self.chance.choice(self.faults)
        self.met.append(fault)
        if fault is Fault.LATE:
            await asyncio.sleep(self.chance.uniform(0, MOST_SECONDS))
        if fault in _OWN:
            return _OWN[fault]
        if fault is Fault.TWICE:
            first, second = await asyncio.gather(self._ask(head, body), self._ask(head, body))
            return self.chance.choice((first, second))
        reply = await self._ask(head, body)
        if fault is Fault.UNHEARD or not self.is_up:
            return b""
        return reply[: len(reply) - len(reply) // 4] if fault is Fault.HALF else reply

    async def _ask(self, head: bytes, body: bytes) -> bytes:
        """Return the whole reply of the server, which closes after it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        line, _, rest = head.partition(b"\r\n")
        rest = _without(rest, b"connection", b"accept-encoding")
        writer.write(line + b"\r\nConnection: close\r\n" + rest + body)
        reply = await reader.read()
        writer.close()
        start, _, content = reply.partition(HEAD_END)
        content = self.change(line.split()[1].decode(), content)
        date = email.utils.formatdate(time.time() + self.seconds_off, usegmt=True)
        start = _without(start + b"\r\n", b"content-length", b"connection", b"date").rstrip(b"\r\n")
        more = f"\r\nDate: {date}\r\nContent-Length: {len(content)}\r\nConnection: close"
        return start + more.encode() + HEAD_END + content


@contextlib.contextmanager
def between(upstream: int) -> Iterator[Network]:
    """Run a network in a thread of its own, and yield it."""
    network, loop = Network(upstream), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(network.start(), loop).result()
    try:
        yield network
    finally:
        asyncio.run_coroutine_threadsafe(network.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _length(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
    return next((int(value) for name, _, value in lines if name == b"content-length"), 0)


def _without(head: bytes, *names: bytes) -> bytes:
    lines = head.split(b"\r\n")
    return b"\r\n".join(line for line in lines if line.partition(b":")[0].lower() not in names)


def _reply(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close"
    return head.encode() + HEAD_END + body


_OWN = {
    Fault.LOST: b"",
    Fault.BUSY: _reply("503 Busy", OWN_BODY),
    Fault.OFTEN: _reply("429 Often", OWN_BODY),
    Fault.PORTAL: _reply("200 OK", OWN_BODY),
    Fault.STRANGER: _reply("403 No", OWN_BODY),
}
