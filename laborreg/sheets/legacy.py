"""What an OLE container holds, by its directory: old workbooks, locked new ones, documents of other programs."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from struct import error, unpack_from

from laborreg.sheets.faults import NotTaken

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Entries of the directory are 128 bytes each and begin with the name.
_ENTRY = 128
# Records of a workbook: a sheet's name and place, a cell that was computed, one of true, false or an error, and the end.
_SHEET, _FORMULA, _TRUTH, _END = 0x85, 0x06, 0x205, 0x0A
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
# Either kind of cell that may hold an error.
_MAYBE = re.compile(rb"\x05\x02\x08\0.{7}\x01|\x06\0..{1}.{6}\x02.{5}\xff\xff", re.DOTALL)


def kind_of(content: bytes) -> str:
    if _has(content, "EncryptedPackage") or _has(content, "EncryptionInfo"):
        raise NotTaken("encrypted")
    if not (_has(content, "Workbook") or _has(content, "WORKBOOK") or _has(content, "Book") or _has(content, "BOOK")):
        raise NotTaken("type")
    if _has(content, "_VBA_PROJECT_CUR") or _has(content, "_VBA_PROJECT"):
        raise NotTaken("macro")
    return "xls"


def _has(content, name) -> bool:
    wanted, at = name.encode("utf-16-le") + b"\0\0", -1
    while (at := content.find(wanted, at + 1)) >= 0:
        if at % _ENTRY == 0:
            return True
    return False


def errors(path, sheet_name) -> dict[int, dict[int, str]]:
    """Row → column → what the cell says, of the cells in error, which the reader leaves empty."""
    found = {}
    # What is broken here, the reader refuses or gets over in its own way.
    with suppress(error):
        stream = Container(Path(path).read_bytes()).workbook()
        if _MAYBE.search(stream):
            for kind, body in _records(stream, _places(stream).get(sheet_name, len(stream))):
                if code := _code(kind, body):
                    row, column = unpack_from("<HH", body)
                    found.setdefault(row + 1, {})[column + 1] = _ERRORS.get(code[0], "#N/A")
    return found


def _code(kind, body) -> bytes:
    if kind == _TRUTH and body[7:8] == b"\1":
        return body[6:7]
    return body[8:9] if kind == _FORMULA and body[6:7] == b"\2" and body[12:14] == b"\xff\xff" else b""


class Container:
    """Streams cut into sectors, each of which tells the number of the next."""

    def __init__(self, content):
        self.content, self.size = content, 1 << min(unpack_from("<H", content, 30)[0], 16)
        tables, (more,) = list(unpack_from("<109L", content, 76)), unpack_from("<L", content, 68)
        self.most = len(content) // self.size
        while more < self.most and len(tables) < self.most:
            *numbers, more = unpack_from(f"<{self.size // 4}L", self.sector(more))
            tables += numbers
        held = b"".join(self.sector(number) for number in tables if number < self.most)
        self.following = unpack_from(f"<{len(held) // 4}L", held)

    def sector(self, number) -> bytes:
        return self.content[(number + 1) * self.size : (number + 2) * self.size]

    def stream(self, number) -> bytes:
        parts = []
        while number < len(self.following) and len(parts) < self.most:
            parts.append(self.sector(number))
            number = self.following[number]
        return b"".join(parts)

    def workbook(self) -> bytes:
        directory = self.stream(unpack_from("<L", self.content, 48)[0])
        for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            name = directory[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
            if name.casefold() in ("workbook", "book"):
                start, length = unpack_from("<LL", directory, at + 116)
                return self.stream(start)[:length]
        return b""


def _records(stream, at=0) -> Iterator[tuple[int, bytes]]:
    """From a place to the next end."""
    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        if kind == _END:
            return
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _places(stream) -> dict[str, int]:
    """Name of each sheet → where its records begin."""
    found = {}
    for kind, body in _records(stream):
        if kind == _SHEET and len(body) > 8:
            is_wide = body[7] & 1
            name = body[8 : 8 + (body[6] << is_wide)].decode("utf-16-le" if is_wide else "latin-1", "replace")
            found[name] = unpack_from("<L", body)[0]
    return found
