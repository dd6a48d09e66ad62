"""The shared strings of a workbook: a text stands once in the file and is copied into every cell that names it."""

import re
from array import array

from laborreg.sheets.faults import MEGABYTE, NotTaken

# A cell holds 32,767 characters; more with the marks of rich text.
LONGEST = 400_000
# What all copies may take together.
HEAVIEST = 400 * MEGABYTE

_END = re.compile(rb"</(?:[\w.-]+:)?si>|<(?:[\w.-]+:)?si\s*/>")
_NAMED = re.compile(rb"""\st\s*=\s*["']s["'][^>]*>(?:\s*<(?:[\w.-]+:)?f[^<]*(?:</(?:[\w.-]+:)?f>)?)?\s*<(?:[\w.-]+:)?v>(\d+)<""")


def sizes_of(blocks, *, keep=0) -> tuple[array, bytes]:
    """The bytes of each string in the file, in its order; and the XML up to the end of the first `keep` strings."""
    sizes, kept, rest = array("L"), [], b""
    for block in blocks:
        seen, at = rest + block, 0
        for end in _END.finditer(seen):
            if len(sizes) < keep:
                kept.append(seen[at : end.end()])
            sizes.append(end.end() - at)
            at = end.end()
        rest = seen[at:]
        if len(rest) > LONGEST:
            raise NotTaken("bomb")
    if sizes and max(sizes) > LONGEST:
        raise NotTaken("bomb")
    return sizes, b"".join(kept)


def last_named(xml: bytes) -> int:
    """The highest number of a string that cells name; -1 where none do."""
    return max(map(int, _NAMED.findall(xml)), default=-1)


def check_weight(sizes, cells, sheets):
    """Counts the copies exactly where so many cells of the longest text would be too many. `sheets` gives their blocks."""
    if not sizes or max(sizes) * cells <= HEAVIEST:
        return
    weight = 0
    for blocks in sheets:
        for numbers in _numbers(blocks):
            weight += sum(sizes[number] for number in numbers if number < len(sizes))
            if weight > HEAVIEST:
                raise NotTaken("bomb")


def _numbers(blocks):
    rest = b""
    for block in blocks:
        seen = rest + block
        # A cell cut by the end of the block is counted with the next; one counted twice does no harm.
        yield map(int, _NAMED.findall(seen))
        rest = block[-200:]
