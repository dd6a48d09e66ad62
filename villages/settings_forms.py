"""What the county types to change its settings; what is left empty stays as it is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from laborreg.forms import ActionForm
from laborreg.months import Month
from villages.county_settings import SETTINGS
from villages.models import FROM_THE_START, CountySettings


def _number(setting):
    words = {"setting": setting.label, "low": setting.low, "high": setting.high}
    wrong = _("%(setting)s: choose a number from %(low)d to %(high)d.") % words
    return forms.IntegerField(
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], wrong),
        label=setting.label, help_text=setting.effect, min_value=setting.low, max_value=setting.high, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class ChangeForm(ActionForm):
    """A month, and the settings that are different from it on."""

    from_month = forms.TypedChoiceField(label=_("Valid from"), coerce=Month.parse)
    start_day = forms.TypedChoiceField(
        help_text=SETTINGS[0].effect, coerce=int, empty_value=None, required=False,
        choices=[("", _("no change")), *CountySettings._meta.get_field("start_day").choices],
    )

    def __init__(self, *args, months: list[Month], rules: CountySettings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["from_month"].choices = [(str(month), month_label(month)) for month in months]
        # Asked here, so that the first letter is made large in the reader's language.
        self.fields["start_day"].label = SETTINGS[0].label
        for setting in SETTINGS[1:]:
            self.fields[setting.name] = _number(setting)
            self.fields[setting.name].widget.attrs["placeholder"] = getattr(rules, setting.name)

    @property
    def values(self) -> dict[str, int]:
        """Those that were typed."""
        typed = {setting.name: self.cleaned_data.get(setting.name) for setting in SETTINGS}
        return {name: value for name, value in typed.items() if value is not None}

    @property
    def settings(self):
        return [self[setting.name] for setting in SETTINGS]


def month_label(month: Month) -> str:
    return str(_("the county's first month")) if month == FROM_THE_START else month.label
