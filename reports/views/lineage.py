"""A village is merged, split, or gets a new code or name: typed, looked at, done."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from officers.pages import page
from reports import actions
from reports.lineage_forms import FORMS
from villages.models import Lineage, Village


@page("change settings")
def village_change(request, code, kind):
    """Nothing holds before it was looked at: a page of its own says exactly what will change, with the last button."""
    villages = Village.objects.visible_to(request.user).lasting().select_related("township__county")
    village = get_object_or_404(villages, code=code)
    if kind not in FORMS:
        raise Http404
    form = FORMS[kind](request.POST or None, village=village)
    if form.is_valid():
        answer = (_done if "confirmed" in request.POST else _looked_at)(request, kind, village, form)
        if answer:
            return answer
    return render(request, "reports/village_change.html", {
        "village": village, "kind": kind, "form": form, "heading": _heading(kind),
    })


def _heading(kind) -> str:
    return {
        Lineage.RECODE: _("New code"), Lineage.MERGE: _("Merge into another village"), Lineage.SPLIT: _("Split"),
        Lineage.RENAME: _("New name"),
    }[kind]


def _looked_at(request, kind, village, form):
    change = form.tries(actions.rehearse, kind, village, by=request.user, **form.cleaned_data)
    if change is None:
        return None
    month, county = form.cleaned_data["from_month"], village.township.county
    opened = county.months.filter(month__gte=month).values_list("month", flat=True)
    return render(request, "reports/village_change_check.html", {
        "village": village, "kind": kind, "heading": _heading(kind), "typed": form.typed(), "change": change,
        "month": month, "last": month.previous, "ends": kind in Lineage.ENDING, "is_name": kind == Lineage.RENAME,
        "drafts": [each.label for each in opened], "name": form.cleaned_data.get("name"),
        "new_files": change.new.files_in(month),
    })


def _done(request, kind, village, form):
    change = form.tries(actions.change_village, kind, village, by=request.user, **form.cleaned_data)
    if change is None:
        return None
    messages.success(request, _("Done. It holds from %(day)s on.") % {"day": change.day.isoformat()})
    return redirect("place_village", change.new.code)
