"""A brief as a Word file: headings, paragraphs and tables of Word's own, 宋体 and 黑体, with page numbers.

Word draws no SVG that every version and WPS would show, and there is no library here that paints pictures: so the
drawings become tables with bars of characters.
"""

from io import BytesIO

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from laborreg.charts.svg import figure as number
from laborreg.rounding import percent
from reports.briefs.showing import Sheet
from reports.models import BriefVersion

SONG, HEI = "宋体", "黑体"
LATIN = "Times New Roman"
BAR = 20  # characters of the longest bar
RED = RGBColor(0xC0, 0x00, 0x00)


def file_name(area: str, month, version: BriefVersion | None) -> str:
    return f"brief-{area}-{month}-{'draft' if version is None else f'v{version.number}'}.docx"


def document(sheet: Sheet, version: BriefVersion | None) -> bytes:
    """The file; a draft says that it is one."""
    made = Document()
    _set_up(made, sheet)
    _letterhead(made, sheet, version)
    for each in sheet.visible:
        made.add_heading(each.title, level=2)
        _words(made, each.text)
        if each.exhibit:
            EXHIBITS[each.exhibit](made, sheet)
    _foot(made, sheet, version)
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


# Page and letterhead.

def _set_up(made, sheet):
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    section.top_margin = section.bottom_margin = Mm(25)
    for name, font, size in (("Normal", SONG, 12), ("Heading 1", HEI, 22), ("Heading 2", HEI, 14), ("Caption", SONG, 9),
                             ("Header", SONG, 9), ("Footer", SONG, 9)):
        _font(made.styles[name], font, size)
    made.core_properties.title = f"{sheet.heading} · {sheet.month.label}"
    made.core_properties.author = sheet.bureau
    made.core_properties.comments = ""
    running = [sheet.bureau, sheet.heading, sheet.month.label, *([_("Provisional")] if sheet.state else [])]
    section.header.paragraphs[0].text = "　".join(running)
    section.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _page_numbers(section.footer.paragraphs[0])


def _font(style, font: str, size: int):
    """Latin letters and Chinese characters each have a font of their own in Word."""
    style.font.name, style.font.size = LATIN, Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.font.italic = False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for name, value in (("w:ascii", LATIN), ("w:hAnsi", LATIN), ("w:eastAsia", font)):
        fonts.set(qn(name), value)


def _page_numbers(paragraph):
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for field in ("PAGE", "NUMPAGES"):
        if field == "NUMPAGES":
            paragraph.add_run(" / ")
        for kind, words in (("begin", ""), ("", field), ("separate", ""), ("text", "1"), ("end", "")):
            paragraph.add_run()._r.append(_piece(kind, words))


def _piece(kind, words):
    """One of the runs of a field: what it is, and the number that stands there until it is worked out."""
    if kind in ("", "text"):
        piece = OxmlElement("w:t" if kind else "w:instrText")
        piece.text = words if kind else f" {words} "
        return piece
    piece = OxmlElement("w:fldChar")
    piece.set(qn("w:fldCharType"), kind)
    return piece


def _letterhead(made, sheet, version):
    head = made.add_heading(sheet.heading, level=1)
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in head.runs:
        run.font.color.rgb = RED
    if sheet.state:
        state = made.add_paragraph()
        state.add_run(sheet.state).bold = True
        state.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number_ = sheet.issue if version is None or version.number == 1 else f"{sheet.issue} · {_version(version)}"
    line = made.add_paragraph(number_)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    at = timezone.localtime(version.issued_at if version else sheet.taken_at)
    line = made.add_paragraph(f"{sheet.bureau}\t{date_format(at, 'Y-m-d') if version else _('Draft, not issued')}")
    line.paragraph_format.tab_stops.add_tab_stop(Mm(158), alignment=2)
    _line_below(line)


def _version(version) -> str:
    return _("version %(n)d") % {"n": version.number}


