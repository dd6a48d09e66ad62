"""Where the headings of a sheet stand, and what they say together."""

import hashlib
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Header:
    """Rows as the file numbers them, from 1; one heading a column, "" where there is none."""

    first_row: int
    last_row: int
    headings: list[str]


def find(head: list[tuple[int, list[str]]]) -> Header:
    """The row with the most headings among the first; titles above it hold fewer cells."""
    if not head:
        return Header(0, 0, [])
    number, cells = max(head[:10], key=lambda row: sum(bool(cell) for cell in row[1]))
    return Header(number, number, [" ".join(cell.split()) for cell in cells])


def shape(headings: list[str]) -> str:
    """Files of the same headings in the same order have the same shape; spaces do not count."""
    plain = "\x1f".join(re.sub(r"\s", "", heading) for heading in headings)
    return hashlib.sha256(plain.encode()).hexdigest()
