"""A workbook with everything that an office program may put around a table, and parts of a maker's own."""

import zipfile
from io import BytesIO

import xlsxwriter

from tests.reports.blanks.office_files import seal_picture

OWN = "xl/ksWpsCustom/settings.xml"
EXTENSION = (
    '<extLst><ext uri="{7523E5D3-25F3-A5E0-1632-64F254C22452}" xmlns:etc="http://www.wps.cn/officeDocument/2018/etCustomData">'
    '<etc:cellProtect locked="0" area="keep"/></ext></extLst>'
)
ALTERNATE = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="x14"/><mc:Fallback/></mc:AlternateContent>'
)


def rich_book() -> bytes:
    """Sheet 表 with a title, a table of rows 4 (to be repeated), 5 and a total in 6; sheet 其他 that names it."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet, other = book.add_worksheet("表"), book.add_worksheet("其他")
    border = book.add_format({"border": 1, "num_format": "#,##0", "bg_color": "#DDEBF7"})
    bold = book.add_format({"bold": True, "font_color": "red"})
    sheet.merge_range("A1:E1", "{{area}}报表", border)
    sheet.write_rich_string("A2", bold, "期末", " {{period}} ", bold, "止")
    for column, heading in enumerate(("乡镇", "在外", "男", "占比", "选项")):
        sheet.write(2, column, heading, border)
    sheet.write("A4", "镇", border)
    sheet.merge_range("E4:F4", "", border)
    sheet.write("B4", 1, border)
    sheet.write("C4", 2, border)
    sheet.write_formula("D4", "=IF(B$6>0,B4/B$6,0)", border, 0)
    sheet.write("A5", "合计", border)
    for letter in "BC":
        sheet.write_formula(f"{letter}5", f"=SUM({letter}4:{letter}4)", border, 0)
        sheet.write_formula(f"{letter}6", f"=SUM({letter}4)+0", border, 0)
    sheet.data_validation("E4", {"validate": "list", "source": ["是", "否"]})
    sheet.data_validation("E6", {"validate": "list", "source": "=$A$4:$A$6"})
    sheet.conditional_format("B4:B5", {"type": "cell", "criteria": ">", "value": "$B$6", "format": bold})
    sheet.conditional_format("C4:C6", {"type": "data_bar", "data_bar_2010": True})
    sheet.print_area("A1:F8")
    sheet.repeat_rows(2, 2)
    sheet.set_h_pagebreaks([5])
    sheet.autofilter("A3:E4")
    sheet.insert_image("B8", "seal.png", {"image_data": BytesIO(seal_picture())})
    sheet.write_comment("A5", "此行勿改")
    sheet.write_url("A7", "internal:'其他'!A1", string="说明")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"categories": "=表!$A$4:$A$4", "values": "=表!$B$4:$B$4"})
    sheet.insert_chart("H2", chart)
    other.write_formula("A1", "=表!B5*2", None, 0)
    other.write("A2", "与填报无关")
    book.define_name("合计数", "=表!$B$5")
    book.close()
    return with_own_parts(buffer.getvalue())


def with_own_parts(content: bytes) -> bytes:
    """WPS writes a part and an extension of its own, and alternates for older programs."""
    return repacked(content, {
        "xl/worksheets/sheet1.xml": lambda text: text.replace(b"</worksheet>", EXTENSION.encode() + b"</worksheet>")
        if b"<extLst>" not in text else text.replace(b"<extLst>", EXTENSION.encode().replace(b"</extLst>", b""), 1),
        "xl/worksheets/sheet2.xml": lambda text: text.replace(b"</sheetData>", b"</sheetData>" + ALTERNATE.encode()),
    }, {OWN: b'<s:customData xmlns:s="http://www.wps.cn/officeDocument/2013/wpsCustomData"><s:keep/></s:customData>',
        "customXml/item1.xml": b"<blob>\xe4\xbf\x9d\xe7\x95\x99</blob>"})


def repacked(content: bytes, changes=None, more=None, without=()) -> bytes:
    """The same package with some parts changed, added or left out."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in without:
                change = (changes or {}).get(info.filename, bytes)
                new.writestr(info, change(old.read(info.filename)))
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return buffer.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}
