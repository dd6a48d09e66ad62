"""Guards of workbooks that are zip archives: sizes, names and XML are looked at before a parser sees any of it.

A workbook of 40 MB may unpack to terabytes, name parts outside its folder, declare entities that multiply, or lie about
the size of its parts. All of it shows when every part is read once, a block at a time.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from laborreg.sheets.faults import LARGEST_UNPACKED, NotTaken

BLOCK = 1 << 20
MOST_PARTS = 2_000
LARGEST_DIRECTORY = 2_000_000
# Parts that describe the book, not its rows.
LARGEST_SMALL_PART = 20_000_000

# No office program writes either, in any part, whatever its name.
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LONGEST_DECLARATION = 10
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)""")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@contextmanager
def opened(source) -> Iterator[zipfile.ZipFile]:
    """The archive at a path or in a file, its directory checked; whatever goes wrong while it is open is a damaged file."""
    try:
        _check_size_of_directory(source)
        with zipfile.ZipFile(source) as archive:
            _check_directory(archive.infolist())
            yield archive
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, struct.error):
        raise NotTaken("corrupt") from None


def _check_size_of_directory(source):
    """Half a million names of nothing fit into 40 MB; they are not even listed."""
    with nullcontext(source) if hasattr(source, "read") else open(source, "rb") as file:
        file.seek(-min(file.seek(0, 2), 65_557), 2)
        end = file.read()
    at = end.rfind(b"PK\5\6")
    if at < 0:
        raise NotTaken("corrupt")
    if struct.unpack_from("<L", end, at + 12)[0] > LARGEST_DIRECTORY:
        raise NotTaken("bomb")


def _check_directory(parts):
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise NotTaken("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise NotTaken("encrypted")
    if len({bare(name) for name in names}) < len(names) or any(_leaves(name) for name in names):
        raise NotTaken("corrupt")


def bare(name) -> str:
    """Readers take either slash and either case for the same part."""
    return name.replace("\\", "/").casefold()


def _leaves(name) -> bool:
    """Whether the part would be written outside a folder that it is unpacked into."""
    return name.startswith(("/", "\\")) or ".." in bare(name).split("/") or ":" in name or "\0" in name


def part_named(archive, name) -> str | None:
    """The name of a part as this archive writes it."""
    return next((found for found in archive.namelist() if bare(found) == bare(name)), None)


def text_of(archive, name, *, any_kind=False) -> bytes:
    """A small part as a whole; nothing of one that is no XML, unless it may be of any kind."""
    if archive.getinfo(name).file_size > LARGEST_SMALL_PART:
        raise NotTaken("bomb")
    return archive.read(name) if any_kind else b"".join(blocks(archive, name))


def blocks(archive, name) -> Iterator[bytes]:
    """A part a block at a time, refused where it declares a document type or entity, or is in an odd encoding.

    It is read to its end, so that its size and checksum are held against the directory. What is no XML is left alone:
    nobody opens it.
    """
    before = b""
    with archive.open(name) as part:
        while block := part.read(BLOCK):
            if not before and not is_xml(block):
                return
            seen = before + block
            if b"<!" in seen and _DECLARATION.search(seen):
                raise NotTaken("bomb")
            before = block[-_LONGEST_DECLARATION:]
            yield block


def is_xml(block) -> bool:
    if block.startswith(_WIDE):
        raise NotTaken("corrupt")
    start = block.removeprefix(_BYTE_ORDER_MARK).lstrip()
    found = _ENCODING.match(start)
    if found and found[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise NotTaken("corrupt")
    return start.startswith(b"<") or not start
