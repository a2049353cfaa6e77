"""Codes that people type from paper, and register numbers."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.errors import Refusal
from lms.credentials.codes import (
    ALPHABET,
    RegisterNumber,
    check_symbol,
    new_code,
    new_token,
    parse_code,
    show_code,
)

CODE = "7F3K92QDXM4T" + str(check_symbol("7F3K92QDXM4T"))
symbols = st.text(ALPHABET, min_size=12, max_size=12)


def test_check_symbol_is_crockfords():
    """A number modulo 37: 32 is written `10`, its check symbol is the 32nd, which we never use."""
    assert check_symbol("0" * 11 + "1") == "1"
    assert check_symbol("0" * 10 + "10") is None
    assert check_symbol("0" * 10 + "15") == "0"  # 37


def test_new_codes_are_typed_back():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(parse_code(show_code(code)) == code for code in codes)
    assert all(set(code) <= set(ALPHABET) for code in codes)


def test_printed_in_three_groups_and_check():
    shown = show_code(CODE)
    assert [len(part) for part in shown.split("-")] == [4, 4, 4, 1]


@pytest.mark.parametrize(
    "typed",
    [
        show_code(CODE).lower(),
        f"  {CODE[:4]} {CODE[4:8]} {CODE[8:12]} {CODE[12]} ",
        show_code(CODE).replace("-", "–"),
        show_code(CODE).replace("7", "٧").replace("3", "۳").replace("9", "９"),
        "\u200f" + show_code(CODE) + "\u200e",
        show_code(CODE).replace("-", ".\t"),
    ],
)
def test_forgiving(typed):
    assert parse_code(typed) == CODE


def test_lookalikes():
    code = next(c for c in iter(new_code, "") if "0" in c and "1" in c)
    assert parse_code(code.replace("0", "o").replace("1", "l")) == code
    assert parse_code(code.replace("0", "O").replace("1", "I")) == code


@given(symbols, st.integers(0, 12), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_noticed(number, place, symbol):
    check = check_symbol(number)
    if check is None or (number + check)[place] == symbol:
        return
    wrong = (number + check)[:place] + symbol + (number + check)[place + 1 :]
    with pytest.raises(Refusal) as refusal:
        parse_code(wrong)
    assert refusal.value.code == "code_check"


@given(symbols, st.integers(0, 10))
def test_exchanged_neighbours_are_noticed(number, place):
    check = check_symbol(number)
    if check is None or number[place] == number[place + 1]:
        return
    pair = number[place + 1] + number[place]
    with pytest.raises(Refusal):
        parse_code(number[:place] + pair + number[place + 2 :] + check)


@given(st.text(max_size=200))
def test_anything_typed_gets_an_answer(typed):
    with suppress(Refusal):
        assert len(parse_code(typed)) == 13


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "code_length"),
        (CODE[:12], "code_length"),
        ("U" * 13, "code_symbol"),
        ("x" * 999, "code_length"),
    ],
)
def test_refusals(typed, code):
    with pytest.raises(Refusal) as refusal:
        parse_code(typed)
    assert refusal.value.code == code


def test_tokens_have_128_bits():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {22}


def test_register_numbers():
    number = RegisterNumber(2026, 123)
    assert str(number) == "TC-2026-000123"
    assert RegisterNumber.parse(" tc-2026-٠٠٠١٢٣ ") == number
    assert str(RegisterNumber(2026, 1_234_567)) == "TC-2026-1234567"
    assert RegisterNumber.parse("TC-2026-1234567") > number
    for wrong in ("", "TC-2026-123", "XX-2026-000123", "TC-2026-000123x"):
        with pytest.raises(Refusal):
            RegisterNumber.parse(wrong)
