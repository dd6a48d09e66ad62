"""A question as it is asked, in an address, a file or a saved table, held against the allow-lists."""

from django.utils.translation import gettext as _

from laborreg.months import Month
from laborreg.refusals import Refusal
from reports.tables import dimensions, measures
from reports.tables.counting import Question
from reports.tables.sources import MONTH, TODAY

MOST_ROWS, MOST_COLUMNS = 3, 2


class Unasked(Refusal):
    """The question names what no table knows; the page that says so is a 400."""


def read(spec) -> Question:
    """From `{"source", "area", "month", "rows", "columns", "filter": {dimension: [codes]}, "measure"}`.

    Raises Unasked with what is wrong. Whether the area exists, and is the asker's to see, is for the caller.
    """
    if not isinstance(spec, dict):
        raise Unasked(_("A question is an object with source, area, month, rows, columns, filter and measure."))
    if strange := sorted(map(str, spec.keys() - {"source", "area", "month", "rows", "columns", "filter", "measure"})):
        raise Unasked(_("A question has no “%(name)s”.") % {"name": strange[0][:40]})
    source = spec.get("source", MONTH)
    if source not in (MONTH, TODAY):
        raise Unasked(_("The source is “month” (as filed) or “today” (as the ledger says now)."))
    area = _area(spec.get("area"))
    rows, columns = _names(spec.get("rows"), "rows"), _names(spec.get("columns") or [], "columns")
    _check_shape(rows, columns)
    return Question(
        source, area, _month(spec.get("month")) if source == MONTH else None, rows, columns,
        _filters(spec.get("filter") or {}, area), _measure(spec.get("measure", "away"), source),
    )


def spec_of(question: Question) -> dict:
    """As `read` takes it."""
    return {
        "source": question.source, "area": question.area, "month": str(question.month) if question.month else None,
        "rows": list(question.rows), "columns": list(question.columns),
        "filter": {name: list(codes) for name, codes in question.filters}, "measure": question.measure,
    }


def _area(code) -> str:
    if not isinstance(code, str) or not (code.isascii() and code.isdigit() and len(code) in (6, 9, 12)):
        raise Unasked(_("The area is the code of a county (6 digits), township (9) or village (12)."))
    return code


def _month(text) -> Month:
    try:
        return Month.parse(text if isinstance(text, str) else "")
    except ValueError as wrong:
        raise Unasked(_("The month is written as 2026-10.")) from wrong


def _names(names, where: str) -> tuple[str, ...]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Unasked(_("“%(where)s” is a list of names.") % {"where": where})
    return tuple(_dimension(name) for name in names)


def _dimension(name: str) -> str:
    if name not in dimensions.BY_NAME:
        raise Unasked(_("No table can be broken down by “%(name)s”. There are: %(known)s.") % {
            "name": name[:40], "known": _(", ").join(str(each.label) for each in dimensions.DIMENSIONS)
        })
    return name


def _check_shape(rows, columns):
    if not 1 <= len(rows) <= MOST_ROWS:
        raise Unasked(_("Choose one to three things for the rows."))
    if len(columns) > MOST_COLUMNS:
        raise Unasked(_("Choose two things for the columns at most."))
    if len({*rows, *columns}) < len(rows) + len(columns):
        raise Unasked(_("Each thing stands in the rows or the columns once."))


def _filters(said, area: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(said, dict):
        raise Unasked(_("“filter” names, for each dimension, the codes that are counted."))
    return tuple((_dimension(str(name)), _codes(name, codes, area)) for name, codes in said.items() if codes)


def _codes(name: str, codes, area: str) -> tuple[str, ...]:
    known = dict(dimensions.BY_NAME[name].codes(area))
    for code in codes if isinstance(codes, list) else [codes]:
        if not isinstance(code, str) or code not in known:
            raise Unasked(_("“%(dimension)s” has no “%(code)s”.") % {
                "dimension": dimensions.BY_NAME[name].label, "code": str(code)[:40]
            })
    return tuple(dict.fromkeys(codes))


def _measure(name, source: str) -> str:
    measure = measures.BY_NAME.get(name) if isinstance(name, str) else None
    if measure is None:
        raise Unasked(_("No table counts “%(name)s”. There are: %(known)s.") % {
            "name": str(name)[:40], "known": _(", ").join(each.full_label for each in measures.MEASURES)
        })
    if source == TODAY and not measure.is_live:
        raise Unasked(_("“%(measure)s” is counted for a month only: choose a month, or count something else.") % {
            "measure": measure.label
        })
    return name


def is_live(name: str) -> bool:
    return measures.BY_NAME[name].is_live
