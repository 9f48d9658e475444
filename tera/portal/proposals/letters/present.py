"""A letter as it is printed: its document with days, numbers and codes in words; always in Indonesian."""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import override

from tera.engine.eligibility import SURVEY_CRITERIA
from tera.portal.proposals.letters.document import PRINTED, Json

SHORT = 16  # digits of a sha256 that people compare
NOTHING = "–"
DECIDED = {  # by the deed that led to the step which the letter tells
    "recommend": "Direkomendasikan",
    "propose": "Diusulkan",
    "uphold": "Usulan dipertahankan",
    "uphold-title": "Usulan dipertahankan",
    "revoke": "Usulan dicabut",
}
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
            "notes": list(_notes(document, columns)),
            "sha256": sha256,
            "short": sha256[:SHORT],
            "mark": mark,
            "is_invented": document["is_invented"],
            "version": document["version"],
            "has_logo": bool(document["logo"]),
        }


def _columns(document: Json) -> list[str]:
    """Return what the measures are called, by their place; the law renamed them once."""
    names: list[dict[str, None]] = []
    for unit in document["units"]:
        for place, found in enumerate(unit["values"]):
            names += [{}] if place == len(names) else []
            names[place][f"{found['short']} (maks.\u00a0{found['maximum']})"] = None
    return [" / ".join(those) for those in names]


def _row(place: int, unit: Json, columns: list[str]) -> Json:
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
        "proofs": [*unit["minutes"], *unit["results"], *filter(None, [unit["statement"]])],
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
    yield f"{criteria['met']} dari {criteria['all']} {kind} terpenuhi, {unit['rules']}"
    if unit["earlier"]:
        yield f"ralat atas surat {unit['earlier']['named']}, {_day(unit['earlier']['dated_on'])}"


def _notes(document: Json, columns: list[str]) -> Iterator[str]:
    """Yield what explains the table."""
    if columns:
        yield (
            "Nilai dalam poin zona integritas dari hasil yang disahkan. Nilai yang kurang dari ambang "
            "tidak pernah ditulis seolah-olah mencapainya."
        )
        yield "Responden: jumlah terkecil di antara nilai yang dihitung."
    yield "Bukti: nama berita acara dan pernyataan dalam buku besar terbuka, dan alamat hasil yang diumumkan."


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "j F Y")
