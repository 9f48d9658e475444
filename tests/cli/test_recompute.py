"""`tera recompute` says whether a certified result follows from its own tallies."""

import hashlib
import json
from pathlib import Path

import pytest

from tera.cli import main

CERTIFICATE = Path("tests/vectors/certificates/excluded-14.json")
SHA256 = hashlib.sha256(CERTIFICATE.read_bytes()).hexdigest()


def test_a_certificate_that_follows_from_its_tallies(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recompute", str(CERTIFICATE)]) == 0
    told = capsys.readouterr().out
    follows, sha256, means = told.splitlines()
    assert follows == "The result follows from its tallies, byte for byte."
    assert sha256 == f"sha256 {SHA256}"
    assert means == (
        "The same means consistent: verified, by_unit, days and version are taken as written, and only the "
        "sha256 in the ledger shows that this is the certified one."
    )
    assert main(["recompute", str(CERTIFICATE), "--json", "--sha256", SHA256]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {"same": True, "sha256": SHA256, "differences": [], "is_in_ledger": True}


def test_one_that_was_changed_and_where(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    changed = tmp_path / "sertifikat.json"
    changed.write_bytes(CERTIFICATE.read_bytes().replace(b'"shown":"3.74"', b'"shown":"3.75"', 1))
    assert main(["recompute", str(changed)]) == 1
    told = capsys.readouterr().out
    assert told.startswith("It does not follow:\nmeasures[1].points.shown is")
    assert 'is "3.75", and "3.74" follows' in told
    assert main(["recompute", str(changed), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["same"], len(found["differences"]), "is_in_ledger" in found) == (False, 1, False)


def test_one_that_the_ledger_does_not_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recompute", str(CERTIFICATE), "--sha256", "ab" * 32]) == 1
    assert f"sha256 {SHA256}, which is not what the ledger says" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"PK", "a certificate is JSON"),
        (b"{}", "the key 'format' is missing"),
        (
            CERTIFICATE.read_bytes().replace(b'"skm-9","sha256":"', b'"skm-9","sha256":"0', 1),
            "it is not written like",
        ),
        (CERTIFICATE.read_bytes().replace(b'{"id":"skm-9"', b'{"id":"skm-8"', 1), "there is no 'skm-8' here"),
        (b" " * ((1 << 22) + 1), "at most 4,194,304 bytes"),
    ],
    ids=["no JSON", "no certificate", "no hash", "an unknown file", "too long"],
)
def test_what_cannot_be_computed_again_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, complaint: str
) -> None:
    (tmp_path / "x.json").write_bytes(content)
    assert main(["recompute", str(tmp_path / "x.json")]) == 2
    assert complaint in capsys.readouterr().err


def test_a_questionnaire_that_is_another_here_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    document = json.loads(CERTIFICATE.read_bytes())
    document["instruments"][0]["sha256"] = "ab" * 32
    (tmp_path / "x.json").write_text(json.dumps(document))
    assert main(["recompute", str(tmp_path / "x.json")]) == 2
    assert "skm-9 is another file here" in capsys.readouterr().err


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["recompute", str(tmp_path / "none.json")]) == 2
    assert "No such file" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["recompute", str(CERTIFICATE), "--sha256", "ab"])
