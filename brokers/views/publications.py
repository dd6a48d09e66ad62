"""Lists of brokers published for objection: all of them, a new one, one with its brokers, and on paper."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brokers import actions, filing
from brokers.forms.filing import PublicationForm, WithdrawForm
from brokers.models import Broker, Publication
from brokers.views.rows import posted
from laborreg import clock
from laborreg.forms import row_number
from laborreg.identity import mask_id, mask_name
from officers.pages import page
from villages.areas import area_at
from villages.models import County, Township

A_PAGE = 50


@page("check brokers")
def publications(request):
    found = _visible_to(request.user).annotate(listed=Count("steps")).order_by("-from_on", "-pk")
    page_obj = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    hanging = list(filing.published_in(Broker.objects.visible_to(request.user)).values_list("list", "until"))
    waiting = Counter(number for number, _until in hanging)
    places = Township.objects.in_bulk([row.place_code for row in page_obj])
    for row in page_obj.object_list:
        row.place = places.get(row.place_code) or row.county
        row.waiting = waiting[row.pk]
        row.standing = _standing(row)
    return render(request, "brokers/publications.html", {
        "page_obj": page_obj, "to_file": sum(until < clock.today() for _number, until in hanging),
        "to_publish": filing.waiting_for_a_list(Broker.objects.visible_to(request.user)).count(),
    })


@page("check brokers")
def publication_new(request):
    """Trained brokers, ticked for a list."""
    waiting = filing.waiting_for_a_list(Broker.objects.visible_to(request.user)).select_related("village__township")
    county = get_object_or_404(County, pk=request.user.county_code)
    days = county.rules_from(county.month_of(clock.today())).objection_days
    form = PublicationForm(posted(request), officer=request.user, waiting=waiting, days=days)
    if form.is_valid() and (made := _published(request, form)):
        messages.success(request, _("The list is ready to print and to hang out."))
        return redirect("publication", pk=made.pk)
    asked = row_number(request.GET.get("broker"))
    return render(request, "brokers/publication_new.html", {
        "form": form, "waiting": waiting, "days": days,
        "ticked": form.ticked or ({str(asked)} if asked else {str(broker.pk) for broker in waiting}),
    })


def _published(request, form):
    said = dict(form.cleaned_data)
    return form.tries(actions.publish_brokers, said.pop("brokers"), by=request.user, **said)


@page("check brokers")
def publication(request, pk):
    return _show(request, _one_or_404(request, pk), WithdrawForm())


@page("check brokers")
@require_POST
def publication_withdraw(request, pk):
    row = _one_or_404(request, pk)
    form = WithdrawForm(request.POST)
    if form.is_valid() and (freed := form.tries(actions.withdraw_list, row, by=request.user, **form.cleaned_data)):
        messages.success(request, ngettext(
            "The list is withdrawn; %(n)s broker waits for a new one.",
            "The list is withdrawn; %(n)s brokers wait for a new one.", len(freed),
        ) % {"n": len(freed)})
        return redirect("publication", pk=pk)
    return _show(request, row, form)


def _show(request, row, withdraw):
    """Who stands in the list, and in whose way something stands."""
    brokers, today = _brokers_of(row), clock.today()
    for broker in brokers:
        broker.hangs_here = broker.state == "published" and filing.publication_of(broker) == row
        broker.missing = filing.obstacles("filed", broker, today) if broker.hangs_here else []
    ready = [broker for broker in brokers if broker.hangs_here and not broker.missing]
    return render(request, "brokers/publication.html", {
        "publication": row, "brokers": brokers, "ready": len(ready), "is_over": row.to_on < today,
        "may_file": request.user.may("file brokers", at=row.place_code), "withdraw": withdraw,
        "may_withdraw": any(broker.hangs_here for broker in brokers) and not row.withdrawn_on,
    })


@page("check brokers")
def publication_paper(request, pk):
    """The masked list on A4 for the notice board: whom it names, until when, and where to object."""
    row = _one_or_404(request, pk)
    brokers = _brokers_of(row)
    for broker in brokers:
        broker.masked_name, broker.masked_id = mask_name(broker.name), mask_id(actions.id_number_of(broker))
    townships = {broker.village.township for broker in brokers}
    return render(request, "brokers/publication_paper.html", {
        "publication": row, "brokers": brokers, "days": (row.to_on - row.from_on).days + 1, "now": clock.now(),
        "townships": sorted(townships, key=lambda township: township.code),
    })


@page("file brokers")
@require_POST
def publication_file(request, pk):
    """Everybody of the list in whose way nothing stands."""
    filed = actions.file_all(_one_or_404(request, pk), by=request.user)
    messages.success(request, ngettext(
        "%(n)s broker is filed and has a certificate.", "%(n)s brokers are filed and have certificates.", len(filed)
    ) % {"n": len(filed)})
    return redirect("publication", pk=pk)


def _visible_to(officer):
    return Publication.objects.visible_to(officer).filter(subject="brokers").select_related("county", "by")


def _one_or_404(request, pk) -> Publication:
    row = get_object_or_404(_visible_to(request.user), pk=pk)
    row.place = area_at(row.place_code)
    return row


def _brokers_of(publication) -> list[Broker]:
    """As the list was made, without entries that were merged into another."""
    listed = Broker.objects.valid().filter(pk__in=publication.steps.values("broker"))
    listed = listed.select_related("village__township").prefetch_related(*filing.ASKED)
    brokers = list(listed.order_by("village_id", "name", "pk"))
    for broker in brokers:
        # One row for all, which asks for its settings once.
        broker.county = publication.county
    return brokers


def _standing(row) -> tuple[str, str]:
    """(tone, words) of a list."""
    today = clock.today()
    if row.withdrawn_on:
        return "none", _("withdrawn")
    if row.from_on > today:
        return "none", _("not begun")
    if row.to_on >= today:
        return "info", _("hangs out")
    return ("warn", _("over, to be filed")) if row.waiting else ("ok", _("done"))
