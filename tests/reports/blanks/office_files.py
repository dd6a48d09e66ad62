"""How the two workbooks in reports/data were made: layouts of a province's sheets (domain: real ones are made by hand).

`python -m tests.reports.blanks.office_files` writes them again.
"""

import struct
import zlib
from datetime import datetime
from io import BytesIO
from pathlib import Path

import xlsxwriter

FOLDER = Path(__file__).resolve().parents[3] / "reports" / "data"
EMPLOYMENT, TARGETS = "employment.xlsx", "three-targets.xlsx"
# (group, item, what the ledger knows of it); nothing where it keeps no such fact: the cell stays empty.
COLUMNS = [
    ("转移就业", "转移就业总数", "transferred"), ("转移就业", "镇内", "transferred.township"),
    ("转移就业", "镇外县内", "transferred.county"), ("转移就业", "县外市内", "transferred.prefecture"),
    ("转移就业", "市外省内", "transferred.province"), ("转移就业", "省外", "transferred.other_province"),
    ("转移就业", "国外", "transferred.abroad"),
    ("用工单位", "国企", ""), ("用工单位", "民企", ""), ("用工单位", "个体户", ""), ("用工单位", "党政机关", ""),
    ("用工单位", "事业单位", ""), ("用工单位", "合作社", ""), ("用工单位", "合计", ""),
    ("就近就业", "社区工厂", ""), ("就近就业", "就业扶贫基地", ""),
    ("公益性岗位", "公岗小计", "persons form=public_post state=away,local"),
    ("公益性岗位", "城镇公岗", ""), ("公益性岗位", "公益专岗", ""),
    ("公益性岗位", "特设公岗", ""),
    ("苏陕协作", "苏陕协作", ""), ("苏陕协作", "在苏就业", "away province=32"), ("苏陕协作", "在陕就业", "away province=61"),
    ("其他", "易地搬迁", ""),
]
FIRST = 6


def seal_picture() -> bytes:
    """A red ring as a PNG."""
    size, rows = 48, b""
    for y in range(size):
        rows += b"\0"
        for x in range(size):
            far = (x - 23.5) ** 2 + (y - 23.5) ** 2
            rows += b"\xc8\x1e\x1e\xff" if 20**2 <= far <= 23**2 or far < 5**2 else b"\0\0\0\0"
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _chunk(kind, data) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _book():
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": "", "created": datetime(2026, 1, 5, 9)})
    return buffer, book


class Looks:
    def __init__(self, book):
        base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
        line = base | {"border": 1, "align": "center"}
        self.title = book.add_format({"font_name": "黑体", "font_size": 20, "align": "center", "valign": "vcenter"})
        self.line = book.add_format(base)
        self.right = book.add_format(base | {"align": "right"})
        self.head = book.add_format(line | {"bold": True, "text_wrap": True, "bg_color": "#DDEBF7"})
        self.codes = book.add_format(line | {"font_size": 9, "font_color": "#666666"})
        self.text = book.add_format(line | {"align": "left"})
        self.number = book.add_format(line | {"num_format": "#,##0"})
        self.share = book.add_format(line | {"num_format": "0.0%"})
        self.total = book.add_format(line | {"num_format": "#,##0", "bold": True, "bg_color": "#F2F2F2"})
        self.total_share = book.add_format(line | {"num_format": "0.0%", "bold": True, "bg_color": "#F2F2F2"})
        self.foot = book.add_format(base | {"text_wrap": True, "font_size": 9, "valign": "top"})
        self.alarm = book.add_format({"font_color": "#C00000", "bold": True})


def employment() -> bytes:
    buffer, book = _book()
    looks, sheet = Looks(book), book.add_worksheet("就业统计表")
    last = len(COLUMNS) + 1
    _heading(sheet, looks, "农村劳动力就业统计表", last)
    sheet.data_validation(1, last, 1, last, {"validate": "list", "source": ["快报", "已封存"]})
    sheet.write_string(1, last, "{{status}}", looks.right)
    sheet.merge_range(2, 0, 3, 0, "序号", looks.head)
    sheet.merge_range(2, 1, 3, 1, "所属行政区", looks.head)
    _groups(sheet, looks)
    for column in range(last + 1):
        sheet.write(4, column, ["甲", "乙"][column] if column < 2 else column - 1, looks.codes)
    _body(sheet, looks)
    sheet.merge_range(FIRST + 1, 0, FIRST + 1, last, (
        "填表说明：1.转移就业指本年度在外务工累计满90天的人员，按最近一次务工地分区域统计；2.第2至7项之和等于第1项；"
        "3.本期应报{{villages_expected}}个村，实报{{villages_in}}个村；4.台账不记载的项目由业务科室另行填报。"
    ), looks.foot)
    sheet.set_row(FIRST + 1, 42)
    _paper(sheet, last, FIRST + 1)
    sheet.conditional_format(5, 7, 6, 7, {"type": "cell", "criteria": ">", "value": 1000, "format": looks.alarm})
    sheet.insert_image(0, last - 1, "seal.png", {"image_data": BytesIO(seal_picture()), "description": "印章位置"})
    _chart(book)
    book.close()
    return buffer.getvalue()


