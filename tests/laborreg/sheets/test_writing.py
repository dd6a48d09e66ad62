"""What is written comes back as it was; nothing typed becomes a formula."""

from datetime import date

import openpyxl
import pytest
from django.utils.translation import gettext_lazy, override

from laborreg.sheets import book, child, header, reading, writing
from tests.laborreg.sheets import builders
from tests.laborreg.sheets.builders import inline, row
from tests.laborreg.sheets.test_hostile import peak
from tests.laborreg.sheets.test_reading import FILES

COLUMNS = [("姓名", "text", 12), ("身份证号", "text", 22), ("月收入", "number", 10), ("外出日期", "day", 12)]
PEOPLE = [
    ("𠮷·卓玛", "630000199001010018", 4000, date(2026, 1, 2)),
    ("=cmd|'/c calc'!A1", "63000019900101001X", None, None),
    ("@SUM(1)", "+8613800000000", 0, date(1950, 1, 1)),
    ("-甲\n乙", "000123", 12, None),
    ("_x0041_<&>\"'", "http://a.b", 1, None),
]


def read(path, sheet="Sheet1"):
    return list(reading.rows(path, book.kind_of(path, ""), sheet))


def cut(people):
    """Without the empty cells at a row's end, as rows are read."""
    for person in people:
        cells = list(person)
        while cells[-1] is None:
            cells.pop()
        yield cells


def test_a_roster_comes_back_as_it_was(tmp_path):
    path = tmp_path / "a.xlsx"
    writing.write_rows(path, COLUMNS, iter(PEOPLE), title_lines=["大通县名册", "2026年3月"])
    found = read(path)
    assert found[:3] == [(1, ["大通县名册"]), (2, ["2026年3月"]), (3, [heading for heading, _kind, _width in COLUMNS])]
    assert [cells for _number, cells in found[3:]] == list(cut(PEOPLE))


def test_no_cell_of_a_roster_is_a_formula_and_ids_are_text(tmp_path):
    writing.write_rows(tmp_path / "a.xlsx", COLUMNS, PEOPLE)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert {cell.data_type for line in sheet["A2:B6"] for cell in line} <= {"s", "inlineStr"}
    assert sheet["B2"].number_format == "@" and sheet["D2"].is_date and sheet["C2"].value == 4000
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("titles", [[], ["甲"], ["甲", "乙"]])
def test_a_roster_of_nobody_has_its_headings_and_columns_of_one_name_stay_two(tmp_path, titles):
    writing.write_rows(tmp_path / "a.xlsx", [("姓名", "text", 9), ("姓名", "text", 9)], [], title_lines=titles)
    assert read(tmp_path / "a.xlsx")[-1] == (len(titles) + 1, ["姓名", "姓名 (2)"])


def grown(path, count):
    """Writes so many rows; by how many megabytes that made the process grow."""
    writing.write_rows(path, COLUMNS, (PEOPLE[0] for _n in range(1_000)))
    before = peak()
    writing.write_rows(path, COLUMNS, (PEOPLE[0] for _n in range(count)))
    return peak() - before


def test_memory_is_flat_however_many_rows(tmp_path):
    assert child.run(grown, str(tmp_path / "a.xlsx"), 60_000, seconds=60, megabytes=600, bare=True) < 10


def test_text_comes_back_as_it_was(tmp_path):
    writing.write_csv(tmp_path / "a.csv", COLUMNS, PEOPLE)
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and b"\n=" not in content and b"'=cmd" in content
    names = [cells[0] for _number, cells in read(tmp_path / "a.csv", "")]
    assert names == ["姓名", *(person[0] for person in PEOPLE)]


FORM = [
    writing.TemplateColumn(gettext_lazy("Township"), "桥头镇", required=True, note="=notes"),
    writing.TemplateColumn("身份证号", "630000199001010018", required=True),
    writing.TemplateColumn("性别", "男", choices=("男", "女")),
    writing.TemplateColumn("民族", "藏族", choices=tuple(f"第{n}个民族" for n in range(56))),
    writing.TemplateColumn("外出日期", "2026-01-02", kind="day"),
    writing.TemplateColumn("行业", choices=("交通运输、仓储", "制造业")),
]


