"""The county's monthly report as a workbook: by township, by village, and what is late or has no name yet.

Layout after the province's sheets: title, unit line, two header rows, a row of column numbers, 20 townships, total,
definitions, signatures. Money stands in ten thousand yuan, unrounded, shown with two decimals.
"""

from io import BytesIO
from itertools import groupby

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from laborreg.months import Month
from laborreg.sheets.writing import AS_TYPED
from reports import totals
from reports.history import history
from reports.workbook.columns import Row
from reports.workbook.late import LateSheet
from reports.workbook.sheet import Sheet, title_of
from villages.models import County, Township, Village


def workbook(county: County, month: Month, *, language: str) -> bytes:
    """The .xlsx of one county and month, in `en` or `zh-hans`."""
    with override(language):
        rows, total = by_township(county, month)
        buffer = BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True} | AS_TYPED)
        book.set_properties({"title": title_of(county), "company": county.name})
        Sheet(book, county, month, str(month), _("Township"), rows, total).write()
        Sheet(book, county, month, _("Villages"), _("Village"), _villages(county, month), total).write()
        LateSheet(book, county, month).write()
        book.close()
        return buffer.getvalue()


def by_township(county: County, month: Month) -> tuple[list[Row], Row]:
    rows = _rows(county.townships.all(), county, month, at=9)
    return rows, _total(rows, county.code, month)


def by_village(township: Township, county: County, month: Month) -> tuple[list[Row], Row]:
    villages = Village.objects.under(township.code).filing_in(month).order_by("code")
    rows = _rows(villages, county, month, at=12)
    return rows, _total(rows, township.code, month)


def _total(rows: list[Row], area: str, month: Month) -> Row:
    return Row(
        _("Total"), totals.totals(area, month).figures, sum(row.a_year_before for row in rows),
        sum(row.received for row in rows), sum(row.expected for row in rows),
    )


def _villages(county: County, month: Month) -> list[Row | str]:
    """Every village that files, under the name of its township."""
    villages = list(Village.objects.under(county.code).filing_in(month).select_related("township").order_by("code"))
    rows = dict(zip(villages, _rows(villages, county, month, at=12), strict=True))
    found: list[Row | str] = []
    for township, of_township in groupby(villages, key=lambda village: village.township):
        found += [township.label, *(rows[village] for village in of_township)]
    return found


def _rows(areas, county: County, month: Month, *, at: int) -> list[Row]:
    now = totals.sums_of_returns(county.code, month, at=at)
    # Of the villages that are in: a year is compared like with like, as on the totals page. A year before the first
    # month of the county is what was typed of it.
    year = month.a_year_before
    before = totals.sums_between(county.code, year, year, at=at, in_by=month) or history(county.code, year, year, at=at)
    expected, received = totals.expected_by(county.code, month, at), totals.received_by(county.code, month, at)
    return [
        Row(area.label, now.get(area.code) or totals.nothing(), before.get((year, area.code), {}).get("away") or 0,
            received.get(area.code, 0), expected.get(area.code, 0))
        for area in areas
    ]


def file_name(county: County, month: Month) -> str:
    return f"{county.code}-{month}.xlsx"
