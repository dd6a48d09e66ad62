"""Any table: the form that asks, the answer, the people behind a number, files, and tables that were saved."""

import json
from dataclasses import replace
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from laborreg.downloads import download
from laborreg.sheets.writing import XLSX
from officers import audit
from officers.pages import page
from reports import progress
from reports.actions import tables as actions
from reports.deadlines import newest_open_month
from reports.models import SavedTable
from reports.tables import asking, dimensions, hiding, names, parts, query, ready, titles, writing
from reports.tables.asking import Unasked
from reports.tables.counting import TooMuch
from reports.tables.form import Form
from reports.tables.hiding import ALL
from reports.tables.showing import Answer
from reports.tables.sources import MONTH
from reports.views.cells import HEADINGS, PEOPLE, Names
from reports.views.totals import area_or_404, county_of

PAGE = 100
TYPES = {
    "xlsx": (writing.xlsx, XLSX),
    "csv": (writing.csv, "text/csv; charset=utf-8"),
}


def answers_in_words(view):
    """What no table knows is a 400 that says so, in the reader's language."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Unasked as wrong:
            return render(request, "reports/tables_unknown.html", {"message": str(wrong)}, status=400)

    return answer


@page("see totals")
@answers_in_words
def tables(request):
    """The form, and the answer to what it asked; before anything is asked, what is asked most."""
    if request.user.place is None:
        return redirect("saved_tables")
    asked, area, months = _asked(request, request.GET)
    context = {"form": Form(asked, request.user, area, months), "asked": asked, "area": area, "now": clock.now()}
    try:
        answer = Answer(asked.question, sees_people=request.user.may("see people"), order=asked.order, listed=asked.listed)
        context |= _answered(request, asked, answer)
    except TooMuch as refused:
        context["refused"] = str(refused)
    return render(request, "reports/tables.html", context)


def _asked(request, data: QueryDict):
    """The question of an address or form, its area and the county's months; a stranger's area does not exist."""
    officer = request.user
    home = officer.place
    if home is None:
        raise Http404
    newest = newest_open_month(county_of(home))
    if newest is None and not officer.may("see people"):
        raise Unasked(_("No month is open yet. The ledger of today is for who may see people."))
    asked = query.asked(data, ready.usual(home.code, newest, sees_people=officer.may("see people")))
    area = area_or_404(officer, asked.question.area)
    query.allowed(asked.question, officer)
    months = _months(county_of(area))
    if asked.question.source == MONTH and asked.question.month not in months:
        raise Unasked(_(
            "%(month)s is not open here: there are no returns of it. Choose one of the months that are, or today."
        ) % {"month": asked.question.month.label})
    return asked, area, months


def _months(county) -> list:
    newest = newest_open_month(county)
    opened = progress.opened(county, newest) if newest else None
    return list(reversed(opened.months)) if opened else []


def _answered(request, asked, answer: Answer) -> dict:
    question, officer = asked.question, request.user
    sees_people = officer.may("see people")

    def link(codes) -> str:
        cell = json.dumps(codes, separators=(",", ":"))
        return reverse("table_names") + query.query(question, cell=cell)

    return {
        "answer": answer, "link": link if sees_people else None,
        "rows": [_row(row, link if sees_people else None) for row in answer.rows],
        "foot": [_number(cell, link if sees_people else None) for cell in answer.foot],
        "chart": answer.chart() if asked.chart and answer.rows else None,
        "spec": json.dumps(asking.spec_of(question), ensure_ascii=False),
        "orders": [(order, query.query(question, order, asked.chart, asked.listed)) for order in query.ORDERS],
        "charts": [(chart, query.query(question, asked.order, chart, asked.listed)) for chart in query.CHARTS],
        "sharings": SavedTable.SHARING,
    }


def _row(row, link) -> dict:
    numbers = [*row.cells, *([row.total] if row.total else [])]
    return {"labels": zip(row.labels, row.full, strict=True), "numbers": [_number(cell, link) for cell in numbers]}


def _number(shown, link) -> tuple:
    """(the number, where the people behind it stand)"""
    return shown.value, link(shown.codes) if link and shown.value and isinstance(shown.value, int) else ""


@page("see people")
@answers_in_words
def table_names(request):
    """The people behind one number of a table."""
    asked, area, _opened = _asked(request, request.GET)
    codes = _cell(asked.question, request.GET.get("cell", "[]"))
    context = {"area": area, "question": asked.question, "back": reverse("tables") + query.query(asked.question)}
    try:
        found = names.behind(asked.question, codes)
    except TooMuch as refused:
        return render(request, "reports/tables_names.html", context | {"refused": str(refused)})
    listed = Names(request.user, found, PEOPLE)
    rows = Paginator(listed.in_order(), PAGE).get_page(request.GET.get("page"))
    rows.object_list = [listed.row(each) for each in rows.object_list]
    measure = asked.question.counts
    return render(request, "reports/tables_names.html", context | {
        "page_obj": rows, "headings": HEADINGS[PEOPLE], "total": sum(each.share for each in found), "measure": measure,
        "unit": _("persons") if measure.is_mean else measure.unit_label, "told": _told(asked.question, codes),
        "label": measure.full_label, "title": titles.title_of(names.of_cell(asked.question, codes)),
    })


def _cell(question, text: str) -> tuple:
    """The codes of a number, each of its dimension's list or null; Unasked for anything else."""
    try:
        codes = json.loads(text)
    except (ValueError, RecursionError):
        codes = None
    width = len(question.grouped)
    if not isinstance(codes, list) or len(codes) not in (0, width):
        raise Unasked(_("This number does not stand in the table."))
    codes = codes or [ALL] * width
    for dimension, code in zip(question.grouped, codes, strict=True):
        if code is not ALL and not (isinstance(code, str) and len(code) <= 20):
            raise Unasked(_("“%(dimension)s” has no “%(code)s”.") % {"dimension": dimension.label, "code": str(code)[:40]})
    return tuple(codes)


