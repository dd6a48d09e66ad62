"""A question as an address says it, and back: `?when=2026-10&area=630121&rows=township&columns=sex&f.section=C`."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from reports.tables import asking, dimensions, hiding, measures
from reports.tables.asking import Unasked
from reports.tables.counting import Question
from reports.tables.showing import BY_LABEL, BY_NUMBER, EVERY, MET
from reports.tables.sources import MONTH, TODAY

FILTER = "f."
KNOWN = {"when", "area", "rows", "columns", "measure", "order", "chart", "listed", "page", "cell"}
ORDERS, CHARTS, LISTED = (BY_LABEL, BY_NUMBER), ("", "bars"), (EVERY, MET)
PLACES = {"township": 9, "village": 12}


@dataclass(frozen=True)
class Asked:
    """A question, and how its answer is to look."""

    question: Question
    order: str = BY_LABEL
    chart: str = ""
    # What was asked and cannot be, in words: something near it is answered.
    note: str = ""
    listed: str = EVERY


def asked(data: QueryDict, usual: dict) -> Asked:
    """What an address asks; `usual`: the spec of what is asked where it says nothing. Raises Unasked."""
    for name in data:
        if name not in KNOWN and not name.startswith(FILTER):
            raise Unasked(_("A question has no “%(name)s”.") % {"name": name[:40]})
    order, chart = data.get("order") or BY_LABEL, data.get("chart", "")
    if order not in ORDERS or chart not in CHARTS:
        raise Unasked(_("A table is in the order of its lists or of its numbers, with bars or without."))
    listed = data.get("listed") or EVERY
    if listed not in LISTED:
        raise Unasked(_("A table lists every row of a short list, or only those with numbers."))
    spec = _spec(data, usual)
    note = _without_other_places(spec)
    measure = measures.BY_NAME.get(spec["measure"])
    if measure and spec["source"] == TODAY and not measure.is_live:
        note = _("“%(measure)s” is counted for a month only. Choose a month; this is who is away today.") % {
            "measure": measure.full_label
        }
        spec["measure"] = "away"
    return Asked(asking.read(spec), order, chart, note, listed)


def _spec(data: QueryDict, usual: dict) -> dict:
    when = data.get("when") or (TODAY if usual["source"] == TODAY else usual["month"])
    rows = list(dict.fromkeys(filter(None, data.getlist("rows")))) or usual["rows"]
    # Chosen twice in a form, a thing stands in the rows.
    columns = [name for name in dict.fromkeys(filter(None, data.getlist("columns"))) if name not in rows]
    return {
        "source": TODAY if when == TODAY else MONTH, "month": None if when == TODAY else when,
        "area": data.get("area") or usual["area"],
        "rows": rows,
        "columns": columns if data else usual["columns"],
        "filter": {
            name.removeprefix(FILTER): list(filter(None, data.getlist(name))) for name in data if name.startswith(FILTER)
        },
        "measure": data.get("measure") or usual["measure"],
    }


def _without_other_places(spec: dict) -> str:
    """Townships and villages that lie elsewhere count nothing in this area: they are left out of the filters, and it is said.

    A table of the county, asked again in a township, keeps of its filter what lies there.
    """
    dropped = []
    for name, length in PLACES.items():
        codes = spec["filter"].get(name, [])
        elsewhere = [code for code in codes if _is_elsewhere(code, length, spec["area"])]
        if elsewhere:
            spec["filter"][name] = [code for code in codes if code not in elsewhere]
            dropped.append(str(dimensions.BY_NAME[name].label))
    if not dropped:
        return ""
    return _("The filter “%(names)s” names places outside this area. They are left out; the others of it still hold.") % {
        "names": _(", ").join(dropped)
    }


def _is_elsewhere(code: str, length: int, area: str) -> bool:
    is_code = code.isascii() and code.isdigit() and len(code) == length
    return is_code and not code.startswith(area) and not (len(area) > length and area.startswith(code))


def query(question: Question, order: str = BY_LABEL, chart: str = "", listed: str = EVERY, **more: str) -> str:
    """The question mark and what follows, as `asked` reads it."""
    data = QueryDict(mutable=True)
    data["when"] = str(question.month) if question.month else TODAY
    data["area"], data["measure"] = question.area, question.measure
    data.setlist("rows", list(question.rows))
    data.setlist("columns", list(question.columns))
    for name, codes in question.filters:
        data.setlist(FILTER + name, list(codes))
    if order != BY_LABEL:
        data["order"] = order
    if chart:
        data["chart"] = chart
    if listed != EVERY:
        data["listed"] = listed
    data.update(more)
    return "?" + data.urlencode()


def allowed(question: Question, officer) -> Question:
    """Refused where it would tell small numbers to who may not see people."""
    if not officer.may("see people"):
        hiding.check(question)
    return question
