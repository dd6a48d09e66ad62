"""The workbook that an office fills in: one heading a column, lists to choose from, and how to fill it in."""

from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from xlsxwriter.utility import xl_col_to_name

from laborreg.sheets.faults import MOST_ROWS

# What xlsxwriter is told of every workbook: a text that begins like a formula or an address stays a text.
AS_TYPED = {"strings_to_formulas": False, "strings_to_urls": False}
VERSION_PROPERTY = "laborreg template"
FORMATS = {"text": "@", "number": "0", "day": "yyyy-mm-dd"}
# A list within the rule itself is no longer than this, its commas included.
LONGEST_LIST = 255


@dataclass(frozen=True)
class TemplateColumn:
    """Heading, choices and note may be lazy texts: the instructions say them in every language."""

    heading: Any
    example: str = ""
    choices: tuple = ()
    note: Any = ""
    required: bool = False
    kind: str = "text"
    width: int = 16


def template(path, columns: list[TemplateColumn], *, title, version: str):
    """A sheet to fill in, in the language of now; cells are text where an ID or phone would lose digits as a number."""
    with xlsxwriter.Workbook(path, AS_TYPED) as book:
        book.set_custom_property(VERSION_PROPERTY, version)
        _Form(book, columns, title).write()
        _Instructions(book, columns, title, version).write()


class _Form:
    def __init__(self, book, columns, title):
        self.book, self.columns = book, columns
        self.sheet = book.add_worksheet(str(title)[:31])
        # Long lists stand on a sheet of their own, made when the first is met.
        self.lists = None

    def write(self):
        look = {"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter", "align": "center"}
        plain = self.book.add_format(look | {"bg_color": "#EEF4FC"})
        required = self.book.add_format(look | {"bg_color": "#FDF0DC"})
        for place, column in enumerate(self.columns):
            cells = self.book.add_format({"num_format": FORMATS[column.kind]})
            self.sheet.set_column(place, place, column.width, cells)
            heading = f"*{column.heading}" if column.required else str(column.heading)
            self.sheet.write_string(0, place, heading, required if column.required else plain)
            self._explain(place, column)
            if column.choices:
                self._offer(place, column)
        self.sheet.set_row(0, 32)
        self.sheet.freeze_panes(1, 0)
        self.sheet.ignore_errors({"number_stored_as_text": f"A2:{xl_col_to_name(len(self.columns) - 1)}{MOST_ROWS}"})

    def _explain(self, place, column):
        words = [str(column.note), _("For example: %(example)s") % {"example": column.example} if column.example else ""]
        if any(words):
            self.sheet.write_comment(0, place, "\n".join(filter(None, words)), {"x_scale": 1.6})

    def _offer(self, place, column):
        choices = [str(choice) for choice in column.choices]
        is_short = len(",".join(choices)) <= LONGEST_LIST and not any("," in choice for choice in choices)
        self.sheet.data_validation(1, place, MOST_ROWS, place, {
            "validate": "list", "source": choices if is_short else self._listed(place, choices),
            "error_title": str(column.heading)[:32], "error_message": _("Choose one from the list."),
        })

    def _listed(self, place, choices) -> str:
        if self.lists is None:
            self.lists = self.book.add_worksheet(_("Lists"))
            self.lists.hide()
        self.lists.write_column(0, place, choices)
        letter = xl_col_to_name(place)
        return f"='{self.lists.get_name()}'!${letter}$1:${letter}${len(choices)}"


class _Instructions:
    """A row a column, once in every language, each under its own heading line."""

    def __init__(self, book, columns, title, version):
        self.columns, self.title, self.version = columns, title, version
        self.sheet = book.add_worksheet("填写说明 How to fill in")
        self.bold = book.add_format({"bold": True, "border": 1, "bg_color": "#EEF4FC"})
        self.title_look = book.add_format({"bold": True, "font_size": 14})
        self.cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})

    def write(self):
        for place, width in enumerate([24, 10, 24, 44, 60]):
            self.sheet.set_column(place, place, width)
        row = 0
        for language in sorted((code for code, _name in settings.LANGUAGES), reverse=True):
            with override(language):
                row = self._write_language(row) + 2

    def _write_language(self, row) -> int:
        self.sheet.write_string(row, 0, str(self.title), self.title_look)
        self.sheet.write_string(row + 1, 0, _("Leave the headings as they are. Columns may stay empty or be left out."))
        self.sheet.write_string(row + 2, 0, _("Version of this form: %(version)s") % {"version": self.version})
        headings = [_("Column"), _("Required"), _("Example"), _("One of"), _("What to write")]
        for place, heading in enumerate(headings):
            self.sheet.write_string(row + 3, place, heading, self.bold)
        for number, column in enumerate(self.columns, row + 4):
            offered = _side_by_side([str(choice) for choice in column.choices])
            words = [str(column.heading), _("Yes") if column.required else "", column.example, offered, str(column.note)]
            for place, text in enumerate(words):
                self.sheet.write_string(number, place, text, self.cell)
        return row + 3 + len(self.columns)


def _side_by_side(choices) -> str:
    """Or each in a line of its own where a sign between them would be taken for one within them."""
    between = _(", ")
    return ("\n" if any(between in choice for choice in choices) else between).join(choices)