def _line_below(paragraph):
    """The red line of an official paper."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "4"), ("color", "C00000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _words(made, text):
    for line in text.splitlines():
        paragraph = made.add_paragraph(line)
        paragraph.paragraph_format.first_line_indent = Pt(24)
        paragraph.paragraph_format.line_spacing = 1.5


def _foot(made, sheet, version):
    taken = date_format(timezone.localtime(sheet.taken_at), "Y-m-d H:i")
    said = [_("Figures as of %(moment)s.") % {"moment": taken}]
    if version:
        said.append(_("Issued on %(day)s by %(name)s, version %(n)d. SHA-256 %(hash)s") % {
            "day": date_format(timezone.localtime(version.issued_at), "Y-m-d"), "name": version.issued_by.name,
            "n": version.number, "hash": version.hash,
        })
    made.add_paragraph(" ".join(said), style="Caption")


# Tables.

def _table(made, caption, headings, rows, *, words=1):
    """`words`: how many columns from the left are no numbers."""
    made.add_paragraph(caption, style="Caption").paragraph_format.keep_with_next = True
    table = made.add_table(rows=1, cols=len(headings), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _repeated(table.rows[0])
    for row, values in zip([table.rows[0], *(table.add_row() for _row in rows)], [headings, *rows], strict=True):
        for n, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
            _cell(cell, value, is_head=row is table.rows[0], is_number=n >= words)
    return table


def _repeated(row):
    """The head stands on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _cell(cell, value, *, is_head, is_number):
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(number(value) if isinstance(value, int) or value is None else value)
    run.font.size, run.font.bold = Pt(9), is_head
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_number else WD_ALIGN_PARAGRAPH.LEFT


def _bar(value, largest) -> str:
    return "█" * max(round(value / largest * BAR), 1) if isinstance(value, int) and value and largest else ""


def _change(change) -> str:
    if change is None:
        return "–"
    return f"{'+' if change.amount > 0 else '−' if change.amount < 0 else ''}{change.distance:,}"


def _trend(made, sheet):
    rows = sheet.trend_rows()
    largest = max((now for _m, now, _before in rows if now), default=0)
    _table(made, sheet.trend_label, [_("Month"), "", _("Away"), _("A year before")], [
        [_named(month, sheet.festivals), _bar(now, largest), now, before] for month, now, before in rows
    ], words=2)
    _note_alike(made, sheet)


def _note_alike(made, sheet):
    if sheet.alike_note:
        made.add_paragraph(sheet.alike_note, style="Caption")


def _named(month, festivals) -> str:
    return _("%(month)s (Spring Festival)") % {"month": month.label} if month in festivals else month.label


def _figures(made, sheet):
    headings = [_("Figure"), sheet.month.label, sheet.month.previous.label, sheet.month.a_year_before.label, _("On last year")]
    _table(made, _("Figures of %(month)s") % {"month": sheet.month.label}, headings, [
        [row.label, row.now, row.before, row.a_year_before, _change(row.change)] for row in sheet.figures()
    ])
    _note_alike(made, sheet)


def _places(made, sheet):
    places = sheet.places()
    largest = max((place.persons for place in places if isinstance(place.persons, int)), default=0)
    _table(made, _("Where those away are"), [_("Place"), "", _("Away"), _("Share")], [
        [place.name, _bar(place.persons, largest), place.persons, percent(place.share) if place.share is not None else "–"]
        for place in places
    ], words=2)


def _townships(made, sheet):
    headings = [
        _("Township"), _("Villages in"), _("Away"), _("On last month"), _("Left"), _("Came home"), _("Transferred this year"),
    ]
    count = len(sheet.townships())
    caption = ngettext("%(n)d township", "%(n)d townships", count) % {"n": count}
    _table(made, caption, headings, [
        [row.name, f"{row.received}/{row.expected}", row.away, _change(row.change), row.left, row.came_home, row.transferred]
        for row in sheet.townships()
    ])


EXHIBITS = {"trend": _trend, "figures": _figures, "places": _places, "townships": _townships}
