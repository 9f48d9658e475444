"""Makes honest ledgers, as docs/protocol.md says and with the engine's own parts."""

import base64
import hashlib
import io
import json
import random
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tera.engine import merkle, note, receipt, response, statement, tile
from tera.engine.tally import Tally

ORIGIN = "tera.example/ledger"
INSTRUMENTS = {"skm-9": ("PERSYARATAN", "PROSEDUR", "BIAYA"), "ipk-10": ("PUNGLI", "CALO")}
ITEMS = tuple(item for items in INSTRUMENTS.values() for item in items)
MEASURES = [
    {
        "measure": "skm/permenpanrb-14-2017",
        "weight": "equal",
        "scale": "1",
        "offset": "0",
        "elements": [{"element": item, "items": [item]} for item in INSTRUMENTS["skm-9"]],
    },
    {
        "measure": "ipk/permenpanrb-10-2019",
        "weight": "1/2",
        "scale": "3/5",
        "offset": "2/5",
        "elements": [{"element": item, "items": [item]} for item in INSTRUMENTS["ipk-10"]],
    },
]
DAY = date(2026, 11, 22)


def signer(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(random.Random(seed).randbytes(32))


def key_of(private: Ed25519PrivateKey, name: str) -> note.Key:
    return note.Key(name, note.ED25519, private.public_key().public_bytes_raw())


LOG, RECEIPTS = signer(1), signer(2)
LOG_KEY, RECEIPT_KEY = key_of(LOG, ORIGIN), key_of(RECEIPTS, f"{ORIGIN}/receipts")


@dataclass
class Block:
    number: int
    kind: str
    rows: list[tuple[bytes, bytes, bytes]]  # commitment, salt, body
    salt: bytes
    tally: dict[str, Any]


@dataclass
class Campaign:
    code: str
    blocks: list[Block] = field(default_factory=list)
    erased: set[bytes] = field(default_factory=set)
    removed: dict[bytes, str] = field(default_factory=dict)  # commitments and reasons
    since: dict[bytes, int] = field(default_factory=dict)  # the certificate that first leaves each out
    exclusions: int = 0
    certified: int = 0

    @property
    def count(self) -> int:
        return sum(len(block.rows) for block in self.blocks)

    @property
    def controls(self) -> list[bytes]:
        return sorted(name for name, reason in self.removed.items() if reason == "CONTROL")

    @property
    def excluded(self) -> list[bytes]:
        return sorted(self.removed.keys() - self.controls)

    def bodies(self, names: Iterable[bytes]) -> list[bytes]:
        """Return the bodies of responses, also of those that were erased."""
        held = {name: body for block in self.blocks for name, _, body in block.rows}
        return [held[name] for name in names]


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def make_block(code: str, number: int, kind: str, size: int, chance: random.Random) -> Block:
    rows = []
    for _ in range(size):
        answers = tuple(chance.choice((None, 1, 2, 3, 4, 4)) for _ in ITEMS)
        body = response.encode(
            response.Response(
                code, 20_780, chance.randrange(1, 4), "PASPOR", (1, 3, 5, 4), chance.random() < 0.1, answers
            )
        )
        salt = chance.randbytes(32)
        rows.append((response.commitment(salt, body), salt, body))
    rows.sort()
    return Block(number, kind, rows, chance.randbytes(32), tally_of(code, number, [row[2] for row in rows]))


def tally_of(code: str, number: int, bodies: Sequence[bytes]) -> dict[str, Any]:
    answers, start, instruments = [response.decode(body).answers for body in bodies], 0, {}
    for name, items in INSTRUMENTS.items():
        tally = Tally.of(items, [row[start : start + len(items)] for row in answers])
        start += len(items)
        counts = {item: {str(score): n for score, n in tally.counts[item].items()} for item in items}
        instruments[name] = {"respondents": tally.respondents, "complete": tally.complete, "counts": counts}
    return {"block": number, "campaign": code, "count": len(bodies), "instruments": instruments}


def root_over(commitments: Iterable[bytes]) -> str:
    leaves = [merkle.leaf_hash(commitment) for commitment in commitments]
    return merkle.root(len(leaves), merkle.hashes_of(merkle.levels(leaves))).hex()


def tally_hash(block: Block) -> str:
    return hashlib.sha256(b"tera/tally/v1" + block.salt + canonical(block.tally)).hexdigest()


Counts = dict[str, Counter[int]]


def counted(bodies: Iterable[bytes]) -> Counts:
    counts: Counts = {item: Counter() for item in ITEMS}
    for body in bodies:
        for item, score in zip(ITEMS, response.decode(body).answers, strict=True):
            if score is not None:
                counts[item][score] += 1
    return counts


def total(campaign: Campaign, without: Collection[bytes] = ()) -> Counts:
    """Return what all blocks hold together without some responses, as their tallies tell it."""
    counts = counted([])
    for block in campaign.blocks:
        for instrument in block.tally["instruments"].values():
            for item, row in instrument["counts"].items():
                counts[item].update({int(score): number for score, number in row.items()})
    for item, row in counted(campaign.bodies(without)).items():
        counts[item].subtract(row)
    return counts


def told(counts: Counts) -> list[dict[str, Any]]:
    """Return how a statement tells of counts: no items of fewer than ten, no scores that nobody chose."""
    return [
        {"item": item, "counts": [{"score": score, "count": n} for score, n in sorted(row.items()) if n]}
        for item, row in counts.items()
        if row.total() >= 10
    ]


def index_points(told_: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the points of every measure, worked out another way than the verifier does."""
    tally = {row["item"]: {one["score"]: one["count"] for one in row["counts"]} for row in told_}
    points = []
    for measure in MEASURES:
        scale, offset = Fraction(str(measure["scale"])), Fraction(str(measure["offset"]))
        elements: Any = measure["elements"]
        rows = [tally[element["items"][0]] for element in elements if element["items"][0] in tally]
        means = [Fraction(sum(score * n for score, n in row.items()), sum(row.values())) for row in rows]
        if not means:
            continue
        weight = Fraction(1, len(means)) if measure["weight"] == "equal" else Fraction(str(measure["weight"]))
        found = sum((weight * (mean * scale + offset) for mean in means), Fraction(0))
        points.append({"measure": str(measure["measure"]), "points": str(found)})
    return points


class Ledger:
    """A ledger as it grows; `statements` may be tampered with before it is written."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.campaigns: dict[str, Campaign] = {}
        self.statements: list[dict[str, Any]] = []
        for purpose, key in (("checkpoints", LOG_KEY), ("receipts", RECEIPT_KEY)):
            self.say("key_rotated", f"key/{purpose}/1", purpose=purpose, old="none", new=str(key))

    def say(self, kind: str, id_: str, **keys: object) -> None:
        self.statements.append({"kind": kind, "id": id_, **keys})

    def open(self, code: str) -> None:
        self.campaigns[code] = Campaign(code)
        files = [{"id": name, "sha256": hashlib.sha256(name.encode()).hexdigest()} for name in INSTRUMENTS]
        self.say(
            "opened", f"opened/{code}", campaign=code, unit="kanim-sambas", period="2026-S2",
            zone="Asia/Pontianak", starts_on="2026-07-01", ends_on="2026-12-31", grace_seconds=86_400,
            population=1050, target=285, weighting="none", instruments=files, rulebooks=files,
            notice=files[0], levels=[0], measures=MEASURES,
        )  # fmt: skip

    def seal(self, code: str, size: int, kind: str = "sealed") -> None:
        campaign = self.campaigns[code]
        block = make_block(code, len(campaign.blocks) + 1, kind, size, self.chance)
        campaign.blocks.append(block)
        id_ = f"sealed/{code}/{block.number}" if kind == "sealed" else f"imported/{code}"
        source = {"source": "skm.csv"} if kind == "imported" else {}
        figures = {
            "block": block.number,
            "count": size,
            "root": root_over(row[0] for row in block.rows),
            "tally": tally_hash(block),
        }
        self.say(kind, id_, campaign=code, **figures, **source)

    def close(self, code: str) -> None:
        campaign = self.campaigns[code]
        self.say("closed", f"closed/{code}", campaign=code, blocks=len(campaign.blocks), count=campaign.count)

    def exclude(self, code: str, **reasons: int) -> None:
        """Exclude so many responses for each reason, none of them erased."""
        campaign = self.campaigns[code]
        for reason, count in reasons.items():
            names = self._left(campaign, count)
            campaign.removed |= dict.fromkeys(names, reason)
            campaign.since |= dict.fromkeys(names, campaign.certified + 1)
        campaign.exclusions += 1
        self.say(
            "excluded", f"excluded/{code}/{campaign.exclusions}", campaign=code, count=sum(reasons.values()),
            reasons=[{"reason": reason, "count": count} for reason, count in reasons.items()],
            proposed_by="kanwil", confirmed_by="inspektorat",
        )  # fmt: skip

    def reveal_controls(self, code: str, count: int) -> None:
        campaign = self.campaigns[code]
        campaign.removed |= dict.fromkeys(self._left(campaign, count), "CONTROL")
        root = root_over(campaign.controls)
        self.say("controls_revealed", f"controls/{code}", campaign=code, count=count, root=root)

    def _left(self, campaign: Campaign, count: int) -> list[bytes]:
        names = sorted(row[0] for block in campaign.blocks for row in block.rows)
        gone = campaign.removed.keys() | campaign.erased
        return self.chance.sample([name for name in names if name not in gone], count)

    def correct(self, code: str, reason: str = "Jawaban pegawai sendiri") -> None:
        """Say that the result is corrected, and certify what counts now."""
        self.amend(f"certified/{code}/{self.campaigns[code].certified}", reason)
        self.certify(code)

    def amend(self, statement: str, reason: str = "-") -> None:
        number = sum(one["kind"] == "corrected" for one in self.statements) + 1
        self.say("corrected", f"corrected/{number}", statement=statement, reason=reason, by_unit="kanwil")

    def propose(self, number: int, results: Sequence[str], **other: object) -> None:
        """Put the unit forward upon results."""
        said: dict[str, object] = {
            "unit": "kanim-sambas",
            "period": "2026-S2",
            "rulebook": "ipk-10",
            "target": "wbk",
        }
        said |= {"by_unit": "kanwil", "results": [*results], **other}
        self.say("proposed", f"proposed/{said['unit']}/{number}", **said)

    def certify(self, code: str) -> None:
        campaign = self.campaigns[code]
        campaign.certified += 1
        if campaign.certified > 1:  # who waits to be taken off and was erased is let go
            for name in campaign.erased & {
                one for one in campaign.since if campaign.since[one] == campaign.certified
            }:
                del campaign.removed[name], campaign.since[name]
        count, excluded = campaign.count - len(campaign.removed), len(campaign.excluded)
        more: dict[str, object] = {}
        if code != "lama":  # which was certified before there were certificates
            more["certificate"] = hashlib.sha256(code.encode()).hexdigest()
        if count >= 10:
            tally = told(total(campaign, campaign.removed))
            more |= {"tally": tally, "measures": index_points(tally)}
        if count >= 10 and excluded >= 10 and campaign.certified == 1:
            answers = counted(campaign.bodies(campaign.excluded))
            few = {item for item, row in answers.items() if 0 < row.total() < 10}
            shown = {item: row for item, row in total(campaign, campaign.controls).items() if item not in few}
            more["all"] = told(shown)
        id_, controls = f"certified/{code}/{campaign.certified}", len(campaign.controls)
        self.say(
            "certified", id_, campaign=code, count=count, excluded=excluded, controls=controls,
            by_unit="kanwil", **more,
        )  # fmt: skip

    def meet(self, number: int, *signers: str, **decisions: str) -> None:
        """Let the regional office decide of campaigns in a meeting, and offices sign its minutes."""
        id_, sha256 = f"minutes/kanwil/{number}", hashlib.sha256(b"minutes %d" % number).hexdigest()
        told = [
            {"campaign": code, "decision": one, **({"due_on": "2027-01-22"} if one == "RETURNED" else {})}
            for code, one in decisions.items()
        ]
        self.say("minutes", id_, by_unit="kanwil", day="2027-01-15", sha256=sha256, decisions=told)
        for place, signer in enumerate(signers, 1):
            method = "CERTIFIED" if signer == "itjen" else "LOGIN"
            under = hashlib.sha256(f"{id_}, {signer}".encode()).hexdigest()
            self.say(
                "signed", f"signed/{id_}/{place}", minutes=id_, sha256=sha256, by_unit=signer, method=method,
                signature=under,
            )  # fmt: skip

    def erase(self, code: str, block: int, count: int) -> None:
        campaign = self.campaigns[code]
        campaign.erased |= {row[0] for row in campaign.blocks[block - 1].rows[:count]}
        self.say("erased", f"erased/{code}/1", campaign=code, block=block, count=count)

    def erase_late(self, code: str) -> None:
        """Erase a response that two offices excluded after the certification."""
        campaign = self.campaigns[code]
        name = min(one for one in campaign.since if campaign.since[one] > campaign.certified)
        [block] = [block.number for block in campaign.blocks if name in {row[0] for row in block.rows}]
        campaign.erased.add(name)
        self.say("erased", f"erased/{code}/{len(campaign.erased)}", campaign=code, block=block, count=1)

    def files(self) -> dict[str, bytes]:
        """Return the files of the log; statements are encoded as they stand, right or wrong."""
        return log_files([canonical(one) for one in self.statements])

    def bundle(self, code: str) -> dict[str, bytes]:
        """Return the files of the audit bundle of a campaign."""
        campaign = self.campaigns[code]
        instruments = [{"id": name, "items": [*items]} for name, items in INSTRUMENTS.items()]
        lines = ["block,commitment,salt,body\n"]
        for block in campaign.blocks:
            for commitment, salt, body in block.rows:
                held = "," if commitment in campaign.erased else f"{salt.hex()},{body.hex()}"
                lines.append(f"{block.number},{commitment.hex()},{held}\n")
        blocks = [
            {"block": block.number, "count": len(block.rows), "kind": block.kind.upper(),
             "tally_salt": block.salt.hex(), "tally": block.tally}
            for block in campaign.blocks
        ]  # fmt: skip
        since = {name: f",{number}" for name, number in campaign.since.items() if number > 1}
        rows = sorted(campaign.removed.items())
        removed = [f"{name.hex()},{reason}{since.get(name, '')}\n" for name, reason in rows]
        about = {"format": "tera/bundle/v1", "campaign": code, "instruments": instruments}
        return {
            "bundle.json": json.dumps(about).encode(),
            "responses.csv": "".join(lines).encode(),
            "removed.csv": "".join(["commitment,reason\n", *removed]).encode(),
            "blocks.json": json.dumps(blocks).encode(),
            **self.files(),
        }


def log_files(entries: Sequence[bytes], signed_by: Ed25519PrivateKey = LOG) -> dict[str, bytes]:
    files = {"log/key": f"{LOG_KEY}\n".encode(), "log/receipt-key": f"{RECEIPT_KEY}\n".encode()}
    for level, row in enumerate(tile.rows(entries)):
        for index, width in tile.widths(len(entries), level):
            hashes = row[index * tile.WIDTH : index * tile.WIDTH + width]
            files[f"log/{tile.tile_path(level, index, width)}"] = b"".join(hashes)
    for index, width in tile.widths(len(entries), 0):
        content = tile.bundle(entries[index * tile.WIDTH : index * tile.WIDTH + width])
        files[f"log/{tile.bundle_path(index, width)}"] = content
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    root = merkle.root(len(entries), merkle.hashes_of(merkle.levels(leaves)))
    files["log/checkpoint"] = checkpoint(len(entries), root, signed_by)
    return files


def checkpoint(size: int, root: bytes, signed_by: Ed25519PrivateKey = LOG, origin: str = ORIGIN) -> bytes:
    text = str(note.Checkpoint(origin, size, root))
    signature = note.Signature(ORIGIN, LOG_KEY.id, signed_by.sign(text.encode()))
    return note.write(text, [signature]).encode()


def receipt_of(code: str, commitment: bytes, **more: object) -> bytes:
    signature = RECEIPTS.sign(receipt.message(commitment, code, (DAY - date(1970, 1, 1)).days))
    return json.dumps(
        {
            "receipt": response.receipt_code(commitment),
            "campaign": code,
            "day": DAY.isoformat(),
            "commitment": commitment.hex(),
            "signature": base64.urlsafe_b64encode(signature).rstrip(b"=").decode(),
            **more,
        }
    ).encode()


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as bundle:
        for name, content in files.items():
            bundle.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def honest(seed: int = 7) -> Ledger:
    """Return a ledger in which everything happened that can: nine campaigns, all kinds of statements."""
    ledger = Ledger(seed)
    for code in ("sambas", "sintang", "ketapang"):
        ledger.open(code)
    ledger.seal("sambas", 12)
    ledger.seal("sintang", 10)
    ledger.say(
        "extended", "extended/sambas/1", campaign="sambas", ends_on="2026-12-31", until="2027-01-31",
        by_unit="kanwil", reason="Banjir – jalan putus",
    )  # fmt: skip
    ledger.seal("sambas", 15)
    ledger.seal("sambas", 10)
    ledger.close("sambas")
    ledger.meet(1, "kanwil", "kanim-sambas", sambas="RETURNED")
    ledger.open("lama")
    ledger.seal("lama", 23, "imported")
    ledger.close("lama")
    ledger.exclude("lama", OTHER=1, TEST=2)
    ledger.certify("lama")
    ledger.open("kecil")
    ledger.seal("kecil", 7)
    ledger.close("kecil")
    ledger.certify("kecil")
    certify_sintang_and_sambas(ledger)
    certify_besar(ledger)
    ledger.open("ngabang")
    ledger.seal("ngabang", 16)
    ledger.close("ngabang")
    ledger.exclude("ngabang", COERCED=7)
    ledger.certify("ngabang")
    ledger.exclude("ngabang", TEST=2)  # which waits for more
    correct_bengkayang(ledger)
    ledger.open("sanggau")
    ledger.seal("sanggau", 13)
    ledger.reveal_controls("sanggau", 2)
    propose_twice(ledger)
    ledger.say(
        "tickets_issued", "tickets/1", unit="kanim-sambas", count=500, root="ab" * 32, expires_on="2026-12-14"
    )
    ledger.seal("ketapang", 11)
    for one in ledger.statements:
        statement.require_valid(one)
    return ledger


def certify_sintang_and_sambas(ledger: Ledger) -> None:
    """Certify two campaigns of which a meeting decided; one of them had been returned before."""
    ledger.seal("sintang", 14)
    ledger.erase("sintang", 2, 3)
    ledger.close("sintang")
    ledger.exclude("sintang", STAFF=1)
    ledger.meet(2, "kanwil", "itjen", sambas="VERIFIED_WITH_NOTES", sintang="VERIFIED")
    ledger.certify("sambas")
    ledger.certify("sintang")


def propose_twice(ledger: Ledger) -> None:
    """Propose a unit, correct that, and propose it anew with the results that the proposal rests upon."""
    results = ["certified/bengkayang/2", "certified/ngabang/1", "certified/sambas/1"]
    ledger.propose(1, results)
    ledger.amend("proposed/kanim-sambas/1")
    ledger.propose(2, results)
    ledger.propose(3, results, target="wbbm")


def correct_bengkayang(ledger: Ledger) -> None:
    """Certify a campaign, and correct it when two offices have excluded enough again."""
    ledger.open("bengkayang")
    ledger.seal("bengkayang", 60)
    ledger.seal("bengkayang", 30)
    ledger.close("bengkayang")
    ledger.exclude("bengkayang", STAFF=11)
    ledger.reveal_controls("bengkayang", 2)
    ledger.certify("bengkayang")
    ledger.exclude("bengkayang", TEST=14)
    ledger.exclude("bengkayang", COERCED=11, STAFF=1)
    ledger.erase_late("bengkayang")
    ledger.correct("bengkayang")


def certify_besar(ledger: Ledger) -> None:
    """Certify a campaign of which so many are excluded that the tally with them may be shown."""
    ledger.open("besar")
    ledger.seal("besar", 35)
    ledger.seal("besar", 25)
    ledger.exclude("besar", STAFF=8)
    ledger.close("besar")
    ledger.exclude("besar", COERCED=2, DUPLICATE_TICKET=4)
    ledger.reveal_controls("besar", 4)
    ledger.certify("besar")
