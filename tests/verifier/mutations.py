"""Random damage to a ledger, of every kind we could think of; and a run that counts what the verifier misses.

`make mutations` runs ten thousand: python -m tests.verifier.mutations N SEED.
"""

import argparse
import csv
import io
import json
import os
import pathlib
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from tera.cli.installation import enter
from tera.engine import tile
from tera.verifier.verify import Verifier, verify
from tests.verifier import ledgers
from tests.verifier.ledgers import canonical

T = TypeVar("T")
Files = dict[str, bytes]
Mutate = Callable[[Files, random.Random], None]
"""Changes the files in place."""


REASONS = ("CONTROL", "COERCED", "DUPLICATE_TICKET", "OTHER", "STAFF", "TEST")
OF_ANSWERS = {"sealed", "imported", "closed", "excluded", "controls_revealed", "certified"}
OF_MEETINGS = {"minutes", "signed"}
FREE = {
    "id",
    "kind",
    "campaign",
    "by_unit",
    "proposed_by",
    "confirmed_by",
    "source",
    "certificate",
    "signature",
}
"""The keys whose values nothing else depends on, or whose change `edit_statement` tries."""


def pick(files: Files, chance: random.Random, start: str = "", end: str = "") -> str:
    return chance.choice(sorted(name for name in files if name.startswith(start) and name.endswith(end)))


def edit_byte(files: Files, chance: random.Random) -> None:
    content = bytearray(files[name := pick(files, chance)])
    content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    files[name] = bytes(content)


def delete_bytes(files: Files, chance: random.Random) -> None:
    content = files[name := pick(files, chance)]
    at = chance.randrange(len(content))
    files[name] = content[:at] + content[at + chance.choice((1, 1, 2, 32, 1000)) :]


def insert_bytes(files: Files, chance: random.Random) -> None:
    content = files[name := pick(files, chance)]
    at = chance.randrange(len(content) + 1)
    files[name] = content[:at] + chance.randbytes(chance.choice((1, 1, 2, 32))) + content[at:]


def swap_bytes(files: Files, chance: random.Random) -> None:
    content = bytearray(files[name := pick(files, chance)])
    one, two = chance.randrange(len(content)), chance.randrange(len(content))
    content[one], content[two] = content[two], content[one]
    files[name] = bytes(content)


def swap_files(files: Files, chance: random.Random) -> None:
    one, two = pick(files, chance), pick(files, chance)
    files[one], files[two] = files[two], files[one]


def delete_file(files: Files, chance: random.Random) -> None:
    del files[pick(files, chance)]


def mutate_lines(files: Files, chance: random.Random) -> None:
    """Delete, repeat or swap lines."""
    names = sorted(name for name in files if not name.startswith("log/tile"))
    lines = files[name := chance.choice(names)].splitlines(keepends=True)
    _shuffle_one(lines, chance)
    files[name] = b"".join(lines)


def mutate_hashes(files: Files, chance: random.Random) -> None:
    """Delete, repeat or swap hashes of a tile."""
    content = files[name := pick(files, chance, "log/tile/0/")]
    hashes = [content[at : at + 32] for at in range(0, len(content), 32)]
    _shuffle_one(hashes, chance)
    files[name] = b"".join(hashes)


def mutate_entries(files: Files, chance: random.Random) -> None:
    """Delete, repeat or swap entries, and leave the rest of the log as it is."""
    entries = entries_of(files)
    _shuffle_one(entries, chance)
    name = pick(files, chance, "log/tile/entries/")
    files[name] = b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def reorder_log(files: Files, chance: random.Random) -> None:
    """Delete, repeat or swap entries, and compute every tile anew; only the signature cannot be made."""
    entries = entries_of(files)
    _shuffle_one(entries, chance)
    rewrite_log(files, entries, chance)


def edit_statement(files: Files, chance: random.Random) -> None:
    """Change a statement and compute every tile anew; only the signature cannot be made."""
    entries = entries_of(files)
    number = chance.randrange(len(entries))
    statement = json.loads(entries[number])
    change_value(statement, chance)
    entries[number] = canonical(statement)
    rewrite_log(files, entries, chance)


def edit_json(files: Files, chance: random.Random) -> None:
    """Change a tally, a salt, a count or a name in what a bundle tells of its blocks."""
    name = chance.choice(("bundle.json", "blocks.json"))
    value = json.loads(files[name])
    change_value(value, chance)
    files[name] = json.dumps(value).encode()


def edit_row(files: Files, chance: random.Random) -> None:
    """Change a response, a salt or a block of a line, or give one the salt of another."""
    rows = list(csv.reader(io.StringIO(files["responses.csv"].decode())))
    row, other, column = chance.choice(rows[1:]), chance.choice(rows[1:]), chance.randrange(4)
    row[column] = chance.choice((other[column], "", row[column][::-1], f"{row[column]}00"))
    files["responses.csv"] = "".join(",".join(row) + "\n" for row in rows).encode()


