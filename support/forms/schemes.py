"""A scheme as it is typed: its facts, the rows of its table, then the amounts in the grid."""

from django import forms
from django.utils.translation import gettext_lazy as _

from laborreg.forms import ActionForm
from support.columns import CLEANERS, clean_year
from support.schemes import Band, Grid, days_told, read_rows, table, typed, workers_told

NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


class Cleaned(forms.CharField):
    """A field that is cleaned by the function that the action uses."""

    def __init__(self, clean, **options):
        self.cleaner = clean
        super().__init__(**options)

    def clean(self, value):
        return self.cleaner(value)


class Rows(Cleaned):
    """Bounds, a row a line."""

    widget = forms.Textarea(attrs={"rows": 4, "autocomplete": "off"})

    def __init__(self, **options):
        super().__init__(read_rows, **options)

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else "\n".join(typed(row) for row in value)


class SchemeForm(ActionForm):
    """Facts and bounds of a scheme; the amounts follow on a page of their own."""

    name = Cleaned(CLEANERS["name"], label=_("Name of the scheme"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    source = Cleaned(CLEANERS["source"], label=_("Document"), required=False)
    year_from = Cleaned(CLEANERS["year_from"], label=_("First year"), widget=forms.TextInput(attrs=NUMBER))
    year_to = Cleaned(CLEANERS["year_to"], label=_("Last year"), required=False, widget=forms.TextInput(attrs=NUMBER))
    pay_floor = Cleaned(
        CLEANERS["pay_floor"], label=_("Monthly pay of at least, yuan"), required=False, widget=forms.TextInput(attrs=NUMBER),
    )
    earned_floor = Cleaned(
        CLEANERS["earned_floor"], label=_("Earned in the year at least, yuan"), required=False,
        widget=forms.TextInput(attrs=NUMBER),
    )
    contract_needed = forms.BooleanField(label=_("Only stays with a labor contract"), required=False)
    insurance_needed = forms.BooleanField(label=_("Only stays with social insurance"), required=False)
    filed_only = forms.BooleanField(label=_("Only brokers who are filed"), required=False, initial=True)
    sizes = Rows(label=_("Workers who count, a row a line"))
    lengths = Rows(label=_("Days in the year, a row a line"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, facts, bands) -> dict:
        grid = Grid(list(bands))
        return facts | {"sizes": grid.sizes, "lengths": grid.lengths}

    @classmethod
    def of(cls, scheme, data=None):
        facts = {name: getattr(scheme, name) for name in [*CLEANERS, "version"]}
        return cls(data, initial=cls.initial_of(facts, scheme.bands.all()))

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in CLEANERS}

    def bands(self, before=()) -> list[Band]:
        """The table as it was typed; cells that were there before keep their amounts."""
        sizes, lengths = self.cleaned_data["sizes"], self.cleaned_data["lengths"]
        return table(sizes, lengths, Grid(list(before)).amounts)


class AmountsForm(ActionForm):
    """A field for each band of the table."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, scheme, **kwargs):
        self.scheme_bands = list(scheme.bands.all())
        amounts = {f"band_{band.pk}": band.amount for band in self.scheme_bands}
        super().__init__(*args, **{"initial": amounts | {"version": scheme.version}} | kwargs)
        for band in self.scheme_bands:
            size, length = (band.size_from, band.size_to), (band.days_from, band.days_to)
            label = f"{workers_told(size)} × {days_told(length)}"
            self.fields[f"band_{band.pk}"] = Cleaned(
                CLEANERS["pay_floor"], label=label, required=False,
                widget=forms.TextInput(attrs=NUMBER | {"aria-label": label, "class": "input"}),
            )

    @property
    def rows(self) -> list[tuple]:
        """(length in words, fields in the order of the sizes)"""
        grid = Grid(self.scheme_bands)
        at = {((band.size_from, band.size_to), (band.days_from, band.days_to)): band.pk for band in self.scheme_bands}
        return [(days_told(length), [self[f"band_{at[size, length]}"] for size in grid.sizes if (size, length) in at])
                for length in grid.lengths]

    @property
    def amounts(self) -> dict[int, int | None]:
        return {band.pk: self.cleaned_data[f"band_{band.pk}"] for band in self.scheme_bands}


class CopyForm(ActionForm):
    """From which year on the successor holds."""

    year_from = Cleaned(clean_year, label=_("First year of the successor"), widget=forms.TextInput(attrs=NUMBER))
