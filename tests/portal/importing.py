"""How an operator brings old answers in, page by page."""

import io
import re
from collections.abc import Sequence

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tera import instruments
from tera.engine.catalogue import get_instrument
from tera.portal.surveys.models import Campaign

SEKADAU = instruments.read("skm-9", "sekadau-2019-s1.csv").encode()
SOURCE = "Rekap kuesioner kertas semester I 2019, sekadaukab.go.id"
START = {
    "part": "Semester I",
    "year": "2019",
    "source": SOURCE,
    "instruments": ["skm-9"],
    "survey_rulebook": "permenpanrb-14-2017",
    "zone_rulebook": "permenpanrb-10-2019",
}
CODES = [item.code for item in get_instrument("skm-9").items]


def table(rows: Sequence[Sequence[object]], header: Sequence[object] = ()) -> bytes:
    lines = [header or CODES, *rows]
    return "\n".join(",".join(map(str, line)) for line in lines).encode()


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = book.create_sheet("Rekap", 0)
    for row in rows:
        sheet.append(row)
    book.save(stream)
    return stream.getvalue()


def upload(client: Client, content: bytes, name: str = "rekap.csv", **changes: object) -> str:
    """Send the first step and return the address of the second."""
    fields = {**START, **changes, "file": SimpleUploadedFile(name, content)}
    reply = client.post("/impor/sambas/", fields)
    assert reply.status_code == 302, re.findall(r'<li><a href="#.*?</li>', reply.content.decode())
    return reply["Location"]


def proposed(client: Client, address: str) -> dict[str, str]:
    """Return what the second step offers, as a browser would send it."""
    page = client.get(address).content.decode()
    fields = {}
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen[0] if chosen else ""
    return fields


def name_columns(client: Client, address: str, **answers: str) -> str:
    """Send the second step as it is proposed, with these answers, and return the page of the third."""
    reply = client.post(address, {**proposed(client, address), **answers})
    assert reply.status_code == 302, re.findall(r"<li><a href=\"#.*?</li>", reply.content.decode())
    assert reply["Location"] == f"{address}periksa/"
    return client.get(reply["Location"]).content.decode()


def bring_in(client: Client, content: bytes, name: str = "rekap.csv", **changes: object) -> Campaign:
    """Bring a file in whose columns all have names, and return its campaign."""
    address = upload(client, content, name, **changes)
    name_columns(client, address)
    reply = client.post(f"{address}periksa/")
    assert reply.status_code == 302
    return Campaign.objects.get(code=reply["Location"].split("/")[2])
