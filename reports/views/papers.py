"""Sheets for paper and signature, and the public page that their QR code opens."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from laborreg import clock, marks
from officers.pages import page, public
from reports import papers, progress, spot_checks, totals, workbook
from reports.signing import signing
from reports.views.desk import Desk
from reports.views.finding import return_or_404
from reports.views.totals import area_or_404, county_of
from reports.workbook.columns import COLUMNS, Row


def _qr(request, mark: papers.Mark) -> str:
    return marks.qr(request, reverse("paper_check", args=[mark.word]))


@page("see people")
def return_paper(request, village, month):
    """A version on A4 upright, for signature and seal: the newest, or `?version=2`."""
    ret = return_or_404(request, village, month)
    if ret.newest is None:
        raise Http404
    desk = Desk(request, ret, version=(ret.counted or ret.newest).number)
    mark = papers.of_version(desk.version)
    said = [check for check in desk.checks if check["state"] != "ok"]
    return render(request, "reports/return_paper.html", {
        "desk": desk, "ret": ret, "version": desk.version, "mark": mark, "qr": _qr(request, mark), "said": said,
        "now": clock.now(),
    })


@page("see people")
def total_paper(request, area, month):
    """The columns of the workbook on A4 lying, townships of a county or villages of a township, for signature."""
    area = area_or_404(request.user, area)
    county = county_of(area)
    if progress.opened(county, month) is None or area.level == "village":
        raise Http404
    mark = papers.of_total(area.code, month)
    rows, total = _rows(area, county, month)
    summed = totals.totals(area.code, month)
    return render(request, "reports/total_paper.html", {
        "area": area, "county": county, "month": month, "mark": mark, "qr": _qr(request, mark), "groups": _groups(),
        "headings": [column.heading for column in COLUMNS], "rows": [_cells(row) for row in rows], "total": _cells(total),
        "seal": totals.newest_seal(county, month), "first": county.first_day(month), "last": county.last_day(month),
        "now": clock.now(), "is_county": area.level == "county",
        "checked": spot_checks.factor(area, month), "signing": signing(request.user, county, summed), "summed": summed,
    })


def _rows(area, county, month) -> tuple[list[Row], Row]:
    if area.level == "county":
        return workbook.by_township(county, month)
    return workbook.by_village(area, county, month)


def _groups() -> list[tuple[str, int]]:
    """The headings over the headings, each with how many columns it spans."""
    found: list[list] = []
    for column in COLUMNS:
        if found and found[-1][0] == str(column.group):
            found[-1][1] += 1
        else:
            found.append([str(column.group), 1])
    return [(group, columns) for group, columns in found]


def _cells(row: Row) -> dict:
    if not row.received and row.expected:
        return {"row": row, "cells": ["–"] * len(COLUMNS)}
    return {"row": row, "cells": [column.shown(row) for column in COLUMNS]}


@public
def paper_check(request, word):
    """Whether a printed sheet is still what the office would print; it shows no figure and no name."""
    mark = papers.read(word)
    standing = mark.standing if mark else papers.UNKNOWN
    return render(request, "reports/paper_check.html", {"mark": mark, "standing": standing, "now": clock.now()})
