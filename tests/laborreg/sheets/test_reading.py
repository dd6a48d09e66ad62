"""The same people out of every kind of file, and the rule for every odd cell."""

import tempfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from laborreg.sheets import book, legacy, reading
from laborreg.sheets.faults import NotTaken
from laborreg.sheets.reading import as_text
from tests.laborreg.sheets import builders
from tests.laborreg.sheets.builders import inline, ods_cell, ods_row, row

FILES = Path(__file__).parent / "files"
DATED = 's="1"'


def rows_of(path):
    kind = book.kind_of(path, "x")
    return list(reading.rows(path, kind, reading.sheets(path, kind)[0][0]))


def cells_of(folder, *cells, **about):
    """The one row that these cells make."""
    [(_number, found)] = rows_of(builders.xlsx(folder, row(1, *cells), **about))
    return found


def test_row_numbers_are_those_of_the_file_and_empty_rows_are_left_out(tmp_path):
    rows = row(3, inline("甲", "C3")) + row(4) + row(7, inline("乙", "B7"), '<c r="F7" s="1"/>', inline("", "G7"))
    assert rows_of(builders.xlsx(tmp_path, rows)) == [(3, [None, None, "甲"]), (7, [None, "乙"])]


def test_rows_and_cells_without_a_number_follow_each_other(tmp_path):
    rows = "<row><c><v>1</v></c><c t='inlineStr'><is><t>x</t></is></c></row><row/><row><c><v>3</v></c></row>"
    assert rows_of(builders.xlsx(tmp_path, rows)) == [(1, [1, "x"]), (3, [3])]


def test_numbers_are_whole_where_they_are_and_truth_is_truth(tmp_path):
    values = {"A": "4000", "B": "3500.5", "C": "-0", "D": "13800000000"}
    cells = [f'<c r="{at}1"><v>{value}</v></c>' for at, value in values.items()]
    cells += ['<c r="E1" t="b"><v>1</v></c>', '<c r="F1" t="b"><v>0</v></c>', '<c r="G1" s="4"><v>0.255</v></c>']
    found = cells_of(tmp_path, *cells)
    assert found == [4000, 3500.5, 0, 13800000000, True, False, 0.255]
    assert [type(cell) for cell in found] == [int, float, int, int, bool, bool, float]


@pytest.mark.parametrize("value", ["630000199001010018", "6.30000199001010E+17", "630000199001010000", "1234567890123456"])
def test_a_number_that_lost_its_end_passes_for_nothing_else(tmp_path, value):
    [found] = cells_of(tmp_path, f'<c r="A1"><v>{value}</v></c>')
    assert isinstance(found, float) and "E+" in as_text(found)


@pytest.mark.parametrize(("value", "look", "expected"), [
    ("45000", 1, date(2023, 3, 15)),
    ("45000", 2, date(2023, 3, 15)),
    ("45000", 3, date(2023, 3, 15)),
    ("45000.5", 1, datetime(2023, 3, 15, 12)),
    ("45000", 0, 45000),
    ("99999999", 1, 99999999),
    ("0.25", 1, "06:00:00"),
    ("1.25", 5, "30:00:00"),
])
def test_days_are_days_and_plain_serials_stay_numbers(tmp_path, value, look, expected):
    assert cells_of(tmp_path, f'<c r="A1" s="{look}"><v>{value}</v></c>') == [expected]


def test_days_counted_from_1904(tmp_path):
    for workbook, serial in (("", 45000), ('<workbookPr date1904="1"/>', 43538)):
        found = cells_of(tmp_path, f'<c r="A1" {DATED}><v>{serial}</v></c>', workbook=workbook)
        assert found == [date(2023, 3, 15)]


@pytest.mark.parametrize("look", [
    'yyyy"年"m"月"d"日"', "[$-804]yyyy/m/d;@", "yyyy.mm.dd", '[DBNum1][$-804]yyyy"年"m"月"d"日";@', "m/d/yy",
])
def test_days_in_the_looks_that_offices_use(tmp_path, look):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as out:
        out.add_worksheet().write_datetime(0, 0, datetime(2026, 1, 2), out.add_format({"num_format": look}))
    assert rows_of(tmp_path / "a.xlsx") == [(1, [date(2026, 1, 2)])]


def test_a_day_written_out_in_the_file(tmp_path):
    assert cells_of(tmp_path, '<c r="A1" t="d"><v>2026-01-02</v></c>') == [date(2026, 1, 2)]