def _heading(sheet, looks, title, last):
    sheet.merge_range(0, 0, 0, last, title, looks.title)
    sheet.set_row(0, 36)
    sheet.merge_range(1, 0, 1, 3, "填报单位（盖章）：{{area}}", looks.line)
    sheet.merge_range(1, 4, 1, 6, "报告期：{{period}}", looks.line)
    sheet.merge_range(1, 7, 1, 8, "填报人：{{filled_by}}", looks.line)
    sheet.merge_range(1, 9, 1, min(last - 1, 12), "填报日期：{{date}}　单位：人", looks.right)


def _groups(sheet, looks):
    at = 2
    for group in dict.fromkeys(group for group, _item, _key in COLUMNS):
        items = [item for of, item, _key in COLUMNS if of == group]
        if len(items) > 1:
            sheet.merge_range(2, at, 2, at + len(items) - 1, group, looks.head)
        else:
            sheet.write(2, at, group, looks.head)
        for number, item in enumerate(items):
            sheet.write(3, at + number, item, looks.head)
        at += len(items)
    sheet.set_row(3, 30)


def _body(sheet, looks):
    sheet.write(5, 0, "{{row}}", looks.number)
    sheet.write(5, 1, "{{each township}}{{part.name}}", looks.text)
    sheet.merge_range(6, 0, 6, 1, "合计", looks.total)
    for number, (_group, _item, key) in enumerate(COLUMNS, 2):
        letter = xlsxwriter.utility.xl_col_to_name(number)
        sheet.write(5, number, f"{{{{{key}}}}}" if key else "", looks.number)
        if key:
            sheet.write_formula(6, number, f"=SUM({letter}6:{letter}6)", looks.total)
        else:
            sheet.write_blank(6, number, None, looks.total)


def _paper(sheet, last, last_row):
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, last, 8)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, 4)
    sheet.print_area(0, 0, last_row, last)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.freeze_panes(5, 2)


def _chart(book):
    sheet, chart = book.add_worksheet("图"), book.add_chart({"type": "column"})
    chart.add_series({
        "name": "转移就业总数", "categories": ["就业统计表", 5, 1, 5, 1], "values": ["就业统计表", 5, 2, 5, 2],
    })
    chart.set_title({"name": "各乡镇转移就业总数"})
    sheet.insert_chart("B2", chart, {"x_scale": 2, "y_scale": 1.5, "description": "各乡镇转移就业总数"})


GROUPS = [("转移就业", "transfers"), ("创业", "start_ups"), ("技能培训", "training")]


def three_targets() -> bytes:
    buffer, book = _book()
    looks, sheet = Looks(book), book.add_worksheet("三项指标")
    sheet.merge_range(0, 0, 0, 10, "转移就业、创业、技能培训三项指标完成情况表", looks.title)
    sheet.set_row(0, 36)
    sheet.merge_range(1, 0, 1, 3, "填报单位（盖章）：{{area}}", looks.line)
    sheet.merge_range(1, 4, 1, 6, "截至：{{period}}（当年累计）", looks.line)
    sheet.merge_range(1, 7, 1, 10, "{{status}}　单位：人、%", looks.right)
    sheet.merge_range(2, 0, 3, 0, "序号", looks.head)
    sheet.merge_range(2, 1, 3, 1, "乡镇", looks.head)
    sheet.write(4, 0, "{{row}}", looks.number)
    sheet.write(4, 1, "{{each township}}{{part.name}}", looks.text)
    sheet.merge_range(5, 0, 5, 1, "{{county}}", looks.total)
    for number, (group, kind) in enumerate(GROUPS):
        at = 2 + 3 * number
        sheet.merge_range(2, at, 2, at + 2, group, looks.head)
        task, done = (xlsxwriter.utility.xl_col_to_name(each) for each in (at, at + 1))
        for each, heading in enumerate(("任务", "完成", "完成率")):
            sheet.write(3, at + each, heading, looks.head)
        for row, (amount, share) in ((4, (looks.number, looks.share)), (5, (looks.total, looks.total_share))):
            sheet.write(row, at, f"{{{{target.{kind}}}}}", amount)
            sheet.write(row, at + 1, f"{{{{done.{kind}}}}}", amount)
            sheet.write_formula(row, at + 2, f'=IF({task}{row + 1}>0,{done}{row + 1}/{task}{row + 1},"")', share)
    sheet.conditional_format(4, 4, 4, 10, {"type": "data_bar", "bar_color": "#63C384", "data_bar_2010": True})
    _paper(sheet, 10, 5)
    sheet.repeat_rows(2, 3)
    sheet.freeze_panes(4, 2)
    book.close()
    return buffer.getvalue()


def main():
    (FOLDER / EMPLOYMENT).write_bytes(employment())
    (FOLDER / TARGETS).write_bytes(three_targets())


if __name__ == "__main__":
    main()