def test_a_template_offers_lists_and_keeps_ids_as_text(tmp_path):
    with override("zh-hans"):
        writing.template(tmp_path / "t.xlsx", FORM, title="务工人员", version="3")
    out = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = out["务工人员"]
    assert sheet.freeze_panes == "A2" and sheet.column_dimensions["B"].width > 10
    assert out.custom_doc_props["laborreg template"].value == "3"
    lists = {str(rule.sqref)[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists["C"] == '"男,女"' and lists["D"].endswith("!$D$1:$D$56")
    hidden = out.worksheets[1]
    assert hidden.sheet_state == "hidden" and hidden["D56"].value == "第55个民族"


def test_a_template_is_read_back_by_its_headings_and_explains_itself_in_both_languages(tmp_path):
    with override("zh-hans"):
        writing.template(tmp_path / "t.xlsx", FORM, title="务工人员", version="3")
    sheets = book.inspect(tmp_path / "t.xlsx", "x").sheets
    assert header.find(sheets[0].head).headings == ["乡镇", "身份证号", "性别", "民族", "外出日期", "行业"]
    said = [cells[0] for _number, cells in sheets[-1].head if cells]
    assert "乡镇" in said and "Township" in said
    offered = [cells[3] for _number, cells in sheets[-1].head if len(cells) > 3]
    assert {"男、女", "男, 女", "交通运输、仓储\n制造业", "交通运输、仓储, 制造业"} <= set(offered)


MARKS, ADVICE = {(4, 2): "不足18位", (5, 1): "姓名没有写"}, {4: "=请补全身份证号", 5: "请写姓名"}


def people(folder):
    headings = row(3, inline("姓名", "A3"), inline("身份证号", "B3"))
    return builders.xlsx(folder, headings + row(4, inline("甲", "A4"), inline("63", "B4")) + row(5, inline("1", "B5")))


def test_errors_are_marked_in_the_file_of_the_office_itself(tmp_path):
    writing.mark(people(tmp_path), tmp_path / "m.xlsx", "S", MARKS, ADVICE)
    sheet = openpyxl.load_workbook(tmp_path / "m.xlsx")["S"]
    assert sheet["B4"].comment.text == "不足18位" and sheet["B4"].fill.fgColor.rgb.endswith("FDE2DF")
    assert sheet["A5"].comment.text == "姓名没有写" and sheet["A4"].comment is None
    assert sheet["C3"].value and sheet["C4"].value == "=请补全身份证号" and sheet["C4"].data_type == "s"
    assert read(tmp_path / "m.xlsx", "S")[1] == (4, ["甲", "63", "=请补全身份证号"])


@pytest.mark.parametrize("name", ["roster.xls", "a.csv", "large.xlsx"])
def test_errors_of_other_files_are_marked_in_a_new_workbook_at_the_same_places(tmp_path, monkeypatch, name):
    source, sheet = FILES / name, "名册"
    if name == "a.csv":
        source, sheet = tmp_path / name, ""
        source.write_text("名册\n\n姓名,身份证号\n甲,63\n,1\n", encoding="utf-8")
    elif name == "large.xlsx":
        monkeypatch.setattr("laborreg.sheets.marking.KEPT_CELLS", 1)
        source, sheet = people(tmp_path), "S"
    writing.mark(source, tmp_path / "m.xlsx", sheet, MARKS, ADVICE, header_row=3)
    [made] = openpyxl.load_workbook(tmp_path / "m.xlsx").worksheets
    assert made["B4"].comment.text == "不足18位" and made["B4"].fill.fgColor.rgb.endswith("FDE2DF")
    before, after = read(source, sheet), read(tmp_path / "m.xlsx", made.title)
    assert [number for number, _cells in after] == [number for number, _cells in before]
    assert after[-2][1][-1] == "=请补全身份证号"
    texts = [[reading.as_text(cell) for cell in cells] for cells in (before[-2][1], after[-2][1])]
    assert texts[1][: len(texts[0])] == texts[0]


def test_a_workbook_that_cannot_be_kept_with_its_looks_is_written_anew(tmp_path):
    broken = builders.xlsx(tmp_path, row(4, inline("甲", "A4")), more={"xl/worksheets/_rels/sheet1.xml.rels": "<nothing"})
    writing.mark(broken, tmp_path / "m.xlsx", "S", {(4, 1): "x"}, {4: "y"})
    assert read(tmp_path / "m.xlsx", "S") == [(4, ["甲", "y"])]
