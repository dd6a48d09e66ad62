"""What an OLE container holds, by its directory: old workbooks, locked new ones, documents of other programs."""

from laborreg.sheets.faults import NotTaken

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Entries of the directory are 128 bytes each and begin with the name.
_ENTRY = 128


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
