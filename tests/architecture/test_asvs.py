"""What docs/ and docstrings name as proof exists, and docs/asvs.md answers each requirement once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from hotline_bridge.settings import PROJECT

DOCS = ("asvs.md", "security.md", "threat-model.md")
IDS = Path(__file__).parent / "asvs_5_0_0.txt"
ANSWERS = ("met", "partly", "not met", "does not apply")
NAMED = re.compile(r"`([\w./-]+\.(?:py|md|yml|txt|lock|js|html|ini|Dockerfile)|[\w./-]+/NOTICE)(?:::(test_\w+))?`")
ALONE = re.compile(r"`(test_\w+)`")
ELSEWHERE = re.compile(r"\btests/[\w/.-]+\.py\b(?:::(test_\w+))?")


def names_of(path: Path) -> set[str]:
    return set(re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8")))


def found(name: str) -> Path | None:
    """A file of the project, named from its root or from hotline_bridge/."""
    return next((path for path in (PROJECT / name, PROJECT / "hotline_bridge" / name) if path.is_file()), None)


@pytest.mark.parametrize("name", DOCS)
def test_every_file_and_test_that_is_named_exists(name: str) -> None:
    text = (PROJECT / "docs" / name).read_text(encoding="utf-8")
    missing, known = [], set()
    for file, test in NAMED.findall(text):
        path = found(file)
        if path is None or (test and test not in names_of(path)):
            missing.append(f"{file}::{test}")
        elif file.startswith("tests/") and path.suffix == ".py":
            known |= names_of(path)
    missing += [test for test in ALONE.findall(text) if test not in known]
    assert missing == []


def test_what_code_and_pages_name_as_their_proof_exists() -> None:
    sources = [PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "nlu").glob("*.md")]
    for folder in ("hotline_bridge", "actions", "bot"):
        sources += (PROJECT / folder).rglob("*.py")
    missing = []
    for source in sources:
        for one in ELSEWHERE.finditer(source.read_text(encoding="utf-8")):
            path = PROJECT / one[0].partition("::")[0]
            if not path.is_file() or (one[1] and one[1] not in names_of(path)):
                missing.append(f"{source.relative_to(PROJECT)}: {one[0]}")
    assert missing == []


def rows() -> list[list[str]]:
    """The lines of the tables: id, level, what is asked, answer, by what."""
    text = (PROJECT / "docs" / "asvs.md").read_text(encoding="utf-8")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if re.match(r"\| V\d", line)]


def test_every_requirement_is_answered_once_and_in_order() -> None:
    wanted = [tuple(line.split()) for line in IDS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(wanted) == 253
    assert [(row[0], row[1]) for row in rows()] == wanted


def test_every_answer_says_by_what_or_why_and_the_sum_is_right() -> None:
    for row in rows():
        assert len(row) == 5, row
        assert row[3] in ANSWERS, row
        assert all(row), row
    counts = Counter(row[3] for row in rows())
    said = "Of {} requirements {} are met, {} partly, {} are not, and {} do not apply.".format(
        len(rows()), *(counts[one] for one in ANSWERS)
    )
    assert said in (PROJECT / "docs" / "asvs.md").read_text(encoding="utf-8")
