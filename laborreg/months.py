"""The month as a value, and the field that keeps it."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import ClassVar

from django.core import checks
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dates import MONTHS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Month:
    """A report month, such as 2026-10. Its days depend on the county's settings: see `County.first_day`.

    There is one object for each month, so that counting a county compares and looks up months by identity.
    """

    __slots__ = ("index", "number", "year")
    _known: "ClassVar[dict[tuple[int, int], Month]]" = {}

    def __new__(cls, year: int, number: int):
        return cls._known.get((year, number)) or cls._known.setdefault((year, number), cls._new(year, number))

    @classmethod
    def _new(cls, year, number):
        if not (1 <= number <= 12 and 1900 <= year <= 9999):
            raise ValueError(f"There is no month {year}-{number}.")
        month = super().__new__(cls)
        month.year, month.number, month.index = year, number, year * 12 + number
        return month

    def __reduce__(self):
        return Month, (self.year, self.number)

    @classmethod
    @lru_cache(maxsize=1_000)
    def parse(cls, text: str) -> "Month":
        """`2026-10`; ValueError for anything else."""
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", text or ""):
            raise ValueError(f"{text!r} is no month; write it as 2026-10.")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """The calendar month of a day."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> "Month":
        index = self.index - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def next(self) -> "Month":
        return self.plus(1)

    @property
    def previous(self) -> "Month":
        return self.plus(-1)

    @property
    def a_year_before(self) -> "Month":
        return self.plus(-12)

    @property
    def january(self) -> "Month":
        """Month 01 of this month's year."""
        return Month(self.year, 1)

    def since(self, first: "Month") -> "list[Month]":
        """first … self, both included; empty if first is later."""
        return [first.plus(n) for n in range(self.index - first.index + 1)]

    @lru_cache(maxsize=10_000)  # noqa: B019 - months live as long as the process
    def last_day(self, start_day: int = 1) -> date:
        """The last day under a start day of the report month: 1 is the calendar month, 21 ends on the 20th."""
        if start_day == 1:
            return date(self.next.year, self.next.number, 1) - timedelta(days=1)
        return date(self.year, self.number, start_day - 1)

    @property
    def label(self) -> str:
        """`October 2026`, `2026年10月`."""
        if (get_language() or "en").startswith("zh"):
            return f"{self.year}年{self.number}月"
        return f"{MONTHS[self.number]} {self.year}"

    @property
    def short_label(self) -> str:
        if (get_language() or "en").startswith("zh"):
            return f"{self.number}月"
        return str(MONTHS[self.number])[:3]

    def deconstruct(self):
        """How a migration writes it down."""
        return "laborreg.months.Month", [self.year, self.number], {}

    def __str__(self):
        return f"{self.year:04d}-{self.number:02d}"

    def __repr__(self):
        return f"Month({self.year}, {self.number})"

    # Each in its own words: `total_ordering` calls two functions for one comparison, and a county compares millions.
    def __lt__(self, other):
        return self.index < other.index

    def __le__(self, other):
        return self.index <= other.index

    def __gt__(self, other):
        return self.index > other.index

    def __ge__(self, other):
        return self.index >= other.index


class MonthField(models.Field):
    """A Month, kept as `2026-10`, so that it sorts and reads well in either database."""

    description = _("month")

    def db_type(self, connection):
        return "varchar(7)"

    def from_db_value(self, value, expression, connection):
        return None if value is None else Month.parse(value)

    def to_python(self, value):
        if value is None or isinstance(value, Month):
            return value
        try:
            return Month.parse(str(value))
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from wrong

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return None if value is None else str(self.to_python(value))

    def value_to_string(self, obj):
        return str(self.value_from_object(obj))

    def check(self, **kwargs):
        return [] if self.name else [checks.Error("A month needs a name.", obj=self)]


class MonthConverter:
    """`<month:month>` in an address."""

    regex = r"[12][0-9]{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value):
        return Month.parse(value)

    def to_url(self, value):
        return str(value)