def edit_removed(files: Files, chance: random.Random) -> None:
    """Delete, repeat, swap or change a line of what was taken off, or take off one more."""
    header, *rows = [line.split(",") for line in files["removed.csv"].decode().splitlines()]
    deed = chance.randrange(5) if rows else 4
    held = [line.split(",") for line in files["responses.csv"].decode().splitlines()[1:]]
    answers = {name: body[-2 * len(ledgers.ITEMS) :] for _, name, _, body in held}
    if deed == 4:
        rows.append([chance.choice([*answers, chance.randbytes(32).hex()]), chance.choice(REASONS)])
        rows.sort()
    elif deed == 3:
        row = chance.choice(rows)
        others = [name for name in answers if answers[name] not in {"", answers[row[0]]}]
        # Who was excluded is not in the log. What was revealed shows it, if any of it was since then.
        number = row[2] if row[2:] else "1"
        said = [json.loads(entry) for entry in about(files) if b'"tally":[' in entry]
        is_shown = any(one["id"].endswith(f"/{number}") for one in said)
        name = chance.choice(others) if is_shown else chance.randbytes(32).hex()
        row[0], row[1] = chance.choice(((row[0], chance.choice(REASONS)), (name, row[1])))
        if chance.random() < 0.1:
            row[2:] = chance.choice(([], ["2"], ["3"]))
        rows.sort()
    else:
        _shuffle_one(rows, chance)
    files["removed.csv"] = "".join(",".join(row) + "\n" for row in [header, *rows]).encode()


def about(files: Files) -> list[bytes]:
    """Return the entries about the campaign of a bundle."""
    code = json.loads(files["bundle.json"])["campaign"]
    return [entry for entry in entries_of(files) if json.loads(entry).get("campaign") == code]


def lie(files: Files, chance: random.Random) -> None:
    """Say something else of the campaign of a bundle or of a meeting, and sign it with the key of the log."""
    entries = entries_of(files)
    said = [entry for entry in about(files) if json.loads(entry)["kind"] in OF_ANSWERS]
    said += [entry for entry in entries if json.loads(entry)["kind"] in OF_MEETINGS]
    number = entries.index(chance.choice(said))
    statement = json.loads(entries[number])
    value, key = statement, chance.choice(sorted(statement.keys() - FREE))
    while isinstance(value[key], dict | list):
        value = value[key]
        key = chance.choice(_keys(value))
    while (other := _other(value[key], chance)) == value[key] and type(other) is type(value[key]):
        continue
    value[key] = other
    entries[number] = canonical(statement)
    for name in [name for name in files if name.startswith("log/")]:
        del files[name]
    files.update(ledgers.log_files(entries))


def forge_checkpoint(files: Files, chance: random.Random) -> None:
    """Sign the log with a key of one's own, or name another size or root."""
    entries = entries_of(files)
    if chance.random() < 0.5:
        files["log/checkpoint"] = ledgers.log_files(entries, ledgers.signer(chance.randrange(10, 99)))[
            "log/checkpoint"
        ]
    else:
        size = chance.randrange(len(entries) + 300)
        files["log/checkpoint"] = ledgers.checkpoint(size, chance.randbytes(32), ledgers.signer(9))


def entries_of(files: Files) -> list[bytes]:
    [name] = [name for name in files if name.startswith("log/tile/entries/")]
    return tile.read_bundle(files[name], int(name.rpartition("/")[2]))


def rewrite_log(files: Files, entries: list[bytes], chance: random.Random) -> None:
    kept = files["log/checkpoint"]
    for name in [name for name in files if name.startswith("log/tile")]:
        del files[name]
    files.update(ledgers.log_files(entries))
    text, signature = kept.decode().split("\n\n")
    if chance.random() < 0.7:  # the new root under the old signature
        text = files["log/checkpoint"].decode().split("\n\n")[0]
    files["log/checkpoint"] = f"{text}\n\n{signature}".encode()


def change_value(value: Any, chance: random.Random) -> None:
    """Change one value somewhere inside, delete a key, add one, or give it another name."""
    while isinstance(inner := value[key := chance.choice(_keys(value))], dict | list) and inner:
        if chance.random() < 0.15:
            break
        value = inner
    deed = chance.randrange(6)
    if deed == 0:
        del value[key]
    elif deed == 1 and isinstance(value, dict):
        value[f"{key}x"] = value.pop(key) if chance.random() < 0.5 else value[key]
    elif deed == 2:
        other = chance.choice(_keys(value))
        value[key], value[other] = value[other], value[key]
    else:
        value[key] = _other(value[key], chance)


def _keys(value: Any) -> list[Any]:
    return sorted(value) if isinstance(value, dict) else [*range(len(value))]


def _other(value: Any, chance: random.Random) -> Any:
    if isinstance(value, int):
        return chance.choice((value + 1, value - 1, 0, -value, True, float(value), str(value), None, 10**13))
    if isinstance(value, str):
        return chance.choice(
            (value[::-1], f"{value}0", value[:-1], "", value.upper(), 1, None, chance.randbytes(32).hex())
        )
    return chance.choice(([], {}, None, 0, "x"))


def _shuffle_one(parts: list[T], chance: random.Random) -> None:
    one, two = chance.randrange(len(parts)), chance.randrange(len(parts))
    deed = chance.randrange(3)
    if deed == 0:
        del parts[one]
    elif deed == 1:
        parts.insert(two, parts[one])
    else:
        parts[one], parts[two] = parts[two], parts[one]


