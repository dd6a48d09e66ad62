"""Places in a form: a village under its township, and a destination from the province down to the own township."""

from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from villages import destinations
from villages.models import Village

# The button between the lists; without JavaScript it fetches the next list and judges nothing.
CHOOSE = "choose"
ABROAD = "abroad"
LABELS = {
    "province": _("Province"),
    "prefecture": _("City or prefecture"),
    "county": _("County or district"),
    "township": _("Township"),
    "country": _("Country"),
}


class _ByTownship(ModelChoiceIterator):
    """Villages under the headings of their townships."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for township, villages in groupby(self.queryset, lambda village: village.township):
            yield township.label, [self.choice(village) for village in villages]


class VillageField(forms.ModelChoiceField):
    """One of the villages of the `queryset` that the form's __init__ sets, with select_related("township")."""

    iterator = _ByTownship

    def __init__(self, **options):
        defaults = {"label": _("Village"), "queryset": Village.objects.none(), "empty_label": _("Choose")}
        super().__init__(**defaults | options)


class DestinationSelects(forms.Widget):
    """Renders the lists down to the first that is not chosen yet, and reads the deepest choice back as a code."""

    template_name = "_parts/destination_selects.html"
    use_fieldset = True

    def __init__(self, county="", attrs=None):
        self.county = county
        super().__init__(attrs)

    def use_required_attribute(self, initial):
        """Only some of the lists must be answered; `clean` says which."""
        return False

    def value_from_datadict(self, data, files, name):
        """The code chosen so far; “abroad” while no country is. A code under the plain name goes before the lists."""
        if data.get(name):
            return data[name]
        chosen = {step: data.get(f"{name}_{step}", "") for step in LABELS}
        if chosen["province"] == ABROAD:
            return chosen["country"] or ABROAD
        code = chosen["province"]
        for step in ["prefecture", "county", "township"]:
            # A list that stood under another choice is left over from before, and does not count.
            code = chosen[step] if chosen[step].startswith(code) else code
        return code

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}_province" not in data

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        first_id = context["widget"]["attrs"].get("id") or f"id_{name}"
        context["lists"] = [
            {
                "name": f"{name}_{step}", "id": first_id if step == "province" else f"{first_id}_{step}",
                "label": LABELS[step], "options": options, "must": must,
                "chosen": next((code for code, _label in options if _stands_on(code, value or "")), ""),
            }
            for step, options, must in self._lists(value or "")
        ]
        context["widget"]["attrs"].pop("id", None)
        context["part"] = f"{first_id}_lists"
        return context

    def _lists(self, code):
        """(step, options, whether one must be chosen) for each list that the choices so far call for."""
        yield "province", [*destinations.provinces(self.county), (ABROAD, _("Abroad"))], True
        if code == ABROAD or code.isalpha():
            yield "country", destinations.countries(), True
        elif code:
            yield from self._lists_within(code, is_near=code[:2] == self.county[:2])

    def _lists_within(self, code, is_near):
        prefectures = destinations.prefectures(code[:2])
        if prefectures:
            yield "prefecture", prefectures, is_near
        above = code[:4] if prefectures else code[:2]
        if (len(above) == 4 or not prefectures) and (counties := destinations.counties(above)):
            yield "county", counties, is_near
        if self.county and code[:6] == self.county:
            yield "township", destinations.townships(self.county), True


def _stands_on(option, code) -> bool:
    if option == ABROAD:
        return code == ABROAD or code.isalpha()
    return code.startswith(option)


class DestinationField(forms.Field):
    """A code of workers' destinations; set `county` in the form's __init__: it decides how exact the answer must be."""

    widget = DestinationSelects

    @property
    def county(self):
        return self.widget.county

    @county.setter
    def county(self, code):
        self.widget.county = code

    def clean(self, value):
        if value in self.empty_values and not self.required:
            return ""
        if value == ABROAD:
            raise ValidationError(_("Choose the country."))
        return destinations.clean(value, county=self.county)


class ChoosesInSteps:
    """A form with a DestinationField: a press on “choose” shows the next list and judges nothing yet."""

    @property
    def is_choosing(self) -> bool:
        return self.is_bound and CHOOSE in self.data

    def full_clean(self):
        if self.is_choosing:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def is_valid(self):
        return not self.is_choosing and super().is_valid()
