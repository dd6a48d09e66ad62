"""The rights of a person whose data the county keeps: a copy of everything, and being erased when the time is over."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from laborreg import clock
from officers.addresses import address_of
from officers.pages import page
from reports import copying, erasing
from reports.rights_forms import CopyForm, EraseForm
from villages.models import County
from workers.actions.erasing import why_kept
from workers.models import Worker
from workers.views.rows import person_or_404, posted

MOST = 200


@page("give copies")
def person_copy(request, pk):
    """Asked for with a reason; the answer holds the numbers in full and is kept by no browser."""
    person, form = person_or_404(request, pk), CopyForm(posted(request), initial={"file_type": "page"})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        sections = form.tries(
            copying.copy_of, person, by=request.user, reason=said["reason"], address=address_of(request)
        )
        if sections:
            return _as_file(person, sections) if said["file_type"] == "json" else _as_page(request, person, sections)
    return render(request, "reports/person_copy.html", {"person": person, "form": form})


def _as_page(request, person, sections):
    return render(request, "reports/person_copy_paper.html", {"person": person, "sections": sections, "now": clock.now()})


def _as_file(person, sections):
    content = json.dumps(copying.as_json(sections), ensure_ascii=False, indent=2)
    answer = HttpResponse(content, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="person-{person.pk}.json"'
    return answer


@page("erase people")
def person_erase(request, pk):
    """Also of somebody who was voided: entered by mistake, and seen by nobody else any more."""
    people = Worker.objects.visible_to(request.user).filter(merged_into__isnull=True)
    person, form = get_object_or_404(people.select_related("village__township"), pk=pk), EraseForm(posted(request))
    if form.is_bound and form.is_valid() and form.tries(
        erasing.erase, person, by=request.user, reason=form.cleaned_data["reason"]
    ):
        messages.success(request, _("The person is erased. What was counted stays."))
        return redirect("people_due")
    return render(request, "reports/person_erase.html", {"person": person, "form": form, "kept": why_kept(person)})


@page("erase people")
def people_due(request):
    """Who is due today or was voided, so that it can be looked at before the daily job, or done by hand."""
    county = get_object_or_404(County.objects.visible_to(request.user), pk=request.user.county_code)
    return render(request, "reports/people_due.html", {
        "due": erasing.today_due(county)[:MOST], "voided": erasing.voided(request.user)[:MOST],
        "years": county.rules_from(county.month_of(clock.today())).keep_years,
    })
