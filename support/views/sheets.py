"""A register as a file."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from officers.pages import page
from support.sheets.exporting import Wanted, ask, export, rows_for
from support.sheets.resources import RESOURCES
from workers import codes
from workers.forms import RosterForm
from workers.sheets.approving import NeedsApproval
from workers.views.rows import posted


@page("export rosters")
def register_export(request, kind):
    """How many rows it will have, in which format, and whether numbers stand in full; then the file."""
    if kind not in RESOURCES:
        raise Http404
    form = RosterForm(posted(request), may_reveal=request.user.may("reveal numbers"))
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        wanted = Wanted(kind, said["numbers"] == "full", said["reason"], said["file_type"])
        if form.is_asking:
            if waiting := form.tries(ask, wanted, by=request.user, reason=said["reason"]):
                messages.success(request, _("The county bureau is asked. When it has decided, you find a message."))
                return redirect("export_request", waiting.pk)
        elif made := form.tries(export, wanted, by=request.user):
            content, name = made
            return FileResponse(BytesIO(content), as_attachment=True, filename=name)
    needs_approval = form.is_asking or isinstance(form.refusal, NeedsApproval)
    return render(request, "support/register_export.html", {
        "form": form, "kind": kind, "label": dict(codes.SHEET_KINDS)[kind], "rows": rows_for(kind, request.user).count(),
        "needs_approval": needs_approval,
    })
