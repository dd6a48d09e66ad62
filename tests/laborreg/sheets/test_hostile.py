"""Bombs and liars: refused within seconds and without taking memory, or read to the last row."""

import re
import struct
import time
from pathlib import Path

import pytest

from laborreg.sheets import book, child
from laborreg.sheets.faults import LARGEST_UNPACKED, NotTaken
from tests.laborreg.sheets import builders
from tests.laborreg.sheets.builders import inline, ods_cell, ods_row, row

FIVE_HUNDRED = "".join(row(n, f'<c r="A{n}"><v>{n}</v></c>') for n in range(1, 501))
LONG = "<si><t>" + "甲" * 30_000 + "</t></si>"


def peak() -> float:
    """The most memory this program has held, in megabytes; what its parent held before it began is left out."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1000


def measured(path):
    """The code of the refusal, or the rows of the first sheet; the memory and the processor time that it took."""
    before = peak()
    try:
        answer = book.inspect(path, "x").sheets[0].rows
    except NotTaken as fault:
        answer = fault.code
    return answer, peak() - before, time.process_time()


def looked_at(path):
    """The answer, as callers get it: from a child, within 200 MB; in a fraction of the limit, however busy the machine."""
    answer, megabytes, seconds = child.run(measured, str(path), seconds=60, megabytes=1_000, bare=True)
    assert megabytes < 200
    assert seconds < 30
    return answer


def strings_named(count, strings):
    cells = '<c t="s"><v>0</v></c>' * 100
    return {"rows": "".join(f"<row>{cells}</row>" for _n in range(count // 100)), "strings": strings}


@pytest.mark.parametrize("about", [
    {"rows": row(9_000_000_000_000, '<c r="A9000000000000"><v>1</v></c>')},
    {"rows": row(1, '<c r="A1"><v>1</v></c>') + row(1_048_576, '<c r="XFD1048576"><v>1</v></c>')},
    {"rows": row(1, '<c r="AAAAAAA1"><v>1</v></c>') + row(2_000, inline("x", "A2000"))},
    {"rows": "<row/>" * 1_100_000 + row(1, inline("x"))},
    strings_named(20_000, LONG),
    {"rows": FIVE_HUNDRED, "strings": "<si><t>" + "甲" * 1_000_000 + "</t></si>"},
    {"rows": FIVE_HUNDRED, "strings": "<si>" + "<r><t>a</t></r>" * 200_000 + "</si>"},
    {"rows": "<row>" + " " * 40_000_000},
    {"rows": FIVE_HUNDRED, "more": {f"customXml/item{n}.xml": "" for n in range(2_100)}},
], ids=["trillions", "apart", "letters", "empty rows", "copies", "long string", "runs", "long row", "parts"])
def test_bombs_are_refused_within_seconds(tmp_path, about):
    assert looked_at(builders.xlsx(tmp_path, **about)) == "bomb"


def test_what_unpacks_to_more_than_300_megabytes_is_seen_in_the_directory(tmp_path):
    path = builders.xlsx(tmp_path, FIVE_HUNDRED, more={"xl/media/image1.png": b"x"})
    for size in (299_000_000, 301_000_000):
        content = _with_size(path.read_bytes(), b"xl/media/image1.png", size)
        (tmp_path / "file").write_bytes(content)
        assert looked_at(tmp_path / "file") == ("bomb" if size > LARGEST_UNPACKED else 500)


def _with_size(content, name, size) -> bytes:
    """The directory says another size of the part."""
    changed, at = bytearray(content), content.find(name, content.find(b"PK\1\2")) - 46
    changed[at + 24 : at + 28] = struct.pack("<L", size)
    return bytes(changed)


def test_a_row_number_that_only_a_cell_names(tmp_path):
    assert looked_at(builders.xlsx(tmp_path, row(1, '<c r="A9000000000000"><v>1</v></c>'))) == "bomb"


def test_cells_that_hide_their_place_end_with_the_child_only(tmp_path):
    rows = row(1, '<c r="XFD1048576"><v>1</v></c>', '<c r="A1"><v>1</v></c>')
    with pytest.raises(NotTaken) as caught:
        looked_at(builders.xlsx(tmp_path, rows))
    assert caught.value.code == "bomb"


def test_half_a_million_names_are_not_listed(tmp_path):
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65_535, 65_535, 30_000_000, 0, 0)
    (tmp_path / "file").write_bytes(b"PK\1\2" + bytes(30_000_000) + end)
    assert looked_at(tmp_path / "file") == "bomb"


def test_a_part_that_lies_about_its_size(tmp_path):
    path = builders.xlsx(tmp_path, "", more={"xl/a.xml": "<a>" + " " * 5_000_000 + "</a>"})
    (tmp_path / "file").write_bytes(_with_size(path.read_bytes(), b"xl/a.xml", 500))
    assert looked_at(tmp_path / "file") == "corrupt"


@pytest.mark.parametrize("said", ["A1", "A1:A1", "A1:XFD1048576", "C7:B2"])
def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path, said):
    path = builders.xlsx(tmp_path, FIVE_HUNDRED, before=f'<dimension ref="{said}"/>')
    assert looked_at(path) == 500
    assert [number for number, _cells in book.reading.rows(path, "xlsx", "S")] == list(range(1, 501))


def test_two_rows_of_one_number_would_lose_one(tmp_path):
    assert looked_at(builders.xlsx(tmp_path, row(2, inline("甲", "A2")) + row(1, inline("乙")))) == "corrupt"
    assert looked_at(builders.xlsx(tmp_path, row(1, inline("甲")) + row(1, inline("乙")))) == "corrupt"


def test_cells_that_hold_a_look_only_do_not_count(tmp_path):
    looks = "".join(row(n, inline("x", f"A{n}"), f'<c r="XFD{n}" s="1"/>') for n in range(1, 1_500))
    assert looked_at(builders.xlsx(tmp_path, looks)) == 1_499
    far = row(1, inline("x")) + row(1_048_576, '<c r="XFD1048576" s="1"/>')
    assert looked_at(builders.xlsx(tmp_path, far)) == 1


def test_rows_and_cells_under_other_prefixes_are_found(tmp_path):
    inner = "".join(f'<x:row r="{n}"><x:c r="A{n}"><x:v>{n}</x:v></x:c></x:row>' for n in range(1, 41))
    part = f'<x:worksheet xmlns:x="{builders.MAIN}"><x:sheetData>{inner}</x:sheetData></x:worksheet>'
    path = builders.xlsx(tmp_path, "", more={"xl/worksheets/sheet1.xml": part})
    assert looked_at(path) == 40
    assert len(list(book.reading.rows(path, "xlsx", "S"))) == 40


@pytest.mark.parametrize("rows", [
    ods_row(ods_cell("x", 'table:number-columns-repeated="16384"'), times=1_000_000),
    ods_row(ods_cell("x")) + ods_row("<table:table-cell/>", times=1_000_000_000_000) + ods_row(ods_cell("y")),
    ods_row(ods_cell("x")) + ods_row("<table:table-cell/>", times=1_000_000)
    + ods_row('<table:table-cell table:number-columns-repeated="16000"/>', ods_cell("y")),
    ods_row('<table:table-cell table:number-columns-repeated="99999999"/>', ods_cell("y")),
])
def test_open_documents_that_repeat_beyond_measure(tmp_path, rows):
    assert looked_at(builders.ods(tmp_path, rows)) == "bomb"


def test_an_open_document_filled_to_its_last_row_by_a_look_is_short(tmp_path):
    rows = ods_row(ods_cell("x")) + ods_row('<table:table-cell table:number-columns-repeated="16384"/>', times=1_048_575)
    assert looked_at(builders.ods(tmp_path, rows)) == 1
    assert looked_at(builders.ods(tmp_path, ods_row(ods_cell("x"), times=400_000))) == "too_long"