def _told(question, codes) -> list[tuple]:
    """(dimension, code in words) of what narrows the number."""
    return [
        (parts.label_of(name, question.counts), _(", ").join(dimensions.BY_NAME[name].labels(question.area, chosen).values()))
        for name, chosen in names.of_cell(question, codes).filters
    ]


@page("see totals")
@require_POST
@answers_in_words
def table_export(request):
    """A file of the table; written down in the audit trail, so it is asked for by POST."""
    question = _sent(request)
    write, content_type = TYPES.get(request.POST.get("type"), TYPES["xlsx"])
    kind = "csv" if write is writing.csv else "xlsx"
    order, listed = _one_of(query.ORDERS, request.POST.get("order")), _one_of(query.LISTED, request.POST.get("listed"))
    answer = Answer(question, sees_people=request.user.may("see people"), order=order, listed=listed)
    content = write(answer, request.user)
    audit.record_file("exported a table", content, by=request.user, place=question.area, detail={
        "table": answer.title, "rows": len(answer.rows), "kind": kind, "question": asking.spec_of(question),
    })
    return download(content, titles.file_name(question, clock.today().isoformat(), kind), content_type)


def _one_of(known: tuple[str, ...], said: str | None) -> str:
    return said if said in known else known[0]


def _sent(request):
    """The question that a form sends as it is saved, held against the lists and the officer's places."""
    try:
        spec = json.loads(request.POST.get("question", ""))
    except (ValueError, RecursionError) as wrong:
        raise Unasked(_("The form sent no question.")) from wrong
    question = asking.read(spec)
    area_or_404(request.user, question.area)
    return query.allowed(question, request.user)


@page("see totals")
def saved_tables(request):
    """The officer's own, those of the office and county, and those that every county finds ready."""
    officer = request.user
    found = SavedTable.objects.visible_to(officer).select_related("owner")
    if officer.place is None:
        return render(request, "reports/tables_nowhere.html")
    month = newest_open_month(county_of(officer.place))
    return render(request, "reports/tables_saved.html", {
        "own": [table for table in found if table.owner_id == officer.pk],
        "others": [table for table in found if table.owner_id != officer.pk], "month": month,
        "ready": _ready(officer, month), "sharings": SavedTable.SHARING,
    })


def _ready(officer, month) -> list[tuple]:
    """(name, query) of each that this officer may ask."""
    sees_people = officer.may("see people")
    asked = [each for each in ready.READY if month or asking.is_live(each.measure)]
    questions = [(each, each.question(officer.place.code, month, sees_people=sees_people)) for each in asked]
    return [
        (each.called(question), query.query(question)) for each, question in questions
        if sees_people or hiding.is_allowed(question)
    ]


def _table(request, pk) -> SavedTable:
    return get_object_or_404(SavedTable.objects.visible_to(request.user).select_related("owner"), pk=pk)


@page("see totals")
@answers_in_words
def saved_table(request, pk):
    """Asked again: for the newest month, or for the one it was saved with; in the reader's own place."""
    officer = request.user
    question = asking.read(_table(request, pk).question)
    if not officer.is_posted_over(question.area):
        question = replace(question, area=officer.place.code)
    if question.source == MONTH and request.GET.get("as") != "saved":
        question = replace(question, month=newest_open_month(county_of(officer.place)))
    question = query.allowed(ready.fitting(question, officer.may("see people")), officer)
    return redirect(reverse("tables") + query.query(question))


@page("see totals")
@require_POST
@answers_in_words
def table_save(request):
    question = _sent(request)
    table = actions.save_table(
        question, name=request.POST.get("name", ""), sharing=request.POST.get("sharing", ""), by=request.user
    )
    messages.success(request, _("Saved as “%(name)s”.") % {"name": table.name})
    return redirect("saved_tables")


@page("see totals")
@require_POST
def table_rename(request, pk):
    table = _table(request, pk)
    actions.rename_table(
        table, name=request.POST.get("name", ""), sharing=request.POST.get("sharing", ""), by=request.user
    )
    messages.success(request, _("The table is now called “%(name)s”.") % {"name": table.name})
    return redirect("saved_tables")


@page("see totals")
@require_POST
def table_delete(request, pk):
    table = _table(request, pk)
    actions.delete_table(table, by=request.user)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": table.name})
    return redirect("saved_tables")
