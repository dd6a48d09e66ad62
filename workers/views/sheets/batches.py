"""Sheets brought in: all of them, one more, and where one stands."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg.sheets.faults import LARGEST_FILE, MEGABYTE, NotTaken
from officers.pages import page
from villages.models import County, Township, Village
from workers.forms import UploadForm
from workers.models import Batch
from workers.sheets import batches as actions
from workers.sheets import kinds
from workers.sheets.storing import BUSY, KEPT_DAYS, noted
from workers.views.rows import posted
from workers.views.sheets import preview
from workers.views.sheets.finding import batch_or_404, heard, open_to, steps, verdicts, written

PAGE = 30


@page("import sheets")
def sheets(request):
    """Every file that was brought for the officer's places, the newest first."""
    rows = Batch.objects.visible_to(request.user).select_related("uploaded_by")
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for batch in shown.object_list:
        batch.verdicts = verdicts(batch)
    return render(request, "workers/sheets/list.html", {"page_obj": shown})


@page("import sheets", scoped=False)
def sheet_new(request):
    kind, offered = request.GET.get("kind"), kinds.open_to(request.user)
    initial = {"kind": kind} if kind in offered else None
    form = UploadForm(posted(request), request.FILES or None, initial=initial, places=_places(request.user),
                      kinds=offered)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        if request.META.get("laborreg.file_too_large"):
            form.add_error("file", NotTaken("too_large").message)
        elif batch := form.tries(actions.upload, by=request.user, **said):
            return redirect("sheet_columns", batch.pk)
        elif isinstance(form.refusal, actions.AlreadyHere):
            messages.info(request, form.refusal.message)
            return redirect("sheet", form.refusal.batch.pk)
    context = {"form": form, "steps": steps("file"), "megabytes": LARGEST_FILE // MEGABYTE, "days": KEPT_DAYS}
    return render(request, "workers/sheets/new.html", context)


def _places(officer) -> list[tuple[str, str]]:
    """Code and name of each of the officer's posts."""
    models = {6: County, 9: Township, 12: Village}
    found = [models[len(code)].objects.get(pk=code) for code in officer.posts]
    return [(place.code, place.label) for place in found]


@page("import sheets")
def sheet(request, pk):
    """Where a batch stands; what was staged is shown as a preview."""
    batch = batch_or_404(request, pk)
    if batch.state == "uploaded":
        return redirect("sheet_columns", pk)
    if batch.state in BUSY:
        return render(request, "workers/sheets/progress.html", {"batch": batch} | _progress(batch))
    if request.htmx:  # the page of the progress asks how far it is, and is now another page
        return HttpResponse(headers={"HX-Refresh": "true"})
    heard(request)
    if batch.state == "staged":
        return preview.show(request, batch)
    batch.verdicts = verdicts(batch)
    has_faults = any(each["name"] in ("wrong", "doubt") for each in batch.verdicts)
    later = open_to(request.user, batch.in_the_way) if batch.failure else None
    context = {
        "batch": batch, "written": written(batch), "has_faults": has_faults, "later": later, "kind": kinds.KINDS[batch.kind],
    }
    return render(request, "workers/sheets/over.html", context)


def _progress(batch) -> dict:
    """How many rows of how many; while a file is read its first rows are those that are staged."""
    done, total = (batch.rows_done, batch.rows_in_all) if batch.state == "staging" else noted(batch)
    is_written = batch.state in ("committing", "undoing")
    return {"done": min(done, total), "total": total, "steps": steps("ledger" if is_written else "preview")}


@page("import sheets")
@require_POST
def sheet_cancel(request, pk):
    batch = batch_or_404(request, pk)
    actions.cancel(batch, by=request.user)
    messages.success(request, _("The sheet was given up. Nothing of it is in the ledger."))
    return redirect("sheet", pk)


@page("import sheets")
@require_POST
def sheet_again(request, pk):
    """After a failure the same batch once more; else the same file as a new batch."""
    batch = batch_or_404(request, pk)
    if batch.state == "failed" and batch.columns:
        actions.read_again(batch, by=request.user)
        return redirect("sheet", pk)
    return redirect("sheet_columns", actions.again(batch, by=request.user).pk)
