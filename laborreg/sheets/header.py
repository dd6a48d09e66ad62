"""Where the headings of a sheet stand, and what they say together.

An office's sheet begins with a title, a line of unit and date, then one to three rows of headings, some merged over
several columns or rows, perhaps a row of column numbers; then its people.
"""

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise

# Headings stand high up; a sheet is never looked through for them.
LOOKED_AT = 15
LONGEST = 60
MOST_ROWS = 3
ENOUGH = 0.7

# What stands in a row of data: figures, days, IDs, phones.
_FIGURES = re.compile(r"[-+]?[0-9０-９][0-9０-９.,:/年月日 %Xx*—-]*")
# The line of unit and date, and notes: "填报单位（盖章）：", "单位：人".
_NOTE = re.compile(r"[:：]|(^|[^所属])填[报表]|^注|^说明|^第.*页")
_BETWEEN_CHINESE = re.compile(r"(?<=[\u2e80-\uffef]) (?=[\u2e80-\uffef])")
_MARKS = re.compile(r"^[*＊\s]+|[*＊\s]+$|[（(]必填[）)]")


@dataclass(frozen=True)
class Header:
    """Rows as the file numbers them, from 1, the row of column numbers included; one heading a column, "" for none.

    Without headings the rows are 0.
    """

    first_row: int
    last_row: int
    headings: list[str]


def find(head: list[tuple[int, list[str]]]) -> Header:
    """Of the first rows of a sheet, as `book.inspect` gives them."""
    rows = [(number, [plain(cell) for cell in cells]) for number, cells in head]
    main = _main(rows[:LOOKED_AT])
    if main is None:
        return Header(0, 0, [])
    first, last = _upwards(rows, main), _downwards(rows, main)
    headings = _joined([cells for _number, cells in rows[first : last + 1]])
    if last + 1 < len(rows) and _numbers_columns(rows[last + 1][1]):
        last += 1
    return Header(rows[first][0], rows[last][0], headings)


def plain(heading) -> str:
    """A heading in one line; without the spaces that only spread its letters, and the marks of what is required."""
    return _MARKS.sub("", _BETWEEN_CHINESE.sub("", " ".join(str(heading).split())))


def _main(rows) -> int | None:
    """The first row of words that is nearly as full as the fullest: people stand below their headings."""
    found = {place: _count(cells) for place, (_number, cells) in enumerate(rows) if _is_headings(cells)}
    fullest = max(found.values(), default=0)
    return next((place for place, count in found.items() if count >= 2 and count >= ENOUGH * fullest), None)


def _count(cells) -> int:
    return sum(bool(cell) for cell in cells)


def _is_headings(cells) -> bool:
    """Words only, and no line of unit and date."""
    said = [cell for cell in cells if cell]
    if any(len(cell) > LONGEST or _FIGURES.fullmatch(cell) for cell in said):
        return False
    return not (len(said) <= 4 and any(_NOTE.search(cell) for cell in said))


def _upwards(rows, main) -> int:
    """The rows above that group the headings: adjoining, of more than one cell, which a title has not."""
    first = main
    while first and main - first < MOST_ROWS - 1:
        number, cells = rows[first - 1]
        if number != rows[first][0] - 1 or _count(cells) < 2 or not _is_headings(cells):
            break
        first -= 1
    return first


def _downwards(rows, main) -> int:
    """The rows below that part a heading: they stand only under groups, where people fill nearly every column."""
    last, groups = main, _open_columns(rows[main][1], rows)
    while last + 1 < len(rows) and last - main < MOST_ROWS - 1:
        number, cells = rows[last + 1]
        filled = {place for place, cell in enumerate(cells) if cell}
        if number != rows[last][0] + 1 or len(filled) < 2 or not filled <= groups or not _is_headings(cells):
            break
        last += 1
    return last


def _open_columns(cells, rows) -> set[int]:
    """Columns without a heading of their own, and those whose heading reaches over such columns."""
    width = max(len(cells) for _number, cells in rows)
    empty = {place for place in range(width) if place >= len(cells) or not cells[place]}
    return empty | {place for place in range(width - 1) if place not in empty and place + 1 in empty}


def _joined(rows) -> list[str]:
    """The words above each column, from top to bottom; a group's are said of every column that it reaches over."""
    width = max(map(len, rows))
    rows = [cells + [""] * (width - len(cells)) for cells in rows]
    spread = [_spread(cells, below) for cells, below in pairwise(rows)] + rows[-1:]
    return [" ".join(dict.fromkeys(cells[place] for cells in spread if cells[place])) for place in range(width)]


def _spread(cells, below) -> list[str]:
    """A group's words go on to the right as long as there are headings below and none beside it."""
    found, group = [], ""
    for cell, under in zip(cells, below, strict=True):
        group = cell if cell else group if under else ""
        found.append(group)
        if cell and not under:
            group = ""
    return found


def _numbers_columns(cells) -> bool:
    """1, 2, 3 … or (1), (2), (3) … or A, B, 1, 2 …: the row that numbers the columns."""
    marks = [cell.strip("()（）") for cell in cells if cell]
    figures = [int(mark) for mark in marks if mark.isdecimal()]
    begins = figures[0] if figures else 0
    in_order = begins in (0, 1) and figures == list(range(begins, begins + len(figures)))
    return in_order and len(figures) >= 2 and len(figures) + 2 >= len(marks)


def shape(headings: list[str]) -> str:
    """Files with the same headings in the same order have the same shape; spaces and nameless last columns do not count."""
    words = [re.sub(r"\s", "", heading) for heading in headings]
    while words and not words[-1]:
        words.pop()
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()
