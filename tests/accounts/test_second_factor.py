"""Codes that change, and recovery codes on paper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from hotline_bridge.accounts import second_factor

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


def code_at(steps: int) -> str:
    return pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=30 * steps))


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_off_by_one_step(steps: int) -> None:
    assert second_factor.step_of(SECRET, code_at(steps), NOW) == STEP + steps


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
def test_an_older_or_later_code_is_wrong(steps: int) -> None:
    assert second_factor.step_of(SECRET, code_at(steps), NOW) is None


def test_a_code_may_be_typed_with_spaces_as_apps_show_it() -> None:
    code = code_at(0)
    assert second_factor.step_of(SECRET, f" {code[:3]} {code[3:]} ", NOW) == STEP


@pytest.mark.parametrize("code", ["", "1", "abcdef", "١٢٣٤٥٦", "\ud83d", "0" * 1000])
def test_nonsense_is_a_wrong_code(code: str) -> None:
    assert second_factor.step_of(SECRET, code, NOW) is None


def test_the_codes_are_those_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the RFC's "12345678901234567890"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert second_factor.step_of(secret, code, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


def test_the_secret_has_160_bits_and_no_two_are_alike() -> None:
    made = {second_factor.new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(one) for one in made} == {32}


def test_the_apps_label_says_nothing_of_what_this_is() -> None:
    address = second_factor.address(SECRET, "dilyara")
    assert address.startswith("otpauth://totp/Console:dilyara?secret=")
    assert "komek" not in address.lower()


def test_the_picture_needs_no_inline_style_and_no_script() -> None:
    drawn = second_factor.picture(SECRET, "dilyara")
    assert drawn.startswith("<svg")
    assert "style=" not in drawn
    assert "<script" not in drawn


def test_ten_recovery_codes_that_are_read_from_paper_without_doubt() -> None:
    codes = second_factor.new_recovery_codes()
    assert len(set(codes)) == 10
    for code in codes:
        assert len(code) == 14
        assert not set(code) & set("ilo01")
        assert second_factor.normal_recovery_code(f" {code.upper().replace('-', ' ')} ") == code.replace("-", "")
