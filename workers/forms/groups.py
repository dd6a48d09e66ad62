"""Unnamed groups."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workers import codes, columns
from workers.forms.parts import DayField, NoteField, RecordForm, chips, select
from workers.forms.transfers import DayLeft, Place


class GroupForm(DayLeft, Place):
    """So many people who are not named yet, with what is known of them."""

    persons = forms.CharField(
        label=_("How many?"), max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Enter how many")},
    )
    sex = chips([*codes.SEXES, ("", _("Both, or not known"))], label=_("Sex"), required=False)
    age_band = select(codes.AGE_BANDS, label=_("Age"), empty_label=_("Not known"))
    industry = select(codes.SECTIONS, label=_("Industry"), empty_label=_("Not known"))
    channel = select(codes.CHANNELS, label=_("How was the job found?"), empty_label=_("Not known"))
    form = select(codes.FORMS, label=_("Form of work"), empty_label=_("Not known"))
    status = select(codes.STATUS_KINDS, label=_("Poverty flag"), empty_label=_("None, or not known"))
    pay = forms.CharField(
        label=_("Monthly pay of one, yuan"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    note = NoteField()

    def clean_persons(self):
        return columns.clean_persons(self.cleaned_data["persons"])

    def clean_pay(self):
        text = self.cleaned_data["pay"]
        return columns.clean_pay(text)[0] if text else None

    def facts(self) -> dict:
        names = ("persons", "destination", "sex", "age_band", "industry", "channel", "form", "status", "pay", "note")
        return {name: self.cleaned_data[name] for name in names} | {"started_on": self.when()["started_on"]}


class GroupEndForm(RecordForm):
    """All or some of an unnamed group came home."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    persons = forms.IntegerField(
        label=_("How many came home?"), min_value=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Enter how many"), "min_value": _("Enter at least 1")},
    )
    ended_on = DayField(label=_("Came home on"), error_messages={"required": _("Enter the day")})
    reason = chips(codes.REASONS, label=_("Why?"), required=False)
