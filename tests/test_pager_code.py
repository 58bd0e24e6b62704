"""The code of a pager: read however it is typed, and never taken for anything else."""

from __future__ import annotations

import pytest

from hotline_bridge import pager_code


def test_a_code_is_read_as_it_is_shown_and_fits_a_link_to_telegram() -> None:
    made = {pager_code.new() for _ in range(200)}
    assert len(made) == 200
    for code in made:
        assert pager_code.read(code) == code
        assert len(code) <= 64
        assert code.replace("-", "").isalnum()
        assert not set("IL01O") & set(code.removeprefix("PG-"))


@pytest.mark.parametrize(
    "typed", ["pg-k7m2-9qxd", " PG K7M2 9QXD ", "pgk7m29qxd", "Pg-K7m2-9qXd\n", "PG – K7M2".replace(" – ", "-") + "9QXD"]
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert pager_code.read(typed) == "PG-K7M2-9QXD"


@pytest.mark.parametrize(
    "said",
    ["", "PG", "12-3456", "pg-k7m2-9qx", "pg-k7m2-9qxdd", "помогите", "мой код pg-k7m2-9qxd", "pg-k7m2-9qx0", "рg-k7m2-9qxd"],
)
def test_what_is_no_code_is_not_read_as_one(said: str) -> None:
    assert pager_code.read(said) is None
