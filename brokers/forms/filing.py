"""The steps of a filing, lists for objection, and complaints, as an officer fills them in."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from brokers import codes
from brokers.columns import BY_NAME
from brokers.models import Broker
from laborreg import clock
from laborreg.forms import ActionForm, DateInput, ManyRows
from villages.areas import area_at


def _day(label, **options):
    return BY_NAME["registered_on"].field(label=label, widget=DateInput, **options)


def _text(label, missing):
    return forms.CharField(
        label=label, max_length=200, widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": missing}
    )


class StepForm(ActionForm):
    """A step that asks nothing but the word that it is taken."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def facts(self) -> dict:
        return self.cleaned_data


class RecommendForm(StepForm):
    """What the village vouches for."""

    conditions = forms.MultipleChoiceField(
        label=_("The village vouches for this"), choices=codes.CONDITIONS, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Recommend only a broker of whom all of this is true.")},
    )


class ReasonForm(StepForm):
    """A step that is told with its reason."""

    reason = _text(_("Reason"), _("Give the reason."))


class PublicationForm(ActionForm):
    """Who is published, where and on which days."""

    brokers = ManyRows(
        Broker.objects.none(), label=_("Brokers"), error_messages={"required": _("Choose at least one broker.")}
    )
    place = forms.ChoiceField(label=_("Published by"))
    from_on = _day(_("Published from"))
    to_on = _day(_("Published until"))

    def __init__(self, *args, officer, waiting, days, **kwargs):
        today = clock.today()
        initial = {"from_on": today, "to_on": today + timedelta(days=days - 1)}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["brokers"].queryset = waiting
        places = [(post, area_at(post).label) for post in officer.posts if len(post) <= 9]
        self.fields["place"].choices = places
        if len(places) == 1:
            self.fields["place"].initial = places[0][0]
            self.fields["place"].widget = forms.HiddenInput()

    @property
    def ticked(self) -> set[str]:
        return set(self["brokers"].data or []) if self.is_bound else set()


class WithdrawForm(ActionForm):
    """Why a list is taken down."""

    reason = _text(_("Reason"), _("Give the reason."))


class ComplaintForm(ActionForm):
    """What somebody says against a broker. The office keeps who said it on paper."""

    kind = forms.ChoiceField(label=_("Kind"), choices=codes.COMPLAINTS, widget=forms.RadioSelect, error_messages={
        "required": _("Choose the kind"),
    })
    received_on = _day(_("Received on"))
    said = _text(_("What is said"), _("Write what is said."))

    def __init__(self, *args, broker, **kwargs):
        kind = "objection" if broker.state == "published" else "complaint"
        super().__init__(*args, initial={"kind": kind, "received_on": clock.today()}, **kwargs)
        if kind == "complaint":
            self.fields["kind"].widget = forms.HiddenInput()


class SettleForm(ActionForm):
    """What was found, and what came of it."""

    outcome = forms.ChoiceField(
        label=_("How was it settled?"), choices=codes.OUTCOMES, widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it was settled.")},
    )
    answer = _text(_("What was found"), _("Write what was found."))
    settled_on = _day(_("Settled on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"settled_on": clock.today()}, **kwargs)
