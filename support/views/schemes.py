"""The schemes by which brokers are paid: the list, one scheme, its facts and its amounts."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from officers.pages import page
from support import actions
from support.examples import EXAMPLES
from support.forms.schemes import AmountsForm, CopyForm, SchemeForm
from support.models import Scheme
from support.schemes import grid_of
from villages.models import County


@page("see people")
def schemes(request):
    found = Scheme.objects.visible_to(request.user).prefetch_related("bands")
    return render(request, "support/schemes.html", {
        "schemes": [(scheme, grid_of(scheme)) for scheme in found], "examples": EXAMPLES.values(),
        "may_write": request.user.may("pay brokers"),
    })


@page("see people")
def scheme(request, pk):
    found = _scheme_or_404(request, pk)
    is_claimed = found.claims.exists()
    return render(request, "support/scheme.html", {
        "scheme": found, "grid": grid_of(found), "is_claimed": is_claimed, "may_write": request.user.may("pay brokers"),
        "copy": CopyForm(initial={"year_from": max(clock.today().year, found.year_from + 1)}),
    })


@page("pay brokers")
def scheme_new(request):
    """An empty scheme, or one of the examples to be changed to the county's own document."""
    county = get_object_or_404(County.objects.visible_to(request.user), pk=request.user.county_code)
    example = EXAMPLES.get(request.GET.get("example"))
    initial = SchemeForm.initial_of(example.facts, example.bands) if example else {"year_from": clock.today().year}
    form = SchemeForm(request.POST or None, initial=initial)
    if form.is_valid():
        bands = form.bands(example.bands if example else ())
        if made := form.tries(actions.write_scheme, by=request.user, county=county, bands=bands, **form.facts):
            messages.success(request, _("The scheme is kept. Now its amounts."))
            return redirect("scheme_amounts", pk=made.pk)
    return render(request, "support/scheme_edit.html", {"form": form, "example": example})


@page("pay brokers")
def scheme_edit(request, pk):
    found = _own_or_404(request, pk)
    form = SchemeForm.of(found, request.POST or None)
    if form.is_valid():
        said = {"version": form.cleaned_data["version"] or 0, "bands": form.bands(found.bands.all())}
        if form.tries(actions.edit_scheme, found, by=request.user, **said, **form.facts):
            messages.success(request, _("The scheme is kept. Now its amounts."))
            return redirect("scheme_amounts", pk=pk)
    return render(request, "support/scheme_edit.html", {"form": form, "scheme": found})


@page("pay brokers")
def scheme_amounts(request, pk):
    """Yuan a worker, in the grid of the table."""
    found = _own_or_404(request, pk)
    form = AmountsForm(request.POST or None, scheme=found)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        if form.tries(actions.set_amounts, found, by=request.user, version=version, amounts=form.amounts):
            messages.success(request, _("The amounts are kept."))
            return redirect("scheme", pk=pk)
    return render(request, "support/scheme_amounts.html", {"form": form, "scheme": found, "grid": grid_of(found)})


@page("pay brokers")
def scheme_copy(request, pk):
    """The successor from a later year on."""
    found = _own_or_404(request, pk)
    form = CopyForm(request.POST or None, initial={"year_from": max(clock.today().year, found.year_from + 1)})
    if form.is_valid() and (made := form.tries(actions.copy_scheme, found, by=request.user, **form.cleaned_data)):
        messages.success(request, _("The successor is written. Change what is new."))
        return redirect("scheme_edit", pk=made.pk)
    return render(request, "support/scheme_copy.html", {"form": form, "scheme": found})


@page("pay brokers")
@require_POST
def scheme_delete(request, pk):
    found = _own_or_404(request, pk)
    actions.delete_scheme(found, by=request.user)
    messages.success(request, _("The scheme “%(name)s” is deleted.") % {"name": found.name})
    return redirect("schemes")


def _scheme_or_404(request, pk) -> Scheme:
    return get_object_or_404(Scheme.objects.visible_to(request.user).prefetch_related("bands"), pk=pk)


def _own_or_404(request, pk) -> Scheme:
    found = _scheme_or_404(request, pk)
    if not request.user.may("pay brokers", at=found.county_id):
        raise Http404
    return found
