"""The last look before a sheet is written into the ledger, and its way back out."""

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from laborreg.refusals import Refusal
from officers.pages import page
from workers.forms import VoidForm
from workers.sheets import batches, storing
from workers.sheets.kinds import KINDS
from workers.views.rows import posted
from workers.views.sheets.finding import batch_or_404, heard, open_to, steps
from workers.views.sheets.preview import Preview


@page("import sheets")
def sheet_take(request, pk):
    """What will be written and what will not; then it goes to the worker."""
    batch, refusal = batch_or_404(request, pk), ""
    preview = Preview(batch, {})
    if batch.state != "staged" or not preview.taken:
        return redirect("sheet", pk)
    if request.method == "POST":
        try:
            batches.take(batch, by=request.user, all_or_nothing=request.POST.get("which") == "all")
            return redirect("sheet", pk)
        except Refusal as refused:
            refusal = refused.message
    context = {
        "batch": batch, "preview": preview, "refusal": refusal, "steps": steps("ledger"),
        "can_be_undone": KINDS[batch.kind].can_be_undone,
    }
    return render(request, "workers/sheets/take.html", context)


@page("import sheets")
def sheet_marked(request, pk):
    """The file given back, with what is to be mended in it; of a long one whether it is made yet."""
    batch = batch_or_404(request, pk)
    if request.method == "POST":
        if file := batches.marked(batch, by=request.user):
            return FileResponse(file, as_attachment=True, filename=f"{Path(batch.file_name).stem}-" + _("to mend") + ".xlsx")
        return redirect("sheet_marked", pk)
    if not batch.marked_as:
        return HttpResponse(headers={"HX-Redirect": reverse("sheet", args=[pk])}) if request.htmx else redirect("sheet", pk)
    heard(request)
    context = {"batch": batch, "is_ready": storing.marked_path(batch) is not None, "days": storing.KEPT_DAYS}
    return render(request, "workers/sheets/marked.html", context)


@page("import sheets")
def sheet_undo(request, pk):
    """Everything that the sheet wrote is taken back, and why."""
    batch = batch_or_404(request, pk)
    if batch.state != "committed":
        return redirect("sheet", pk)
    form, later = VoidForm(posted(request)), None
    if form.is_bound and form.is_valid():
        counts = form.tries(batches.undo, batch, by=request.user, **form.cleaned_data)
        if not form.refusal:
            if counts is not None:
                messages.success(request, _("What the sheet wrote is taken back."))
            return redirect("sheet", pk)
        later = open_to(request.user, getattr(form.refusal, "batch", None))
    return render(request, "workers/sheets/undo.html", {"batch": batch, "form": form, "later": later})
