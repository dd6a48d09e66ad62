"""The table of a scheme: bands of workers × bands of days, without holes and overlaps, and how it is typed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from laborreg.identity import plain

# A row as it is typed: 50–100, 201–, 201以上.
ROW = re.compile(r"([0-9]{1,6})\s*(?:[-\u2010-\u2015~\u301c至到]\s*([0-9]{1,6})?|以上|\+)")
MOST_ROWS = 12


@dataclass(frozen=True)
class Band:
    """Yuan for each worker of `days_from`…`days_to` days where `size_from`…`size_to` count; bounds are included, None is open."""

    size_from: int
    size_to: int | None
    days_from: int
    days_to: int | None
    amount: int | None = None

    @property
    def size(self) -> tuple[int, int | None]:
        return self.size_from, self.size_to

    @property
    def days(self) -> tuple[int, int | None]:
        return self.days_from, self.days_to

    def holds(self, size: int, days: int) -> bool:
        return _within(size, self.size) and _within(days, self.days)


def _within(number, bounds) -> bool:
    return bounds[0] <= number and (bounds[1] is None or number <= bounds[1])


def fault(bands: Iterable[Band]) -> str | None:
    """Where a table has a hole or an overlap, in words that name the numbers; None if there is none.

    From the smallest number of workers and of days on, each pair must lie in exactly one band. Between two bounds
    nothing changes, so that the bounds themselves are all that has to be looked at.
    """
    bands = list(bands)
    if not bands:
        return _("The table is empty. Enter at least one row of workers and one of days.")
    if wrong := next((band for band in bands if _is_upside_down(band)), None):
        return _("%(workers)s × %(days)s: a row begins with at least 1 and does not end before it begins.") % {
            "workers": workers_told(wrong.size), "days": days_told(wrong.days),
        }
    for size, days in product(_bounds(band.size for band in bands), _bounds(band.days for band in bands)):
        found = [band for band in bands if band.holds(size, days)]
        if len(found) != 1:
            return _overlap(size, days, found) if found else _hole(size, days)
    return None


def _is_upside_down(band) -> bool:
    return any(low < 1 or (high is not None and high < low) for low, high in (band.size, band.days))


def _bounds(ranges) -> list[int]:
    """Where something begins or has just ended."""
    ranges = set(ranges)
    return sorted({low for low, _high in ranges} | {high + 1 for _low, high in ranges if high is not None})


def _hole(size, days) -> str:
    return _("The table has a hole: %(workers)d workers with %(days)d days fall into no row.") % {"workers": size, "days": days}


def _overlap(size, days, bands) -> str:
    rows = _(" and ").join(
        f"{workers_told(band.size)} × {days_told(band.days)}" for band in bands[:2]
    )
    sentence = _("The table overlaps: %(workers)d workers with %(days)d days fall into %(rows)s.")
    return sentence % {"workers": size, "days": days, "rows": rows}


def typed(bounds) -> str:
    """As a row is typed: 50–100; 201– where there is no upper bound."""
    low, high = bounds
    return f"{low}–{'' if high is None else high}"


def days_told(bounds) -> str:
    low, high = bounds
    if high is None:
        return _("%(n)d days and more") % {"n": low}
    return _("%(from)d–%(to)d days") % {"from": low, "to": high}


def workers_told(bounds) -> str:
    low, high = bounds
    if high is None:
        return _("%(n)d workers and more") % {"n": low}
    return _("%(from)d–%(to)d workers") % {"from": low, "to": high}


def read_rows(text) -> list[tuple[int, int | None]]:
    """Rows as they are typed, one a line or with commas between: “50–100, 101–200, 201–”."""
    parts = [part for part in re.split(r"[\n,，、;；]+", plain(text)) if part.strip()]
    if not parts:
        raise ValidationError(_("Enter at least one row, such as 50–100."))
    if len(parts) > MOST_ROWS:
        raise ValidationError(_("Enter at most %(n)d rows.") % {"n": MOST_ROWS})
    return [_read_row(part.strip()) for part in parts]


def _read_row(part) -> tuple[int, int | None]:
    found = ROW.fullmatch(part)
    if not found:
        raise ValidationError(_("“%(text)s” is no row. Write it as 50–100, or 201– without an end.") % {"text": part[:20]})
    low, high = int(found[1]), int(found[2]) if found[2] else None
    if low < 1 or (high is not None and high < low):
        raise ValidationError(_("“%(text)s”: a row begins with at least 1 and does not end before it begins.") % {"text": part})
    return low, high


def table(sizes, lengths, amounts=None) -> list[Band]:
    """Every size × every length; `amounts`: {(size, length): yuan} of the cells that have one."""
    amounts = amounts or {}
    return [Band(*size, *length, amounts.get((size, length))) for length in lengths for size in sizes]


@dataclass(frozen=True)
class Grid:
    """A table as a page shows it: a column a size, a row a length of stay."""

    bands: list

    @property
    def sizes(self) -> list[tuple[int, int | None]]:
        return sorted({(band.size_from, band.size_to) for band in self.bands}, key=lambda size: size[0])

    @property
    def lengths(self) -> list[tuple[int, int | None]]:
        return sorted({(band.days_from, band.days_to) for band in self.bands}, key=lambda length: length[0])

    @property
    def amounts(self) -> dict[tuple, int | None]:
        return {((band.size_from, band.size_to), (band.days_from, band.days_to)): band.amount for band in self.bands}

    @property
    def heads(self) -> list[str]:
        return [workers_told(size) for size in self.sizes]

    @property
    def rows(self) -> list[tuple[str, list]]:
        """(length in words, amounts in the order of the sizes)"""
        amounts = self.amounts
        return [(days_told(length), [amounts.get((size, length)) for size in self.sizes]) for length in self.lengths]

    @property
    def is_complete(self) -> bool:
        """Whether every cell has its amount: no claim is drawn up before."""
        return bool(self.bands) and all(band.amount is not None for band in self.bands)

    @property
    def smallest(self) -> int:
        """With fewer workers nothing is paid."""
        return min((band.size_from for band in self.bands), default=0)


def grid_of(scheme) -> Grid:
    return Grid(list(scheme.bands.all()))
