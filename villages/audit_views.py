"""The audit page. It stands here and not with the trail itself, because it names places."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.paginator import Paginator
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.shortcuts import render
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from laborreg.codes import under
from laborreg.forms import DateInput
from officers.models import AuditEvent
from officers.pages import page
from officers.verbs import DETAILS, KINDS, VERBS, told
from villages.accounts import labels
from villages.models import Township

A_PAGE = 50
# Beyond these a day has no midnight in another time zone.
POSSIBLE = [MinValueValidator(date(1950, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class AuditFilter(forms.Form):
    verb = forms.ChoiceField(label=_("What"), required=False)
    who = forms.CharField(label=_("Who (name or account)"), required=False, max_length=50)
    township = forms.ChoiceField(label=_("Where"), required=False)
    from_on = forms.DateField(label=_("From"), required=False, widget=DateInput, validators=POSSIBLE)
    to_on = forms.DateField(label=_("Until"), required=False, widget=DateInput, validators=POSSIBLE)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("Everything")), *VERBS.items()]
        townships = [(area.code, area.label) for area in Township.objects.visible_to(by)]
        self.fields["township"].choices = [("", _("Everywhere")), *townships]

    def narrowed(self, events):
        """Events that the filter leaves; what was typed wrongly narrows nothing and is told beside its field."""
        wanted = self.cleaned_data
        if wanted.get("verb"):
            events = events.filter(verb=wanted["verb"])
        if who := wanted.get("who"):
            events = events.filter(Q(by__name__icontains=who) | Q(by__username__icontains=who))
        if wanted.get("township"):
            events = events.filter(under("place_code", wanted["township"]))
        if wanted.get("from_on"):
            events = events.filter(at__gte=_midnight(wanted["from_on"]))
        if wanted.get("to_on"):
            events = events.filter(at__lt=_midnight(wanted["to_on"]) + timedelta(days=1))
        return events


def _midnight(day):
    return make_aware(datetime.combine(day, time()))


@page("see audit")
def audit(request):
    """Newest first. A chain is a county's, so the officer's posts name the chains to read."""
    form = AuditFilter(request.GET, by=request.user)
    form.is_valid()
    own = AuditEvent.objects.filter(county_code__in={code[:6] for code in request.user.posts})
    events = form.narrowed(own).select_related("by").order_by("county_code", "-number")
    page_obj = Paginator(events, A_PAGE).get_page(request.GET.get("page"))
    for event in page_obj.object_list:
        event.told = [(DETAILS.get(name, name), told(name, value)) for name, value in event.detail.items()]
    return render(request, "villages/audit.html", {
        "form": form, "page_obj": page_obj, "verbs": VERBS, "kinds": KINDS,
        "labels": labels({event.place_code for event in page_obj}),
    })
