"""What a phone loads when somebody opens a form for the first time: bytes as they come over the wire."""

import gzip
import re
import urllib.request

SCRIPT, WORKER = re.compile(r'src="(/s/isi\.[0-9a-f]+\.js)"'), "/s/kerja.js"


def load(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310  loopback
    with urllib.request.urlopen(request) as reply:  # noqa: S310
        return bytes(reply.read())


def first_visit(site: str, language: str) -> tuple[int, int, str]:
    """Return the bytes of the demo's form, those of all that comes with it, and what the form says."""
    form = load(f"{site}/s/demo/{language}")
    text = gzip.decompress(form).decode()
    script = SCRIPT.search(text)
    assert script
    return len(form), len(form) + len(load(site + script[1])) + len(load(site + WORKER)), text
