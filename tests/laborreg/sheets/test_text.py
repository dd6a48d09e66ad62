"""Text files as Excel, WPS and other programs save them."""

import pytest

from laborreg.sheets import book, reading
from laborreg.sheets.faults import NotTaken

PEOPLE = "姓名,身份证号,住址\r\n𠮷·卓玛,630000199001010018,\"上村, 3 号\n二楼\"\r\n\r\n韩，梅,'=1,\r\n"
READ = [(1, ["姓名", "身份证号", "住址"]), (2, ["𠮷·卓玛", "630000199001010018", "上村, 3 号\n二楼"]), (4, ["韩，梅", "=1"])]


def rows_of(folder, content: bytes):
    path = folder / "people.csv"
    path.write_bytes(content)
    assert book.kind_of(path, "people.xlsx") == "csv"
    return list(reading.rows(path, "csv", ""))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
def test_characters_and_what_parts_the_cells_are_found_out(tmp_path, encoding, sign):
    text = PEOPLE.replace("上村, 3 号", "上村@ 3 号").replace(",", sign).replace("@", ",")
    assert rows_of(tmp_path, text.encode(encoding)) == READ


def test_a_file_of_one_column(tmp_path):
    assert rows_of(tmp_path, "身份证号\n630000199001010018\n".encode()) == [(1, ["身份证号"]), (2, ["630000199001010018"])]


def test_what_only_kept_a_cell_text_is_taken_off(tmp_path):
    assert rows_of(tmp_path, b'"=""0012""",\'+86,\'x,=1') == [(1, ["0012", "+86", "'x", "=1"])]


@pytest.mark.parametrize("content", ['姓名,村\n甲,"上村\n乙,下村\n', '姓名,村\n甲,"上"村\n', "a,b\n1," + "x" * 140_000])
def test_quotation_marks_that_do_not_close_and_cells_without_end_are_refused(tmp_path, content):
    with pytest.raises(NotTaken) as caught:
        rows_of(tmp_path, content.encode())
    assert caught.value.code == "quotes"


def test_lines_within_a_cell_break_in_one_way(tmp_path):
    assert rows_of(tmp_path, '姓名,住址\r\n甲,"上村\r\n二楼"\r\n'.encode())[1] == (2, ["甲", "上村\n二楼"])


def test_broken_characters_behind_the_part_that_is_looked_at_first(tmp_path):
    with pytest.raises(NotTaken) as caught:
        rows_of(tmp_path, "姓名,村\n".encode() * 50_000 + b"\xff\xfe\xff\n")
    assert caught.value.code == "characters"
