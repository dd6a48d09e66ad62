"""Cleaners of columns: what forms and sheets take, and what they refuse."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from brokers import columns as brokers
from jobs import columns as points
from laborreg.columns import choice, clean_date, clean_words, optional

CHOICES = [("a", translation.gettext_lazy("Male")), ("b", "乙")]


@pytest.mark.parametrize("text", [
    "2026-10-05", "2026/10/5", "2026.10.5", "20261005", "2026年10月5日", "２０２６－１０－０５", " 2026 - 10 - 05 ",
    date(2026, 10, 5), datetime(2026, 10, 5, 13, 0),
])
def test_the_same_day_however_it_is_written(text):
    assert clean_date(text) == date(2026, 10, 5)


@pytest.mark.parametrize(("text", "words"), [
    ("", "Enter the date"), (None, "Enter the date"), ("5.10.2026", "is not a date"), ("2026-02-30", "is not a date"),
    ("45935", "is not a date"), ("1949-12-31", "too long ago"), (date(1900, 1, 1), "too long ago"),
])
def test_what_is_no_day(text, words):
    with pytest.raises(ValidationError, match=words):
        clean_date(text)


def test_words_hold_no_numbers_of_persons():
    assert clean_words("  a　b \n c ") == "a b c"
    for text in ("call 13897123456", "138 9712 3456", "６３００００１９９００１０１００１１"):
        with pytest.raises(ValidationError):
            clean_words(text)


def test_a_choice_by_code_or_label():
    clean = choice(CHOICES)
    assert [clean(text) for text in ("a", "A", "male", "Male", "乙", "", None)] == ["a", "a", "a", "a", "b", "", ""]
    with pytest.raises(ValidationError, match="“c” is not one of: Male, 乙"):
        clean("c")


def test_an_optional_column():
    assert optional(clean_date)(" ") is None
    assert optional(clean_date)("20261005") == date(2026, 10, 5)


@pytest.mark.parametrize("columns", [brokers.COLUMNS, points.COLUMNS])
def test_every_example_is_taken_by_its_own_cleaner(columns):
    with translation.override("zh-hans"):
        for column in columns:
            assert column.clean(column.example) not in ("", None)
            assert str(column.heading)


@pytest.mark.parametrize("columns", [brokers.COLUMNS, points.COLUMNS])
def test_no_column_is_named_twice(columns):
    names = [name for column in columns for name in (column.name, *column.synonyms)]
    assert len(names) == len(set(names))
