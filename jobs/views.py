"""The pages of cooperation points. A point is the county's: every officer of the county who works sees it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jobs import actions
from jobs.forms import PointForm, StopForm
from jobs.models import CooperationPoint
from officers.pages import page
from villages import destinations

A_PAGE = 50


@page("see people")
def points(request):
    """The county's points, those that work first, in the order of their places."""
    found = CooperationPoint.objects.visible_to(request.user)
    is_stopped = request.GET.get("view") == "stopped"
    shown = found.filter(stopped_on__isnull=False) if is_stopped else found.working()
    page_obj = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    labels = destinations.labels(point.destination for point in page_obj.object_list)
    return render(request, "jobs/points.html", {
        "page_obj": page_obj, "labels": labels, "is_stopped": is_stopped,
        "counts": {"working": found.working().count(), "stopped": found.filter(stopped_on__isnull=False).count()},
        "may_register": request.user.may("register points"),
    })


@page("register points", scoped=False)
def point_new(request):
    form = PointForm(request.POST or None, county=request.user.county_code)
    if form.is_valid() and (point := form.tries(actions.register_point, by=request.user, **form.facts)):
        messages.success(request, _("%(name)s is registered as a cooperation point.") % {"name": point.name})
        return redirect("points")
    return render(request, "jobs/point_new.html", {"form": form})


@page("register points")
def point_edit(request, pk):
    point = _own_or_404(request, pk)
    form = PointForm(request.POST or None, county=point.county_id, point=point)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        if form.tries(actions.edit_point, point, by=request.user, version=version, **form.facts):
            messages.success(request, _("The point's facts are saved."))
            return redirect("points")
    return render(request, "jobs/point_edit.html", _one(point, form))


@page("register points")
@require_POST
def point_stop(request, pk):
    point = _own_or_404(request, pk)
    stop = StopForm(request.POST)
    if stop.is_valid() and stop.tries(actions.stop_point, point, by=request.user, **stop.cleaned_data):
        messages.success(request, _("%(name)s has stopped as a cooperation point.") % {"name": point.name})
        return redirect("points")
    return render(request, "jobs/point_edit.html", _one(point, PointForm(county=point.county_id, point=point), stop))


@page("register points")
@require_POST
def point_resume(request, pk):
    point = _own_or_404(request, pk)
    actions.resume_point(point, by=request.user, version=point.version)
    messages.success(request, _("%(name)s works as a cooperation point again.") % {"name": point.name})
    return redirect("points")


def _own_or_404(request, pk):
    return get_object_or_404(CooperationPoint.objects.visible_to(request.user), pk=pk)


def _one(point, form, stop=None):
    return {
        "point": point, "form": form, "place": destinations.label(point.destination),
        "stop": stop or StopForm(initial={"version": point.version}),
    }
