"""Workbooks edited in place: what was not touched is as it came, what was moved is followed, hostile ones are refused."""

import random
import re
import tempfile
import zipfile
from io import BytesIO
from unittest import mock

import openpyxl
import pytest
from django.test import SimpleTestCase
from lxml import etree

from laborreg.sheets import child, package
from laborreg.sheets.faults import NotTaken
from laborreg.sheets.grid import Grid, letters, number_of
from laborreg.sheets.growing import grow
from laborreg.sheets.package import Package
from laborreg.sheets.recalculating import recalculate
from laborreg.sheets.references import Growth, grown
from tests.laborreg.sheets.office_book import EXTENSION, OWN, parts_of, repacked, rich_book
from tests.laborreg.sheets.test_hostile import peak


def looked_at(content: bytes):
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        package.look(file.name)


class InPlace(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.content = rich_book()

    def grown_by(self, times):
        found = Package(self.content)
        grow(found, "表", 4, times)
        grid = Grid(found, "表")
        for number in range(times):
            grid.put(f"A{4 + number}", f"镇{number}")
            grid.put(f"B{4 + number}", number + 1)
        recalculate(found)
        return found

    def test_untouched_comes_out_as_it_went_in(self):
        self.assertEqual(parts_of(Package(self.content).content()), parts_of(self.content))
        self.assertEqual(list(parts_of(Package(self.content).content())), list(parts_of(self.content)))

    def test_a_cell_is_set_and_every_other_part_is_the_same_byte_for_byte(self):
        found = Package(self.content)
        Grid(found, "表").put("C4", 77)
        Grid(found, "表").put("A4", "=cmd|'/c calc'!A1")
        recalculate(found)
        before, after = parts_of(self.content), parts_of(found.content())
        changed = {name for name in before if after[name] != before[name]}
        # The other sheet names a sum of this one: its saved value follows.
        self.assertEqual(changed, {"xl/workbook.xml", SHEET, "xl/worksheets/sheet2.xml"})
        sheet = openpyxl.load_workbook(BytesIO(found.content()))["表"]
        number = sheet["C4"]
        self.assertEqual((number.value, number.number_format, number.fill.start_color.rgb), (77, "#,##0", "FFDDEBF7"))
        self.assertEqual((sheet["A4"].value, sheet["A4"].data_type), ("=cmd|'/c calc'!A1", "s"))

    def test_extensions_and_parts_of_other_makers_stay(self):
        after = parts_of(self.grown_by(20).content())
        self.assertEqual(after[OWN], parts_of(self.content)[OWN])
        self.assertIn(b'etc:cellProtect locked="0" area="keep"', after["xl/worksheets/sheet1.xml"])
        self.assertIn("cellProtect", EXTENSION)
        self.assertIn(b"mc:AlternateContent", after["xl/worksheets/sheet2.xml"])
        self.assertEqual(after["customXml/item1.xml"], "<blob>保留</blob>".encode())
        picture = next(name for name in after if name.startswith("xl/media/"))
        self.assertEqual(after[picture], parts_of(self.content)[picture])

    def test_what_names_rows_follows_a_repeated_row(self):
        content = self.grown_by(20).content()
        book = openpyxl.load_workbook(BytesIO(content))
        sheet = book["表"]
        self.assertEqual([sheet[f"{c}24"].value for c in "ABC"], ["合计", "=SUM(B4:B23)", "=SUM(C4:C23)"])
        self.assertEqual(sheet["B25"].value, "=SUM(B4:B23)+0")
        self.assertEqual(sheet["D13"].value, "=IF(B$25>0,B13/B$25,0)")
        self.assertEqual(sheet["B24"].comment, None)
        self.assertEqual(sheet["A24"].comment.text, "此行勿改")
        self.assertEqual(sheet.print_area, "'表'!$A$1:$F$27")
        self.assertEqual(sheet.print_title_rows, "$3:$3")
        merged = {str(each) for each in sheet.merged_cells.ranges}
        self.assertEqual(merged, {"A1:E1"} | {f"E{row}:F{row}" for row in range(4, 24)})
        lists = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
        self.assertEqual(lists, {"E4:E23": '"是,否"', "E25": "$A$4:$A$25"})
        self.assertEqual({str(each.sqref) for each in sheet.conditional_formatting}, {"B4:B24", "C4:C25"})
        self.assertEqual([each.id for each in sheet.row_breaks.brk], [24])
        self.assertEqual(sheet.auto_filter.ref, "A3:E23")
        self.assertEqual(book.defined_names["合计数"].value, "表!$B$24")
        self.assertEqual(book["其他"]["A1"].value, "=表!B24*2")
        self.assertIn(b"<xdr:row>26</xdr:row>", parts_of(content)["xl/drawings/drawing1.xml"])
        chart = next(text for name, text in parts_of(content).items() if name.startswith("xl/charts/chart"))
        self.assertIn("表!$B$4:$B$23", chart.decode())

    def test_saved_values_are_those_of_the_filled_cells(self):
        sheet = openpyxl.load_workbook(BytesIO(self.grown_by(20).content()), data_only=True)["表"]
        self.assertEqual(sheet["B24"].value, sum(range(1, 21)))
        self.assertEqual(sheet["B25"].value, 210)
        self.assertEqual(sheet["D5"].value, 2 / 210)

    def test_a_formula_that_is_not_known_loses_its_saved_value_and_the_workbook_calculates_on_load(self):
        content = repacked(self.content, {"xl/worksheets/sheet1.xml": lambda text: text.replace(
            b"SUM(C4:C4)</f><v>0</v>", b"SUMPRODUCT(C4:C4)</f><v>9</v>")})
        found = Package(content)
        Grid(found, "表").put("C4", 5)
        recalculate(found)
        after = parts_of(found.content())
        self.assertIn(b"SUMPRODUCT(C4:C4)</f></c>", after["xl/worksheets/sheet1.xml"])
        self.assertIn(b'fullCalcOnLoad="1"', after["xl/workbook.xml"])

    def test_looks_inside_a_text_stay(self):
        found = Package(self.content)
        grid = Grid(found, "表")
        grid.put_pieces("A2", lambda text: text.replace("{{period}}", "2026年10月"))
        self.assertEqual(grid.text("A2"), "期末 2026年10月 止")
        runs = re.findall(r"<b/>|FFFF0000|2026年10月", parts_of(found.content())["xl/worksheets/sheet1.xml"].decode())
        self.assertEqual(runs.count("<b/>"), 2)


class Repeating(SimpleTestCase):
    def test_any_sheet_of_sums_comes_to_the_same_as_one_written_out(self):
        """Rows above and below, references of every kind, with a chance of their own; openpyxl is not asked to write."""
        chance = random.Random(20261104)
        for _round in range(40):
            above, below, times = chance.randint(0, 4), chance.randint(1, 4), chance.randint(1, 7)
            row, last = above + 1, above + 1 + below
            book = openpyxl.Workbook()
            sheet = book.active
            for each in range(1, last + 1):
                sheet[f"A{each}"] = chance.randint(1, 99)
            first, end = sorted((chance.randint(1, row), chance.randint(row, last)))
            sheet[f"B{last}"] = f"=SUM(A{first}:A{end})"
            sheet[f"C{last}"] = f"=A{last}+A1"
            sheet[f"B{row}"] = f"=A{row}*2"
            buffer = BytesIO()
            book.save(buffer)
            found = Package(buffer.getvalue())
            grow(found, "Sheet", row, times)
            found.touch(SHEET)
            recalculate(found)
            filled = openpyxl.load_workbook(BytesIO(found.content()), data_only=True).active
            before = [sheet[f"A{each}"].value for each in range(1, last + 1)]
            expected = before[: row - 1] + [before[row - 1]] * times + before[row:]
            moved = last + times - 1
            self.assertEqual([filled[f"A{each}"].value for each in range(1, moved + 1)], expected)
            self.assertEqual(filled[f"B{moved}"].value, sum(expected[first - 1 : end + times - 1]))
            self.assertEqual(filled[f"C{moved}"].value, expected[-1] + expected[0])
            for each in range(row, row + times):
                if each != moved:
                    self.assertEqual(filled[f"B{each}"].value, before[row - 1] * 2)

    def test_references(self):
        growth = Growth("表", 5, 3)
        for before, after in {
            "SUM(B5)": "SUM(B5:B8)", "B5": "B5", "B6": "B9", "SUM(B1:B4)": "SUM(B1:B4)", "SUM($B$5:$B$6)": "SUM($B$5:$B$9)",
            "SUM(5:6)": "SUM(5:9)", "A:A": "A:A", "'其他'!B9": "'其他'!B9", "表!B6": "表!B9", '"B6"&B6': '"B6"&B9',
            "VLOOKUP(A6,$A$5:$C$20,3,FALSE)": "VLOOKUP(A9,$A$5:$C$23,3,FALSE)", "LOG10(B6)": "LOG10(B9)",
        }.items():
            self.assertEqual(grown(before, growth, on="表"), after)
        self.assertEqual(grown("B5/B$6+SUM(B$5:B5)", growth, on="表", copy=2), "B7/B$9+SUM(B$5:B7)")
        self.assertEqual([letters(n) for n in (1, 26, 27, 703)], ["A", "Z", "AA", "AAA"])
        self.assertEqual(number_of("xfd"), 16_384)

    def test_formulas_written_once_for_many_cells_are_written_out(self):
        book = openpyxl.Workbook()
        sheet = book.active
        for row in range(1, 5):
            sheet[f"A{row}"] = row
        buffer = BytesIO()
        book.save(buffer)
        shared = b'<c r="B%d"><f t="shared" si="0"%s</c>'

        def with_shared(text):
            for row in range(1, 5):
                inside = b' ref="B1:B4">A1*10</f>' if row == 1 else b"/>"
                text = text.replace(b'</c></row>', b"</c>" + shared % (row, inside) + b"</ROW>", 1)
            return text.replace(b"</ROW>", b"</row>")

        content = repacked(buffer.getvalue(), {"xl/worksheets/sheet1.xml": with_shared})
        found = Package(content)
        grow(found, "Sheet", 2, 3)
        recalculate(found)
        filled = openpyxl.load_workbook(BytesIO(found.content()), data_only=True).active
        self.assertEqual([filled[f"B{row}"].value for row in range(1, 7)], [10, 20, 20, 20, 30, 40])

    def test_a_row_merged_with_the_next_is_refused(self):
        book = openpyxl.Workbook()
        book.active["A2"] = "x"
        book.active.merge_cells("A2:A3")
        buffer = BytesIO()
        book.save(buffer)
        with self.assertRaisesMessage(NotTaken, "merged with the row below"):
            grow(Package(buffer.getvalue()), "Sheet", 2, 3)


def plain_book(change=None) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    if change:
        change(book.active)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_breaks(count) -> bytes:
    """Some kilobytes that grow into a tree of `count` elements."""
    breaks = b"<rowBreaks>" + b"<brk/>" * count + b"</rowBreaks></worksheet>"
    return repacked(plain_book(), {"xl/worksheets/sheet1.xml": lambda text: text.replace(b"</worksheet>", breaks)})


def protected(sheet):
    sheet.protection.sheet = True


SHEET = "xl/worksheets/sheet1.xml"
HOSTILE = {
    "macro": lambda: repacked(plain_book(), more={"xl/vbaProject.bin": b"x"}),
    "linked": lambda: repacked(plain_book(), more={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
    "protected": lambda: plain_book(protected),
    "strict": lambda: repacked(plain_book(), {"xl/workbook.xml": lambda text: text.replace(
        b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main")}),
    "bomb": lambda: repacked(plain_book(), {SHEET: lambda text: (
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + text.replace(b"x", b"x"))}),
    "corrupt": lambda: plain_book()[:-200],
    "encrypted": lambda: (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + b"".join(
        name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", "EncryptedPackage")).ljust(512, b"\0")),
    "not_xlsx": lambda: "姓名,村\n王,大煤洞\n".encode(),
    "not_a_blank": lambda: b"%PDF-1.4 paper",
    "too_full": lambda: with_breaks(700_000),
    "too_many_sheets": lambda: repacked(plain_book(), more={
        f"xl/worksheets/more{n}.xml": b"<worksheet><sheetData/></worksheet>" for n in range(50)}),
    "empty": lambda: b"",
}


@pytest.mark.parametrize("code", HOSTILE)
def test_what_cannot_be_filled_is_named(code):
    with pytest.raises(NotTaken) as refused:
        looked_at(HOSTILE[code]())
    assert refused.value.code == code, refused.value.message


def test_a_zip_bomb_and_a_merge_over_everything_are_refused():
    huge = repacked(plain_book(), {SHEET: lambda text: text.replace(b"</sheetData>", b"</sheetData>" + b" " * 21_000_000)})
    with pytest.raises(NotTaken):
        Package(huge)
    wide = repacked(plain_book(), {SHEET: lambda text: text.replace(
        b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A1:ZZ900000"/></mergeCells>')})
    with pytest.raises(NotTaken) as refused:
        Grid(Package(wide), "Sheet").top_left("B2")
    assert refused.value.code == "bomb"


def test_formulas_in_a_ring_and_errors_have_no_saved_value():
    def ring(sheet):
        sheet["A1"], sheet["B1"], sheet["C1"], sheet["D1"] = "=B1", "=A1", "=1/0", '=IFERROR(C1,"无")&"止"'
        sheet["E1"] = "=SUM(A2:A3)/COUNT(A2:A3)*-2^2+ROUND(2.345,2)%"
        sheet["A2"], sheet["A3"] = 3, 5

    found = Package(plain_book(ring))
    found.touch(SHEET)
    recalculate(found)
    sheet = openpyxl.load_workbook(BytesIO(found.content()), data_only=True).active
    assert [sheet[f"{c}1"].value for c in "ABCD"] == [None, None, "#DIV/0!", "无止"]
    assert sheet["E1"].value == pytest.approx(4 * 4 + 0.0235)


def value_of(formulas: dict, at: str):
    """What is saved with one cell after all were worked out."""
    def written(sheet):
        for place, formula in formulas.items():
            sheet[place] = formula

    found = Package(plain_book(written))
    found.touch(SHEET)
    recalculate(found)
    return openpyxl.load_workbook(BytesIO(found.content()), data_only=True).active[at].value


DOUBLED = {"A1": "ab"} | {f"A{row}": f"=A{row - 1}&A{row - 1}" for row in range(2, 40)}


@pytest.mark.parametrize(("formulas", "at"), [
    (DOUBLED, "A39"),
    ({"B1": "=" + "(" * 3_000 + "1" + ")" * 3_000}, "B1"),
    ({"B1": "=" + "-" * 3_000 + "1"}, "B1"),
    ({f"A{row}": f"=A{row + 1}+1" for row in range(1, 400)}, "A1"),
    ({"B1": "=ROUND(1E+30,15)"}, "B1"),
    ({"B1": "=100000000.5^100"}, "B1"),
    ({"B1": "=1E+308*10"}, "B1"),
    ({"A1": "=1000000000^99"} | {f"A{row}": f"=A{row - 1}*A{row - 1}" for row in range(2, 40)}, "A39"),
    ({"B1": "=ROUND(1)"}, "B1"), ({"B1": "=IFERROR()"}, "B1"), ({"B1": "=ABS()"}, "B1"),
    ({"B1": "=1" + "+1" * 5_000}, "B1"),
    ({f"A{row}": "=SUM(B1:ZZ3000)" for row in range(1, 50)}, "A49"),
], ids=[
    "doubled text", "brackets", "signs", "a long chain", "round", "power", "infinite", "doubled number", "one argument",
    "no arguments", "none of one", "a long formula", "much work",
])
def test_what_a_formula_cannot_be_told_has_no_saved_value(formulas, at):
    assert value_of(formulas, at) is None


def test_large_numbers_are_floats_and_a_part_that_can_be_told_is_told():
    assert value_of({"B1": "=10^15+1"}, "B1") == 1e15 + 1
    assert value_of({"B1": "=123456789*1000000000"}, "B1") == pytest.approx(1.23456789e17)
    assert value_of(DOUBLED, "A5") == "ab" * 16
    assert value_of({"B1": "=ROUND(2.5,0)&TRUE"}, "B1") == "3TRUE"


def growth(path) -> tuple[str, float]:
    """What a look says of a file, and by how many megabytes it grew meanwhile."""
    before = peak()
    try:
        package.look(path)
        answer = "taken"
    except NotTaken as fault:
        answer = fault.code
    return answer, peak() - before


@pytest.mark.parametrize("about", [
    lambda: with_breaks(3_000_000),
    lambda: repacked(with_breaks(10), more={f"xl/media/{n}.xml": b"<a>" + b" " * 4_000_000 + b"</a>" for n in range(12)}),
    lambda: repacked(plain_book(), {SHEET: lambda text: text.replace(b"</worksheet>", b"<x %s/></worksheet>" % b" ".join(
        b'a%d=""' % n for n in range(300_000)))}),
    lambda: repacked(plain_book(), more={"xl/drawings/vmlDrawing1.vml": b'<?xml version="1.1"?><xml>' + b"<a/>" * 900_000}),
    lambda: repacked(plain_book(), {SHEET: lambda text: text.replace(
        b"</sheetData>", b'<row r="2"><c r="A2"><f>' + b"1+" * 1_100_000 + b"1</f></c></row></sheetData>")}),
], ids=["breaks", "unpacked", "attributes", "no sound XML", "formulas"])
def test_what_would_fill_the_memory_is_refused_in_little_of_it(tmp_path, about):
    path = tmp_path / "book.xlsx"
    path.write_bytes(about())
    answer, megabytes = child.run(growth, str(path), seconds=30, megabytes=1_000, bare=True)
    assert answer == "too_full"
    assert megabytes < 100


def test_every_element_and_attribute_of_every_part_counts():
    with zipfile.ZipFile(BytesIO(plain_book())) as found:
        nodes = sum(1 + len(each.attrib) for name in found.namelist() for each in etree.fromstring(found.read(name)).iter())
        spaces = sum(len(re.findall(rb"\sxmlns[:=]", found.read(name))) for name in found.namelist())
    with mock.patch.object(package, "MOST_NODES", nodes + spaces):
        looked_at(plain_book())
    with mock.patch.object(package, "MOST_NODES", nodes + spaces - 1), pytest.raises(NotTaken):
        looked_at(plain_book())


def test_a_part_in_other_signs_is_no_tree():
    strange = repacked(plain_book(), {SHEET: lambda text: text.decode().encode("utf-32-be")})
    with pytest.raises(NotTaken):
        Package(strange).tree(SHEET)


def test_copies_of_a_row_are_bounded():
    wide = plain_book(lambda sheet: [sheet.cell(2, column, 1) for column in range(1, 1_001)])
    with pytest.raises(NotTaken) as refused:
        grow(Package(wide), "Sheet", 2, 500)
    assert refused.value.code == "too_full"
