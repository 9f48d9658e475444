"""A letter as it is printed: its document with days, numbers and codes in words; always in Indonesian."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import override

from tera.engine.eligibility import SURVEY_CRITERIA
from tera.portal.proposals.letters.criteria import NOTHING, PRINTED, Json

SHORT = 16  # digits of a sha256 that people compare
DECIDED = {  # by the deed that led to the step which the letter tells
    "recommend": "Direkomendasikan",
    "propose": "Diusulkan",
    "uphold": "Usulan dipertahankan",
    "uphold-title": "Usulan dipertahankan",
    "revoke": "Usulan dicabut",
}
Limit = tuple[str, str]  # a title, and what it asks
DRAFT, VOIDED = "RANCANGAN", "DIBATALKAN"  # what stands across a letter that does not hold


def present(document: Json, sha256: str = "", mark: str = "") -> Json:
    """Return what is printed of a letter; `mark` stands across each page."""
    with override(PRINTED):
        columns = _columns(document)
        day, office = _day(document["dated_on"]), document["office"]["name"]
        return {
            **{name: document[name] for name in ("named", "subject", "place", "letterhead", "addressee")},
            **{name: document[name] for name in ("opening", "closing", "signatory", "copies", "attachment")},
            "title": f"{document['subject']}, nomor {document['named']}",
            "office": office,
            "day": day,
            "made_on": [int(part) for part in document["dated_on"].split("-")],
            "attached": "1 (satu) lampiran",
            "belongs": f"Lampiran surat {office} nomor {document['named']}, tanggal {day}",
            "columns": columns,
            "rows": [_row(place, unit, columns) for place, unit in enumerate(document["units"], 1)],
            "n_limits": _limits([_asked(unit, unit.get("n_limit", "")) for unit in document["units"]]),
            "notes": list(_notes(columns)),
            "sha256": sha256,
            "short": sha256[:SHORT],
            "foot": _foot(document["named"], sha256),
            "mark": mark,
            "is_invented": document["is_invented"],
            "version": document["version"],
            "has_logo": bool(document["logo"]),
        }


def _foot(named: str, sha256: str) -> str:
    if not sha256:
        return "Rancangan: belum bernomor, belum berlaku"
    return f"Nomor {named} · sidik SHA-256 {sha256[:SHORT]}…"


def _columns(document: Json) -> list[Json]:
    """Return what the measures are called, by their place, for the law renamed them; and what is asked."""
    found: list[tuple[dict[str, None], list[Limit]]] = []
    for unit in document["units"]:
        for place, value in enumerate(unit["values"]):
            found += [({}, [])] if place == len(found) else []
            found[place][0][f"{value['short']} (maks.\u00a0{value['maximum']})"] = None
            found[place][1].append(_asked(unit, value.get("limit", "")))
    return [{"name": " / ".join(names), "limits": _limits(asked)} for names, asked in found]


def _asked(unit: Json, limit: str) -> Limit:
    return unit["target"].upper(), limit


def _limits(asked: Sequence[Limit]) -> list[str]:
    """Return each threshold once, with its title where the titles of a letter ask for different ones."""
    each = dict.fromkeys(one for one in asked if one[1])
    if len({limit for _, limit in each}) < 2:
        return list(dict.fromkeys(limit for _, limit in each))
    return [f"{title} {limit}" for title, limit in each]


def _row(place: int, unit: Json, columns: Sequence[Json]) -> Json:
    values = [_value(found) for found in unit["values"]]
    return {
        "place": str(place),
        "unit": unit["unit"]["name"],
        "period": unit["period"],
        "target": unit["target"].upper(),
        "values": [*values, *[{"now": NOTHING, "was": ""}] * (len(columns) - len(values))],
        "n": {"now": _whole(unit["n"]), "was": f"semula {_whole(unit['n_was'])}" if "n_was" in unit else ""},
        "decision": DECIDED.get(unit["deed"], unit["deed"]),
        "facts": list(_facts(unit)),
        "others": _others(unit),
        "proofs": "; ".join(_proofs(unit)) + ".",
        "addresses": [{"url": url, "shown": url.partition("://")[2]} for url in unit["addresses"]],
    }


def _whole(count: int) -> str:
    return f"{count:,}".replace(",", ".") if count else NOTHING


def _value(found: Json) -> Json:
    return {"now": found["shown"], "was": f"semula {found['was']}" if "was" in found else ""}


def _facts(unit: Json) -> Iterator[str]:
    """Yield what stands below a decision: how many criteria hold, by which rules, and what it corrects."""
    criteria = unit["criteria"]
    kind = "syarat survei" if criteria["scope"] == SURVEY_CRITERIA else "syarat"
    if unit["deed"] != "revoke":  # of which the reason tells, and not what may hold all the same
        yield f"{criteria['met']} dari {criteria['all']} {kind} terpenuhi, {unit['rules']}"
    if unit.get("reason"):
        yield f"Alasan: {unit['reason']}"
    if unit["earlier"]:
        yield f"Ralat atas surat {unit['earlier']['named']}, {_day(unit['earlier']['dated_on'])}"


def _others(unit: Json) -> str:
    """Return the values that no survey gives, with who gave them and what is asked; what fails says so."""
    said = [_other(one) for one in unit.get("others", ())]
    return f"Syarat lain, menurut {unit['others_by']}: {'; '.join(said)}." if said else ""


def _other(one: Json) -> str:
    if not one["shown"]:
        return f"{one['name']} belum dinilai ({one['limit']})"
    state = ", belum terpenuhi" if one["met"] == "no" else ""
    return f"{one['name']} {one['shown']} ({one['limit']}{state})"


def _proofs(unit: Json) -> Iterator[str]:
    """Yield in words what proves a row: minutes, and what the open ledger says."""
    for minutes in unit["minutes"]:
        *_kind, office, number = minutes.split("/")
        yield f"Berita acara {office} nomor {number}"
    yield from (f"hasil disahkan: buku besar {result}" for result in unit["results"])
    for name, words in (("statement", "usulan"), ("corrected", "ralat")):
        if unit.get(name):
            yield f"{words}: buku besar {unit[name]}"


def _notes(columns: Sequence[Json]) -> Iterator[str]:
    """Yield what explains the table."""
    if columns:
        both = "kedua indeks" if len(columns) == 2 else "semua indeks"
        yield (
            "Angka berasal dari hasil survei yang disahkan. Responden ialah yang terkecil di antara "
            f"{both}. Tanda ≥ menyebut ambangnya."
        )
    yield "Buku besar ialah catatan terbuka yang dapat diperiksa siapa pun. Hasilnya ada pada alamat di atas."


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "j F Y")
