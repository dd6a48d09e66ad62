"""One sheet of the report: a row an area, live sums, definitions below, A4 landscape."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name, xl_range

from laborreg import clock
from reports import totals
from reports.models import MonthlyReturn
from reports.workbook.columns import COLUMNS, Row
from villages.models import County, Village

FIRST_ROW = 6


def title_of(county: County) -> str:
    return _("%(county)s: monthly report on the transfer employment of rural labor") % {"county": county.label}


class Sheet:
    """One sheet being written; columns A and B hold the number and the area, the last the villages in.

    A row that is a text stands over the rows below it.
    """

    def __init__(self, book, county: County, month, name: str, area_heading: str, rows: list[Row | str], total: Row):
        self.book, self.county, self.month, self.rows, self.total = book, county, month, rows, total
        self.area_heading, self.styles = area_heading, {}
        self.sheet = book.add_worksheet(name)
        self.last = len(COLUMNS) + 2
        self.total_row = FIRST_ROW + len(rows)
        body = "宋体" if (get_language() or "").startswith("zh") else "Arial"
        self.base = {"font_name": body, "font_size": 9, "valign": "vcenter"}

    def style(self, **more):
        """One format for all cells that look alike: a book holds 64,000 of them at the most."""
        key = tuple(sorted(more.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format(self.base | more)
        return self.styles[key]

    def write(self):
        self._set_up_page()
        self._write_head()
        self._write_rows()
        self._write_foot()

    def _set_up_page(self):
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3, FIRST_ROW - 1)
        sheet.center_horizontally()
        sheet.set_footer("&C&P / &N")
        sheet.freeze_panes(FIRST_ROW, 2)
        sheet.set_column(0, 0, 4)
        sheet.set_column(1, 1, 20 if not (get_language() or "").startswith("zh") else 13)
        sheet.set_column(2, self.last, 8.3)

    def _write_head(self):
        sheet = self.sheet
        heading = self.style(bold=True, font_size=18, align="center", font_name="黑体")
        sheet.set_row(0, 32)
        sheet.merge_range(0, 0, 0, self.last, title_of(self.county), heading)
        plain, right = self.style(), self.style(align="right")
        sheet.merge_range(1, 0, 1, 7, _("Reporting unit (seal): %(unit)s") % {"unit": _unit(self.county)}, plain)
        sheet.merge_range(1, 8, 1, 19, self._period(), self.style(align="center"))
        sheet.merge_range(1, 20, 1, self.last, _("Unit: persons, person-times, 10,000 yuan"), right)
        sheet.merge_range(2, 0, 2, self.last, self._standing(), self.style(italic=True))
        self._write_headings()

    def _period(self) -> str:
        first, last = self.county.first_day(self.month), self.county.last_day(self.month)
        return _("Report month: %(month)s (%(first)s to %(last)s)") % {
            "month": self.month.label, "first": date_format(first), "last": date_format(last),
        }

    def _standing(self) -> str:
        seal = totals.newest_seal(self.county, self.month)
        numbers = {"received": self.total.received, "expected": self.total.expected}
        if seal:
            return _("Sealed on %(day)s by %(name)s, version %(number)d: %(received)d of %(expected)d villages.") % {
                "day": date_format(timezone.localtime(seal.sealed_at)), "name": seal.sealed_by.name,
                "number": seal.number, **numbers,
            }
        return _("Provisional, not sealed: %(received)d of %(expected)d villages are in.") % numbers

    def _write_headings(self):
        sheet = self.sheet
        head = self.style(bold=True, align="center", text_wrap=True, border=1, bg_color="#EEF4FC")
        sheet.set_row(3, 28)
        sheet.set_row(4, 40)
        sheet.merge_range(3, 0, 4, 0, _("No."), head)
        sheet.merge_range(3, 1, 4, 1, self.area_heading, head)
        start = 0
        for place in range(1, len(COLUMNS) + 1):
            if place == len(COLUMNS) or str(COLUMNS[place].group) != str(COLUMNS[start].group):
                self._write_group(start, place - 1, head)
                start = place
        for place, column in enumerate(COLUMNS):
            sheet.write_string(4, place + 2, str(column.heading), head)
        sheet.merge_range(3, self.last, 4, self.last, _("Villages in"), head)
        marks = [_("A"), _("B"), *range(1, len(COLUMNS) + 2)]
        for place, mark in enumerate(marks):
            sheet.write(5, place, mark, self.style(align="center", border=1, font_size=8))

    def _write_group(self, first, last, head):
        if first == last:
            self.sheet.write_string(3, first + 2, str(COLUMNS[first].group), head)
        else:
            self.sheet.merge_range(3, first + 2, 3, last + 2, str(COLUMNS[first].group), head)

    def _write_rows(self):
        middle, number = self.style(align="center", border=1), 0
        for place, row in enumerate(self.rows, FIRST_ROW):
            if isinstance(row, str):
                self.sheet.merge_range(place, 0, place, self.last, row, self.style(border=1, bold=True, bg_color="#F6F8FB"))
                continue
            number += 1
            self.sheet.write_number(place, 0, number, middle)
            self._write_row(place, row, bold=False)
        self.sheet.write_blank(self.total_row, 0, None, middle)
        self._write_row(self.total_row, self.total, bold=True)

    def _write_row(self, place, row, bold):
        text = self.style(border=1, bold=bold, text_wrap=True)
        self.sheet.write_string(place, 1, row.name, text)
        is_total = place == self.total_row
        for number, column in enumerate(COLUMNS):
            cell = self.style(border=1, bold=bold, num_format=column.format)
            formula = self._formula(column, place, number + 2, is_total)
            if not row.received and row.expected and not is_total:
                self.sheet.write_string(place, number + 2, "–", self.style(border=1, align="right"))
            elif formula:
                self.sheet.write_formula(place, number + 2, formula, cell, column.value(row))
            else:
                self.sheet.write_number(place, number + 2, column.value(row), cell)
        villages = f"{row.received}/{row.expected}"
        self.sheet.write_string(place, self.last, villages, self.style(border=1, bold=bold, align="center"))

    def _formula(self, column, place, at, is_total) -> str:
        if column.formula:
            cells = {
                other.name: f"{xl_col_to_name(number + 2)}{place + 1}"
                for number, other in enumerate(COLUMNS) if other.name
            }
            return "=" + column.formula.format(**cells)
        return f"=SUM({xl_range(FIRST_ROW, at, self.total_row - 1, at)})" if is_total else ""

    def _write_foot(self):
        place = self.total_row + 1
        small = self.style(text_wrap=True, valign="top", font_size=8)
        for sentence in self._definitions():
            self.sheet.merge_range(place, 0, place, self.last, sentence, small)
            self.sheet.set_row(place, 12 * (1 + len(sentence) // 230))
            place += 1
        signatures = "        ".join([
            _("Filled in by:"), _("Checked by:"), _("Head of the unit:"), _("Phone:"),
            _("Reported on: %(day)s") % {"day": date_format(clock.today())},
        ])
        self.sheet.set_row(place, 26)
        self.sheet.merge_range(place, 0, place, self.last, signatures, self.style())

    def _definitions(self) -> list[str]:
        rules = self.county.rules_from(self.month)
        said = [
            _("Away: registered in the village and working outside the own township on the last day of the month."),
            _("Labor force: registered, men %(male_min)d to %(male_max)d and women %(female_min)d to %(female_max)d, "
              "able to work, not at school.") % rules.as_counted(),
            _("Person-times: runs of consecutive work days in the year, of any length. Transferred persons: persons "
              "with a run of at least %(stint_days)d days.") % rules.as_counted(),
            _("A year before: the same villages. Labor income: monthly pay × days worked ÷ 30, by person and month; "
              "pay that is not known counts as 0. "
              "Persons of a flow or year are distinct within a village."),
        ]
        return said + self._missing()

    def _missing(self) -> list[str]:
        there = MonthlyReturn.objects.filter(county=self.county, month=self.month, state__in=MonthlyReturn.IN)
        out = Village.objects.under(self.county.code).filing_in(self.month).exclude(pk__in=there.values("village_id"))
        seal = totals.newest_seal(self.county, self.month)
        if not out:
            return []
        reasons = seal.missing if seal else {}
        names = [v.label + (f" ({reasons[v.code]})" if v.code in reasons else "") for v in out]
        return [_("Not in: %(names)s.") % {"names": _(", ").join(names)}]


def _unit(county: County) -> str:
    return _("%(county)s Bureau of Labor and Employment") % {"county": county.label}
