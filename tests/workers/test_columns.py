"""What may be typed, and what becomes of it. Names, numbers and phones: tests/laborreg/test_identity.py."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError

from workers import codes, columns


@pytest.mark.parametrize("text", [
    "2026-10-05", "2026-10-5", "2026/10/5", "2026.10.05", "20261005", "2026年10月5日", " 2026 年 10 月 5 日 ",
    "２０２６－１０－０５", date(2026, 10, 5), datetime(2026, 10, 5, 8, 30),
])
def test_ways_to_write_a_date(text):
    assert columns.clean_date(text) == date(2026, 10, 5)


@pytest.mark.parametrize("text", [
    "2026-02-30", "2026-13-01", "2014.321", "201405.8", "2014.230", "October", "45935", "5",
])
def test_what_is_no_date_is_named(text):
    with pytest.raises(ValidationError, match=text):
        columns.clean_date(text)


@pytest.mark.parametrize("text", ["", None, "  "])
def test_no_date(text):
    with pytest.raises(ValidationError, match="Enter the date"):
        columns.clean_date(text)


def test_dates_before_1950_are_slips_of_the_pen_unless_somebody_was_born_then():
    with pytest.raises(ValidationError, match="too long ago"):
        columns.clean_date("1949-12-31")
    assert columns.clean_date("1950-01-01") == date(1950, 1, 1)
    assert columns.clean_date("1949-12-31", earliest=date(1900, 1, 1)) == date(1949, 12, 31)


@pytest.mark.parametrize(("text", "pay"), [
    ("4500", 4500), ("5,000元", 5000), ("5，000", 5000), ("￥4500", 4500), ("4500.00", 4500), ("1.2万", 12000),
    ("4.5千元", 4500), ("４５００", 4500), ("4500元/月", 4500), (4500, 4500), (4500.0, 4500), ("30000", 30000),
    ("100", 100), ("三千五", 3500), ("5千", 5000), ("0.5万", 5000), ("每月5000元左右", 5000),
])
def test_ways_to_write_a_pay(text, pay):
    assert columns.clean_pay(text) == (pay, None)


@pytest.mark.parametrize("text", ["", None, " "])
def test_no_pay_is_not_zero(text):
    assert columns.clean_pay(text) == (None, None)


@pytest.mark.parametrize(("text", "words"), [("0", "low"), ("99", "low"), ("30001", "high"), ("200000", "high")])
def test_a_pay_that_looks_wrong_gives_a_warning(text, words):
    assert words in columns.clean_pay(text)[1]


@pytest.mark.parametrize(("text", "both"), [
    ("4000-5000", (4000, 5000)), ("3000～4000元/月", (3000, 4000)), ("4-5千", (4000, 5000)), ("三四千", (3000, 4000)),
    ("三千到四千", (3000, 4000)), ("5000-4000", None), ("4500", None), ("-4500", None), ("", None),
])
def test_two_sums_are_not_one(text, both):
    assert columns.pay_range(text) == both
    if both:
        with pytest.raises(ValidationError, match="names two sums"):
            columns.clean_pay(text)


@pytest.mark.parametrize("text", ["200001", "20万1", "-4500", "4500.5", "4500-6000", "much", "4e3", "٤٥٠٠", "=4500"])
def test_what_is_no_pay(text):
    with pytest.raises(ValidationError):
        columns.clean_pay(text)


def test_bands_are_those_of_the_list():
    assert {columns.band_of(pay) for pay in range(0, 20_000, 500)} == {band for band, _label in codes.PAY_BANDS}


def test_words_hold_no_numbers_of_people():
    assert columns.clean_words("  left   for 3 months\n") == "left for 3 months"
    assert columns.clean_words("2026-10-05 2026-11-04") == "2026-10-05 2026-11-04"
    for text in ("phone 13800000001", "138 0000 0001", "0971-2722222", "630000198803120020", "630000 19880312 002x"):
        with pytest.raises(ValidationError, match="ID numbers or phones"):
            columns.clean_words(text)
    with pytest.raises(ValidationError, match="at most 200"):
        columns.clean_words("x" * 201)
