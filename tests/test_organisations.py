"""Organisations: read as the lawyer wrote them, and only those offered that take people and fit."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from hotline_bridge import organisations
from hotline_bridge.errors import KnowledgeError
from hotline_bridge.organisations import Organisation, Wish, fitting
from hotline_bridge.settings import PROJECT

TODAY = date(2026, 11, 30)
FOLDER = PROJECT / "knowledge"


@pytest.fixture(scope="module")
def rows() -> dict[str, Organisation]:
    return organisations.load(FOLDER)


def ids(rows: dict[str, Organisation], wish: Wish, today: date = TODAY) -> list[str]:
    return [one.id for one in fitting(rows.values(), wish, today)]


def test_all_rows_of_the_lawyer_are_read(rows: dict[str, Organisation]) -> None:
    assert len(rows) == len(yaml.safe_load((FOLDER / "organisations.yml").read_text())["organisations"])
    assert rows["O-N1"].name("ru") == "Правовой центр женских инициатив «Сана Сезим»"
    assert rows["O-I4"].name("kk") == rows["O-I4"].name("en")


def test_no_row_holds_a_telephone_number_or_a_street(rows: dict[str, Organisation]) -> None:
    for one in rows.values():
        words = " ".join([*one.names.values(), one.serves or "", one.services, one.languages, one.note or ""])
        assert not re.search(r"\+?\d[\d \-()]{6,}", words), one.id
        assert not re.search(r"(?i)\b(street|str\.|ул\.|улица|көшесі|house no|flat)\b", words), one.id


def test_what_trains_advises_or_is_over_is_no_place_to_be_sent_to(rows: dict[str, Organisation]) -> None:
    offered = set(ids(rows, Wish(abroad=True)))
    assert not offered & {"O-S8", "O-S9", "O-S17", "O-N10", "O-N11", "O-I4"}
    assert {"O-N1", "O-N4", "O-S1", "O-H1"} <= offered


def test_the_region_and_the_need_decide_and_the_language_only_orders(rows: dict[str, Organisation]) -> None:
    in_shymkent = ids(rows, Wish("C-SHY", "tg", ("shelter", "legal")))
    assert in_shymkent[0] == "O-N1"
    assert "O-N2" not in in_shymkent
    assert "O-N4" in ids(rows, Wish("R-MAN"))
    assert "O-N4" not in ids(rows, Wish("C-AST"))
    assert ids(rows, Wish("R-MAN", helps_with=("pay",))) == ["O-S10"]


def test_without_a_region_everything_inside_the_country_is_offered_and_abroad_only_by_wish(rows: dict[str, Organisation]) -> None:
    assert "O-N4" in ids(rows, Wish())
    assert "O-H1" not in ids(rows, Wish())
    assert "O-H1" in ids(rows, Wish("C-SHY", abroad=True))


def test_who_must_tell_the_police_is_marked(rows: dict[str, Organisation]) -> None:
    assert all(rows[one].tells_police for one in ("O-S1", "O-S5", "O-S12", "O-N1", "O-N4", "O-N7"))
    assert not any(rows[one].tells_police for one in ("O-I1", "O-I2", "O-C1", "O-H1"))


def test_a_row_past_its_review_is_stale_and_stands_behind_the_others(rows: dict[str, Organisation]) -> None:
    late = date(2027, 2, 1)
    assert organisations.stale(rows.values(), TODAY) == []
    assert len(organisations.stale(rows.values(), late)) == len(rows)
    fresh = replace(rows["O-N2"], id="O-N99", review_by=date(2028, 1, 1))
    assert [one.id for one in fitting([rows["O-N2"], fresh], Wish(), late)] == ["O-N99", "O-N2"]


def written(tmp_path: Path, change: dict[str, object], row: int = 0) -> Path:
    for name in ("schema.json", "regions.yml"):
        (tmp_path / name).write_text((FOLDER / name).read_text())
    raw = yaml.load((FOLDER / "organisations.yml").read_text(), Loader=yaml.BaseLoader)
    found = yaml.safe_load(json.dumps(raw["organisations"]))
    loaded = yaml.safe_load((FOLDER / "organisations.yml").read_text())["organisations"]
    for plain, typed in zip(found, loaded, strict=True):
        plain.update({k: v for k, v in typed.items() if v is None or isinstance(v, list)})
    found[row].update(change)
    (tmp_path / "organisations.yml").write_text(json.dumps({"sources": {}, "organisations": found}))
    return tmp_path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"regions": ["R-XXX"]}, "O-S1 names the region R-XXX"),
        ({"id": "O-S2"}, "has O-S2 twice"),
        ({"kind": "friends"}, "'friends' is not one of"),
        ({"helps_with": ["money"]}, "'money' is not one of"),
        ({"speaks": ["en"]}, "'en' is not one of"),
        ({"phone": "1"}, "'phone' was unexpected"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, change: dict[str, object], said: str) -> None:
    with pytest.raises(KnowledgeError, match=re.escape(said)):
        organisations.load(written(tmp_path, change))
