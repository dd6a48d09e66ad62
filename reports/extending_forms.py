"""What the county types to give more time."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from laborreg.forms import ActionForm, DateInput
from villages.models import Village


def _day(label, missing):
    return forms.DateField(label=label, widget=DateInput, error_messages={"required": missing, "invalid": missing})


class ExtensionForm(ActionForm):
    """Who gets more time, until when, and why. `wanted`: due and closing day that are proposed, as they are working days."""

    area_code = forms.ChoiceField(label=_("Who gets more time"))
    due_on = _day(_("Due"), _("Enter the due day"))
    closes_on = _day(_("Villages can submit until"), _("Enter the closing day"))
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Villages and stations read it."),
        error_messages={"required": _("Say why there is more time")},
    )

    def __init__(self, *args, county, days, wanted=None, **kwargs):
        due, closes = wanted or (days.due_on, days.closes_on)
        reason = _now("The day was no working day.") if wanted else ""
        super().__init__(*args, initial={"due_on": due, "closes_on": closes, "reason": reason}, **kwargs)
        self.fields["area_code"].choices = [(county.code, _now("The whole county")), *_townships(county)]


def _townships(county):
    """Each township as a group: all of it, then its villages."""
    villages: dict[str, list] = {}
    for village in Village.objects.under(county.code).order_by("code"):
        villages.setdefault(village.township_id, []).append((village.code, village.label))
    return [
        (township.label, [
            (township.code, _now("All of %(township)s") % {"township": township.label}), *villages.get(township.code, []),
        ])
        for township in county.townships.order_by("code")
    ]
