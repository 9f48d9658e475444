"""The ledger: said once, published as files that convince on their own, and never against what was signed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tera.engine import merkle, note, statement, tile
from tera.engine.note import ED25519, Checkpoint, Key
from tera.portal.ledger.actions import Contradiction, place_all, say
from tera.portal.ledger.checking import faults_of
from tera.portal.ledger.files import FRESH, Damaged, Files, Occupied
from tera.portal.ledger.models import Statement
from tera.portal.ledger.publishing import Signer, checkpoint_of, has_news, publish

pytestmark = pytest.mark.django_db
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEY = Key("log.example", ED25519, SECRET.public_key().public_bytes_raw())
SIGNER = Signer(KEY, SECRET.sign)


class Killed(BaseException):
    """The publisher dies here."""


class DyingFiles(Files):
    """Files whose publisher is killed at one of its writes, before or after it."""

    def __init__(self, folder: Path, at: int, *, is_after: bool) -> None:
        super().__init__(folder)
        self._left, self._is_after = at, is_after

    def replace(self, path: str, content: bytes) -> None:
        self._left -= 1
        if self._left < 0 and not self._is_after:
            raise Killed
        super().replace(path, content)
        if self._left < 0:
            raise Killed


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "log")


Say = Callable[[int], None]


@pytest.fixture
def say_some() -> Say:
    """Return a deed: so many more statements are written."""

    def more(count: int) -> None:
        first = Statement.objects.count()
        for number in range(first, first + count):
            say({"kind": "erased", "id": f"erased/demo/{number}", "campaign": "demo", "block": 1, "count": 1})

    return more


def read_log(files: Files) -> tuple[Checkpoint, list[bytes]]:
    """Return checkpoint and entries as an outsider reads them, checked down to the signature."""
    text, [signature] = note.read(files.read("checkpoint").decode())
    key = Key.read(files.read("key").decode())
    assert (key, signature.name, signature.key_id) == (KEY, KEY.name, KEY.id)
    Ed25519PublicKey.from_public_bytes(key.public).verify(signature.content, text.encode())
    checkpoint = Checkpoint.read(text)
    entries = [
        entry
        for index, width in tile.widths(checkpoint.size, 0)
        for entry in tile.read_bundle(files.read(tile.bundle_path(index, width)), width)
    ]
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    assert merkle.root(len(leaves), merkle.hashes_of(merkle.levels(leaves))) == checkpoint.root
    assert merkle.root(checkpoint.size, tile.hashes_in(files.read, checkpoint.size)) == checkpoint.root
    return checkpoint, entries


def test_what_is_said_is_published_in_order(files: Files, say_some: Say) -> None:
    say_some(3)
    assert publish(files, SIGNER) is not None
    checkpoint, entries = read_log(files)
    assert (checkpoint.origin, checkpoint.size) == ("log.example", 3)
    assert [statement.decode(entry)["id"] for entry in entries] == [f"erased/demo/{n}" for n in range(3)]
    assert publish(files, SIGNER) is None


def test_the_log_grows_and_every_checkpoint_begins_with_the_one_before(files: Files, say_some: Say) -> None:
    older: list[Checkpoint] = []
    for count in (1, 4, 250, 1, 1, 256, 300):
        say_some(count)
        publish(files, SIGNER)
        checkpoint, entries = read_log(files)
        hashes = merkle.hashes_of(merkle.levels([merkle.leaf_hash(entry) for entry in entries]))
        assert all(merkle.root(old.size, hashes) == old.root for old in older)
        older.append(checkpoint)
    assert older[-1].size == 813


def test_saying_the_same_again_adds_nothing_and_something_else_is_refused(say_some: Say) -> None:
    say_some(1)
    said = {"kind": "erased", "id": "erased/demo/0", "campaign": "demo", "block": 1, "count": 1}
    say(said)
    assert Statement.objects.count() == 1
    with pytest.raises(Contradiction, match="something else under erased/demo/0"):
        say({**said, "count": 2})


@pytest.mark.parametrize("is_after", [False, True])
def test_killed_at_any_write_it_goes_on_where_it_was(tmp_path: Path, say_some: Say, is_after: bool) -> None:
    say_some(200)
    publish(Files(tmp_path / "log"), SIGNER)
    say_some(400)
    place_all()
    before, writes = checkpoint_of(Files(tmp_path / "log")), 0
    while True:
        files = Files(Path(shutil.copytree(tmp_path / "log", tmp_path / str(writes))))
        try:
            publish(DyingFiles(files.folder, writes, is_after=is_after), SIGNER)
        except Killed:
            found = checkpoint_of(files)
            assert found == before or found == read_log(files)[0]
            publish(files, SIGNER)
            checkpoint, entries = read_log(files)
            assert (checkpoint.size, len(entries)) == (600, 600)
            writes += 1
        else:
            break
    assert writes == 8  # three bundles and their tiles, the tile above, the checkpoint


def test_a_killed_publisher_leaves_nothing_that_stays(files: Files, say_some: Say) -> None:
    say_some(1)
    files.replace("tile/0/000.p/1", b"")
    (files.folder / FRESH).write_bytes(b"half of a fi")
    (files.folder / "tile/0/000.p/1").unlink()
    publish(files, SIGNER)
    read_log(files)
    assert [path.name for path in files.folder.rglob(".*")] == [".lock"]


@pytest.mark.parametrize("count", [0, 1, 300])
def test_a_round_without_news_writes_nothing(files: Files, say_some: Say, count: int) -> None:
    say_some(count)
    publish(files, SIGNER, receipt_keys=[str(KEY)])
    assert not has_news(files)
    assert publish(DyingFiles(files.folder, 0, is_after=False), SIGNER, receipt_keys=[str(KEY)]) is None
    say_some(1)
    assert has_news(files)


def test_keys_appear_with_the_checkpoint_that_names_them(files: Files, say_some: Say) -> None:
    say_some(1)
    for at in (0, 1, 1):  # at the bundle, the tile, the checkpoint
        with pytest.raises(Killed):
            publish(DyingFiles(files.folder, at, is_after=False), SIGNER, receipt_keys=[str(KEY)])
        assert {path.name for path in files.folder.iterdir()} & {"checkpoint", "key", "receipt-key"} == set()
        assert list(faults_of(files)) == []  # nothing was published yet
    publish(files, SIGNER, receipt_keys=[str(KEY)])
    assert files.read("key") == files.read("receipt-key") == f"{KEY}\n".encode()
    (files.folder / "checkpoint").unlink()
    assert len(list(faults_of(files))) == 1


def test_places_are_on_disk_before_anything_is_signed(say_some: Say) -> None:
    say_some(1)
    with CaptureQueriesContext(connection) as said:
        place_all()
    is_asked = any("synchronous_commit TO on" in query["sql"] for query in said.captured_queries)
    assert is_asked == (connection.vendor == "postgresql")  # SQLite's settings ask once for all


def test_a_flipped_bit_is_never_signed(files: Files, say_some: Say) -> None:
    say_some(300)
    publish(files, SIGNER)
    signed = files.read("checkpoint")
    path = files.folder / tile.tile_path(0, 0)
    content = bytearray(path.read_bytes())
    content[70] ^= 1
    path.write_bytes(content)
    say_some(1)
    with pytest.raises(Damaged, match="does not hold what the log says"):
        publish(files, SIGNER)
    assert files.read("checkpoint") == signed


def test_a_tile_that_is_cut_off_is_damage(files: Files, say_some: Say) -> None:
    say_some(300)
    publish(files, SIGNER)
    path = files.folder / tile.tile_path(0, 0)
    path.write_bytes(path.read_bytes()[:-7])
    say_some(300)
    with pytest.raises(Damaged, match="a tile of 256 hashes has 8192 bytes, not 8185"):
        publish(files, SIGNER)


def test_a_database_that_forgot_what_was_signed_is_damage(files: Files, say_some: Say) -> None:
    say_some(5)
    publish(files, SIGNER)
    Statement.objects.filter(place__gte=3).delete()
    with pytest.raises(Damaged, match="the checkpoint has 5 entries, and the database only 3"):
        publish(files, SIGNER)


def test_a_gap_in_the_database_is_damage_and_leaves_no_file_behind(files: Files, say_some: Say) -> None:
    say_some(3)
    publish(files, SIGNER)
    say_some(2)
    lost = Statement.objects.get(place=1)
    Statement.objects.filter(place=1).delete()
    with pytest.raises(Damaged, match="are not in the database"):
        publish(files, SIGNER)
    Statement.objects.create(name=lost.name, kind=lost.kind, content=lost.content, place=1)
    fresh = publish(files, SIGNER)
    assert fresh is not None
    assert fresh.size == 5


def test_a_file_with_another_content_is_never_overwritten(files: Files, say_some: Say) -> None:
    say_some(2)
    path = files.folder / tile.bundle_path(0, 2)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"something else")
    with pytest.raises(Damaged, match="does not hold what the log says"):
        publish(files, SIGNER)
    assert path.read_bytes() == b"something else"
    assert checkpoint_of(files) is None


def test_one_publisher_at_a_time(files: Files, say_some: Say) -> None:
    say_some(1)
    with files.held(), pytest.raises(Occupied):
        publish(files, SIGNER)
    assert publish(files, SIGNER) is not None
