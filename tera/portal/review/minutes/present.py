"""Minutes as people read them, in the language in force: on a page, and on paper in Indonesian."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tera.engine.catalogue import get_rulebook
from tera.engine.explain import said
from tera.portal.accounts.permissions import rules
from tera.portal.accounts.queries import language_in_force
from tera.portal.results.templatetags.numbers import whole
from tera.portal.review.minutes.document import Json
from tera.portal.review.minutes.wording import DECISIONS, LAYERS, METHODS, PARTS
from tera.portal.review.models import Signature
from tera.portal.units.models import Zone

NOTHING = "–"


def present(document: Json) -> Json:
    """Return a document with its days, numbers and codes in words."""
    columns = _columns(document)
    return {
        "office": document["office"]["name"],
        "number": document["number"],
        "year": document["day"][:4],
        "weekday": _day(document["day"], "l"),
        "day": _day(document["day"]),
        "begins": document["begins"].replace(":", "."),
        "ends": document["ends"].replace(":", "."),
        "clock": document["zone"],
        "planned": _day(document["planned_on"]) if document["planned_on"] != document["day"] else "",
        "is_provisional": any(item["is_provisional"] for item in document["items"]),
        "place": document["place"],
        "title": document["title"],
        "version": document["version"],
        "is_invented": any(item["is_invented"] for item in document["items"]),
        "columns": columns,
        "items": [_item(item, len(columns)) for item in document["items"]],
        "attendees": [{**one, "part": str(PARTS[one["part"]])} for one in document["attendees"]],
    }


def signatures_of(signatures: Iterable[Signature]) -> list[Json]:
    """Return what stands under minutes; days and hours are those of the office that signed."""
    return [_signature(one) for one in signatures]


def _signature(signature: Signature) -> Json:
    """Return a signature; who had no name but that of the account is printed as such, and never public."""
    at = signature.at.astimezone(ZoneInfo(signature.office.zone))
    is_account = signature.name == signature.user.get_username()
    return {
        "number": signature.number,
        "name": _("%(name)s (akun)") % {"name": signature.name} if is_account else signature.name,
        "is_account": is_account,
        "role": said(rules().roles[signature.role].title, language_in_force()),
        "office": signature.office.name,
        "slug": signature.office.slug,
        "day": date_format(at, "j F Y"),
        "hour": f"{at:%H.%M} {Zone(signature.office.zone).label}",
        "method": str(METHODS[signature.method]),
        "has_file": bool(signature.content),
    }


def _columns(document: Json) -> list[str]:
    """Return what the indices of the integrity zone are called, by their place; the law renamed them once."""
    names: list[list[str]] = []
    for item in document["items"]:
        for place, found in enumerate(item["zone"]):
            names += [[]] if place == len(names) else []
            names[place] += [] if found["short"] in names[place] else [found["short"]]
    return [" / ".join(those) for those in names]


def _item(item: Json, columns: int) -> Json:
    shown = [found["shown"] for found in item["zone"]]
    title, follows = DECISIONS[item["decision"]]
    return {
        "campaign": item["campaign"],
        "unit": item["unit"]["name"],
        "period": item["period"],
        "days": f"{_day(item['starts_on'])} – {_day(item['ends_on'])}",
        "sealed": whole(item["responses"]["sealed"]),
        "is_provisional": item["is_provisional"],
        "respondents": _respondents(item),
        "cells": [*map(_number, shown), *[NOTHING] * (columns - len(shown))],
        "facts": _facts(item),
        "indices": [
            {**one, "shown": _number(one["shown"]), "maximum": _number(one["maximum"]), "title": _title(one)}
            for one in (*item["zone"], *item["indices"])
        ],
        "verdicts": [_verdict(one, item) for one in item["verdicts"]],
        "scores": [
            {"layer": str(LAYERS[one["layer"]]), "shown": _number(one["shown"])} for one in item["scores"]
        ],
        "findings": [_lines(text) for text in item["findings"]],
        "questions": [
            {**one, "text": _lines(one["text"]), "answer": _lines(one["answer"])} for one in item["questions"]
        ],
        "returned": [_returned(one) for one in item["returned"]],
        "decision": str(title),
        "code": item["decision"],
        "follows": str(follows),
        "note": _lines(item["note"]),
        "due": _day(item["due_on"]) if "due_on" in item else "",
    }


def _returned(returned: Json) -> Json:
    """Return that a survey was returned before, with what was asked and what was mended."""
    due = _day(returned["due_on"]) if "due_on" in returned else ""
    lines = {"note": _lines(returned["note"]), "mended": _lines(returned["mended"])}
    return {"minutes": returned["minutes"], "due": due, **lines}


def _respondents(item: Json) -> str:
    """Return how many of the sealed responses the indices hold, or how many there are."""
    counts = item["responses"]
    counted, sealed = whole(counts["counted"]), whole(counts["sealed"])
    if not (item["is_provisional"] and (item["zone"] or item["indices"])):
        return sealed
    return _("%(counted)s dari %(sealed)s") % {"counted": counted, "sealed": sealed}


def _verdict(verdict: Json, item: Json) -> Json:
    """Return a verdict with the criteria that do not hold; before certification it is a provisional one."""
    unmet = [one for one in verdict["criteria"] if one["state"] != "MET"]
    words = [
        _("%(name)s %(found)s, diminta %(asked)s")
        % {"name": one["name"], "found": _number(one["found"]), "asked": _unbroken(_number(one["asked"]))}
        for one in unmet
    ]
    said = _("memenuhi") if verdict["met"] else _("belum memenuhi")
    if item["is_provisional"]:
        of = _respondents(item)
        said = _("sementara, dari %(of)s jawaban: %(verdict)s") % {"of": of, "verdict": said}
    return {"title": verdict["target"].upper(), "met": verdict["met"], "said": said, "unmet": words}


def _title(index: Json) -> str:
    return get_rulebook(index["rulebook"]).title


def _number(text: str) -> str:
    """Return a printed number with the decimal sign of the language; the document has the comma."""
    return text.replace(",", ".") if language_in_force() == "en" else text


def _unbroken(text: str) -> str:
    return text.replace(" ", "\u00a0")


def _facts(item: Json) -> list[str]:
    """Return the counts of responses in words, those that are nothing left out."""
    counts = {**item["responses"], "last": item["responses"]["sealed"] - item["responses"]["counted"]}
    facts = [_("%(n)s jawaban tersegel") % {"n": whole(counts["sealed"])}]
    kinds = {
        "counted": _("%(n)s di antaranya dalam indeks"),
        "excluded": _("%(n)s dikecualikan"),
        "controls": _("%(n)s jawaban kendali"),
    }
    if item["is_provisional"]:
        kinds = {
            "counted": _("%(n)s dalam indeks sementara"),
            "last": _("%(n)s di blok terakhir, tampil saat disahkan"),
            "excluded": _("%(n)s akan dikeluarkan saat disahkan (disetujui dua kantor)"),
            "controls": _("%(n)s jawaban kendali, dikeluarkan saat disahkan"),
            "proposed": _("%(n)s diusulkan dikecualikan, belum diputuskan"),
        }
    if not (item["zone"] or item["indices"]):
        facts.append(_("indeks belum dapat ditampilkan sebelum hasil disahkan"))
        kinds = {kind: words for kind, words in kinds.items() if kind not in {"counted", "last"}}
    return facts + [words % {"n": whole(counts[kind])} for kind, words in kinds.items() if counts[kind]]


def _lines(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if line.strip()]


def _day(text: str, form: str = "j F Y") -> str:
    return date_format(date.fromisoformat(text), form)
