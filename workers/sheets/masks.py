"""Columns of numbers that lost their middle: a list that was exported masked, and is brought back."""

import re

# A masked export hides the middle of what stands in these.
NUMBERS = ("id_number", "head_id", "phone")
_HIDDEN = re.compile("[*＊]{3,}")


def masked(matches, rows) -> list[str]:
    """Of the columns that are matched, those in which no number of these rows is whole."""
    found = {each.name: _cells(each.place, rows) for each in matches if each.name in NUMBERS}
    return [name for name, cells in found.items() if cells and all(map(_HIDDEN.search, cells))]


def _cells(place, rows) -> list[str]:
    return [row[place] for row in rows if place < len(row) and row[place]]
