"""A row that is wrong or in doubt is put right: its cells one by one, or all rows of a group with one click."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from laborreg.refusals import Refusal
from officers.pages import page
from workers.models import StagedRow
from workers.sheets import batches, repairs
from workers.sheets.problems import PROBLEMS
from workers.views.sheets.finding import batch_or_404
from workers.views.sheets.preview import Preview, Shown

LONGEST = 200


@page("import sheets")
def sheet_row(request, pk, number):
    """One row of the file, column by column, each to be written anew."""
    batch, row = _row_or_404(request, pk, number)
    shown = Shown(row, Preview(batch, {}))
    if request.method == "POST":
        _mend_cells(shown, request.POST, by=request.user)
        messages.success(request, _("The row was checked again."))
        return redirect("sheet_row", pk, number)
    return render(request, "workers/sheets/row.html", {"batch": batch, "row": shown})


def _row_or_404(request, pk, number):
    batch = batch_or_404(request, pk)
    if batch.state != "staged":
        raise Http404
    return batch, get_object_or_404(StagedRow, batch=batch, number=number)


def _mend_cells(shown, said, *, by):
    """Those cells that were written anew; an ID number, whose field is empty, only where it is typed whole."""
    for cell in shown.cells:
        text = said.get(f"cell-{cell['name']}", cell["text"]).strip()[:LONGEST]
        if cell["is_secret"] and (not text or "*" in text):
            continue
        if text != cell["text"]:
            repairs.mend_cell(shown.preview.batch, shown.number, cell["name"], text, by=by)


@page("import sheets")
@require_POST
def sheet_row_mend(request, pk, number):
    """One of the repairs that the row offers."""
    batch, row = _row_or_404(request, pk, number)
    shown = Shown(row, Preview(batch, {}))
    column, problem = (row.problems[0][0], row.problem) if row.problems else ("", "")
    repair = _offered(request.POST.get("repair", ""), shown.repairs)
    repairs.mend_rows(batch, batch.rows.filter(number=number), repair, column=column, problem=problem, by=request.user)
    messages.success(request, _("The row was checked again."))
    return redirect("sheet_row", pk, number)


@page("import sheets")
@require_POST
def sheet_mend(request, pk):
    """The same answer for every row of a group: one that is offered, or a text for the cell."""
    batch, said = batch_or_404(request, pk), request.POST
    problem, column, text = (said.get(name, "") for name in ("problem", "column", "text"))
    if problem not in PROBLEMS:
        raise Http404
    typed = said.get("typed", "").strip()[:LONGEST]
    if typed and column:
        repair = f"{repairs.SET}:{typed}"
    else:
        repair = _offered(said.get("repair") or said.get("choice", ""), repairs.offered(batch, problem, column, text))
    count = batches.mend(batch, problem, column, text, repair, by=request.user)
    if count is not None:
        words = ngettext("%(n)s row was checked again.", "%(n)s rows were checked again.", count)
        messages.success(request, words % {"n": f"{count:,}"})
    return redirect("sheet", pk)


def _offered(key, offers) -> str:
    if key not in {offer.key for offer in offers}:
        raise Refusal(_("Choose what is to be done with these rows."))
    return key