def test_a_formula_counts_with_the_value_saved_with_it(tmp_path):
    found = cells_of(
        tmp_path, '<c r="A1"><f>1+1</f></c>', '<c r="B1"><f>1+1</f><v>2</v></c>', '<c r="C1" t="str"><f>A1</f><v>甲</v></c>',
        '<c r="D1"><f>A1</f><v></v></c>', inline("end", "E1"),
    )
    assert found == [None, 2, "甲", None, "end"]


def test_cells_in_error_say_so(tmp_path):
    single = "<c t='e' r='A4'><f>VLOOKUP(A1&gt;1)</f><v>#REF!</v></c>"
    path = builders.xlsx(tmp_path, row(3, '<c r="B3" t="e"><v>#N/A</v></c>') + row(4, single, inline("乙", "D4")))
    assert rows_of(path) == [(3, [None, "#N/A"]), (4, ["#REF!", None, None, "乙"])]
    assert book.inspect(path, "x").sheets[0].head == [(3, ["", "#N/A"]), (4, ["#REF!", "", "", "乙"])]


def test_cells_in_error_far_to_the_right_are_not_read_either(tmp_path):
    path = builders.xlsx(tmp_path, row(3, '<c r="ZZ3" t="e"><v>#N/A</v></c>') + row(4, inline("乙", "A4")))
    assert rows_of(path) == [(4, ["乙"])]


def test_cells_in_error_far_down_a_sheet(tmp_path):
    rows = "".join(row(n, inline("甲" * 50, f"A{n}")) for n in range(1, 20_000))
    assert rows_of(builders.xlsx(tmp_path, rows + row(20_000, '<c r="A20000" t="e"><v>#N/A</v></c>')))[-1] == (20_000, ["#N/A"])


def ods_error(words, attributes='office:value-type="string"') -> str:
    """As LibreOffice writes it; others leave its mark away."""
    cell = f'<table:table-cell table:formula="of:=NA()" office:string-value="" {attributes}>'
    return f"{cell}<text:p>{words}</text:p></table:table-cell>"


def test_cells_in_error_of_an_open_document(tmp_path):
    calcext = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    note = f'<table:table-cell {calcext} calcext:value-type="error"><office:annotation><text:p>note</text:p></office:annotation>'
    rows = [
        ods_row("<table:table-cell/>", times=2),
        ods_row(ods_error("#N/A", f'{calcext} office:value-type="string" calcext:value-type="error"'), ods_cell("甲")),
        ods_row(ods_cell("乙", 'table:number-columns-repeated="2"'), ods_error("Err:502", 'office:value-type="float"')),
        ods_row(ods_cell("#N/A is a word"), f"{note}<text:p>#REF!</text:p></table:table-cell>", times=2),
        ods_row("<table:covered-table-cell/>", ods_error("#DIV/0!")),
    ]
    assert rows_of(builders.ods(tmp_path, "".join(rows))) == [
        (3, ["#N/A", "甲"]), (4, ["乙", "乙", "Err:502"]), (5, ["#N/A is a word", "#REF!"]), (6, ["#N/A is a word", "#REF!"]),
        (7, [None, "#DIV/0!"]),
    ]


def test_cells_in_error_of_another_sheet_do_not_count(tmp_path):
    path = builders.ods(tmp_path, ods_row(ods_error("#N/A")))
    assert list(reading.rows(path, "ods", "H")) == [(1, ["h"])]


def test_more_cells_in_error_than_any_sheet_has(tmp_path):
    with pytest.raises(NotTaken) as refused:
        rows_of(builders.ods(tmp_path, ods_row(ods_error("#N/A", 'table:number-columns-repeated="1000"'), times=100_000)))
    assert refused.value.code == "bomb"


def test_cells_in_error_of_an_old_workbook(tmp_path):
    """The cell that is true in the sheet, and the one that was computed, changed to errors."""
    content = bytearray((FILES / "roster.xls").read_bytes())
    truth, computed = content.find(b"\x05\x02\x08\0"), content.find(b"\x06\0\x1d\0")
    content[truth + 10 : truth + 12] = b"\x2a\1"
    content[computed + 10 : computed + 18] = b"\2\0\x17\0\0\0\xff\xff"
    (tmp_path / "a.xls").write_bytes(content)
    found = rows_of(tmp_path / "a.xls")
    assert (found[2][1][4], found[3][1][4]) == ("#N/A", "#REF!")
    assert [row[1][:4] for row in found] == [row[1][:4] for row in rows_of(FILES / "roster.xls")]


def test_an_old_workbook_that_is_broken_has_no_cells_in_error():
    content = (FILES / "roster.xls").read_bytes()
    for length in range(0, len(content), 97):
        for broken in (content[:length], content[:length] + b"\xff" * 40 + content[length + 40 :]):
            with tempfile.NamedTemporaryFile() as file:
                Path(file.name).write_bytes(broken)
                assert isinstance(legacy.errors(file.name, "名册"), dict)