OF_LOG: tuple[Mutate, ...] = (
    *(
        edit_byte,
        delete_bytes,
        insert_bytes,
        swap_bytes,
        swap_files,
        delete_file,
        mutate_lines,
        mutate_hashes,
    ),
    *(mutate_entries, reorder_log, edit_statement, forge_checkpoint),
)
OF_BUNDLE: tuple[Mutate, ...] = (
    *OF_LOG,
    *(edit_json, edit_json, edit_row, edit_row, edit_removed, edit_removed, lie, lie),
)


def meaning(files: Files) -> dict[str, object]:
    """Return what files say: space between the parts of JSON and a last line feed of a key say nothing."""
    said: dict[str, object] = {}
    for name, content in files.items():
        said[name] = content.removesuffix(b"\n") if name.endswith("key") else content
        if name in {"bundle.json", "blocks.json"}:
            try:
                said[name] = canonical(json.loads(content, object_pairs_hook=_once))
            except ValueError:
                said[name] = content
    return said


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands there twice")
    return dict(pairs)


class Trial:
    """Honest ledgers on a disk, which are damaged once at a time and shown to the verifier."""

    def __init__(self, folder: pathlib.Path, seed: int, log: Files, bundles: list[Files]) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        self.log, self.bundles = log, bundles
        self.damaged = [files for files in bundles if json.loads(files["blocks.json"])]  # in others is little
        self.deeds: Counter[str] = Counter()
        self.misses: list[str] = []
        self.findings: list[str] = []

    def run(self, count: int) -> None:
        for files in (self.log, *self.bundles):
            if not self._passes(files, is_log=files is self.log):
                self.misses.append(f"a ledger that nobody damaged does not pass: {self.findings}")
        for number in range(count):
            is_log = number % 3 == 0
            honest = self.log if is_log else self.chance.choice(self.damaged)
            files, name = self._mutated(honest, OF_LOG if is_log else OF_BUNDLE)
            self.deeds[name] += 1
            if self._passes(files, is_log=is_log):
                self.misses.append(f"{number}: {name} of {'a folder' if is_log else 'a bundle'}")

    def _mutated(self, honest: Files, deeds: tuple[Mutate, ...]) -> tuple[Files, str]:
        while True:
            files, deed = dict(honest), self.chance.choice(deeds)
            deed(files, self.chance)
            if meaning(files) != meaning(honest):
                return files, deed.__name__

    def _passes(self, files: Files, *, is_log: bool) -> bool:
        try:
            self.findings = look(self.folder, files, is_bundle=not is_log).findings
        except OSError as error:
            self.findings = [str(error)]
        return self.findings == []


def invented(folder: pathlib.Path, seed: int) -> Trial:
    """Return a trial of ledgers that were written without the program."""
    ledger = ledgers.honest(seed)
    return Trial(folder, seed, ledger.files(), [ledger.bundle(code) for code in ledger.campaigns])


def _demo(home: pathlib.Path) -> tuple[Files, list[Files]]:
    """Return the log and the bundles of a demo that the program grew in a home of its own."""
    os.environ |= {"TERA_HOME": str(home), "TERA_DEMO": "1", "TERA_LOG_NAME": ledgers.ORIGIN}
    os.environ |= {"TERA_DATABASE_URL": "", "TERA_DATABASE_ROLES": ""}
    enter()
    from tests.verifier.grown import grow  # noqa: PLC0415  which needs the settings

    return grow()


def write_folder(place: pathlib.Path, files: Files) -> None:
    """Make a folder hold these files and no others."""
    for path in [path for path in place.rglob("*") if path.is_file()]:
        if path.relative_to(place).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)


def look(
    folder: pathlib.Path,
    files: dict[str, bytes],
    key: str = str(ledgers.LOG_KEY),
    *,
    is_bundle: bool = False,
    **more: str,
) -> Verifier:
    """Verify files as a folder or as a bundle; which of them is seen where it is not said."""
    place = folder / ("bundle.zip" if is_bundle or "bundle.json" in files else "site")
    if place.suffix:
        place.write_bytes(ledgers.packed(files))
    else:
        write_folder(place, files)
    return verify(str(place), key, **more)


def failed(report: Verifier) -> set[int]:
    return {int(finding.split()[1].rstrip(":")) for finding in report.findings}


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Damage ledgers at random and count what the verifier misses."
    )
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--demo", action="store_true", help="of a demo that the program grew")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        if options.demo:
            trial = Trial(place, options.seed, *_demo(place / "home"))
        else:
            trial = invented(place, options.seed)
        trial.run(options.count)
    lines = [f"{times:>7,}  {name}" for name, times in sorted(trial.deeds.items())]
    lines += [f"MISSED  {miss}" for miss in trial.misses]
    missed = len(trial.misses)
    lines.append(f"{options.count:,} mutations: {options.count - missed:,} rejected, {missed} missed")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if trial.misses else 0


if __name__ == "__main__":
    sys.exit(main())