def test_text_in_all_its_ways(tmp_path):
    strings = (
        '<si><t>课</t><rPh sb="0" eb="1"><t>kè</t></rPh></si>'
        '<si><r><t xml:space="preserve">才让 </t></r><r><rPr><b/></rPr><t>卓玛</t></r></si><si><t/></si>'
    )
    cells = [f'<c r="{at}1" t="s"><v>{n}</v></c>' for n, at in enumerate("ABC")]
    found = cells_of(tmp_path, *cells, inline("<![CDATA[<b>]]>", "D1"), inline("a&amp;b&#10;c", "E1"), strings=strings)
    assert found == ["课", "才让 卓玛", None, "<b>", "a&b\nc"]


def test_rare_names_stay_as_they_are_and_signs_that_no_database_takes_are_left_out(tmp_path):
    found = cells_of(tmp_path, inline("𠮷𬞟·䶮", "A1"), inline("a_x0000_b_x0007_c", "B1"), inline("　=HYPERLINK(1)", "C1"))
    assert found == ["𠮷𬞟·䶮", "abc", "　=HYPERLINK(1)"]


def test_hidden_rows_are_read_and_hidden_sheets_are_told(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as out:
        shown, hidden, very = (out.add_worksheet(name) for name in ("甲", "乙", "丙"))
        shown.write_column(0, 0, [1, 2, 3])
        shown.set_row(1, None, None, {"hidden": True})
        shown.set_column(0, 0, 10, None, {"hidden": True})
        hidden.write(0, 0, "x")
        hidden.hide()
        very.very_hidden()
        out.add_chartsheet("图")
    found = book.inspect(tmp_path / "a.xlsx", "x").sheets
    assert [(sheet.name, sheet.is_hidden, sheet.rows) for sheet in found] == [("甲", False, 3), ("乙", True, 1), ("丙", True, 0)]


def test_a_merged_cell_stands_where_its_first_is(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as out:
        sheet = out.add_worksheet()
        sheet.merge_range(0, 0, 1, 1, "合并")
        sheet.write(1, 2, "x")
    assert rows_of(tmp_path / "a.xlsx") == [(1, ["合并"]), (2, [None, None, "x"])]


def test_columns_far_to_the_right_are_not_read(tmp_path):
    assert cells_of(tmp_path, inline("甲"), inline("x", "ZZ1")) == ["甲"]


@pytest.mark.parametrize("name", ["roster.xls", "roster-1904.xls"])
def test_old_workbooks(name):
    """Written with xlwt; the second counts its days from 1904."""
    sheets = book.inspect(FILES / name, "x").sheets
    assert [(sheet.name, sheet.is_hidden) for sheet in sheets] == [("名册", False), ("旧表", True)]
    found = rows_of(FILES / name)
    assert found[2] == (4, ["才让·卓玛", "630000199001010018", date(1990, 1, 1), 3500.5, True])
    assert found[3][0] == 5 and found[3][1][0] == "𠮷祥" and as_text(found[3][1][1]) == "6.30000199001010E+17"


def test_open_documents(tmp_path):
    cells = [
        ods_cell("𠮷·甲"), '<table:table-cell office:value-type="float" office:value="630000199001010018"/>',
        '<table:table-cell office:value-type="date" office:date-value="2026-01-02"/>',
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
        '<table:table-cell table:number-columns-repeated="2"/>', ods_cell("重", 'table:number-columns-repeated="2"'),
    ]
    path = builders.ods(tmp_path, ods_row("<table:table-cell/>", times=2) + ods_row(*cells))
    assert rows_of(path) == [(3, ["𠮷·甲", 6.30000199001010e17, date(2026, 1, 2), True, None, None, "重", "重"])]
    assert [(sheet.name, sheet.is_hidden) for sheet in book.inspect(path, "x").sheets] == [("S", False), ("H", True)]


def test_the_head_is_thirty_rows_that_hold_anything(tmp_path):
    strings = "".join(f"<si><t>名{n}</t></si>" for n in range(2_000))
    rows = "".join(row(2 * n, f'<c r="A{2 * n}" t="s"><v>{1_999 - n}</v></c>') for n in range(1, 1_000))
    [sheet] = book.inspect(builders.xlsx(tmp_path, rows, strings=strings), "x").sheets
    assert (sheet.rows, sheet.columns, len(sheet.head)) == (999, 1, 30)
    assert sheet.head[0] == (2, ["名1998"]) and sheet.head[-1] == (60, ["名1969"])
