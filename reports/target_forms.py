"""The targets of an area's parts on one form, a row an area, a column a kind; and the weights of the assessment."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from laborreg.columns import Column, clean_words
from laborreg.forms import ActionForm
from laborreg.identity import plain
from reports import assessment as assessing
from reports.actions.targets import clean_letter
from reports.actions.weights import WHOLE
from reports.models import INCOME, Target
from reports.targets import KINDS, YUAN_IN_WAN

LABELS = dict(Target.KINDS)
_PERSONS = re.compile(r"[0-9]{1,9}")
_WAN = re.compile(r"[0-9]{1,8}(?:\.[0-9]{1,4})?")


def clean_persons(text) -> int | None:
    """Whole persons; nothing typed is no target."""
    typed = re.sub(r"[\s,，人]", "", plain(text))
    if not typed:
        return None
    if not _PERSONS.fullmatch(typed):
        raise ValidationError(_now("“%(text)s” is not a number of persons.") % {"text": plain(text)[:20]})
    return int(typed)


def clean_wan(text) -> int | None:
    """Typed in 10,000 yuan with up to four decimals; yuan come back."""
    typed = re.sub(r"[\s,，]|万元?", "", plain(text))
    if not typed:
        return None
    if not _WAN.fullmatch(typed):
        raise ValidationError(_now("“%(text)s” is not a sum in 10,000 yuan, such as 1250.5.") % {"text": plain(text)[:20]})
    return int(Decimal(typed) * YUAN_IN_WAN)


def told(kind: str, amount: int | None) -> str:
    """As the form shows an amount: of income 10,000 yuan, without zeros that say nothing."""
    if amount is None:
        return ""
    if kind != INCOME:
        return str(amount)
    return f"{Decimal(amount) / YUAN_IN_WAN:.4f}".rstrip("0").rstrip(".")


def _cell(area, kind) -> forms.Field:
    clean = clean_wan if kind == INCOME else clean_persons
    field = Column(kind, LABELS[kind], clean, "").field(widget=forms.TextInput(attrs={
        "inputmode": "decimal" if kind == INCOME else "numeric", "autocomplete": "off", "class": "input",
    }))
    field.label, field.heading = f"{area.label}: {LABELS[kind]}", LABELS[kind]
    field.widget.attrs["aria-label"] = field.label
    return field


class TargetsForm(ActionForm):
    """`areas`: whose targets are set here; `standing`: {code: {kind: amount}} that hold now."""

    letter = Column("letter", _("Letter (document number)"), clean_letter, "宁人社发〔2026〕12号").field()
    reason = Column("reason", _("Why targets that stood are changed"), clean_words, "").field()
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, areas, standing, seen, **kwargs):
        self.areas = areas
        now = {f"{code}_{kind}": told(kind, amount) for code, row in standing.items() for kind, amount in row.items()}
        super().__init__(*args, **{"initial": now | {"seen": seen} | kwargs.pop("initial", {})} | kwargs)
        for area in areas:
            for kind in KINDS:
                self.fields[f"{area.code}_{kind}"] = _cell(area, kind)

    @property
    def rows(self) -> list[tuple]:
        return [(area, [self[f"{area.code}_{kind}"] for kind in KINDS]) for area in self.areas]

    @property
    def amounts(self) -> dict[tuple[str, str], int | None]:
        return {(area.code, kind): self.cleaned_data[f"{area.code}_{kind}"] for area in self.areas for kind in KINDS}


def typed_amount(kind: str, text) -> int | None:
    """What was typed, for a form that is only filled on; what is no number is nothing."""
    try:
        return (clean_wan if kind == INCOME else clean_persons)(text)
    except ValidationError:
        return None


class WeightsForm(ActionForm):
    """A whole number for each component."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, weights, version, **kwargs):
        super().__init__(*args, initial=weights | {"version": version}, **kwargs)
        for component in assessing.COMPONENTS:
            self.fields[component.key] = forms.IntegerField(
                label=component.label, min_value=0, max_value=WHOLE, help_text=component.rule,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def weights(self) -> dict[str, int]:
        return {component.key: self.cleaned_data[component.key] for component in assessing.COMPONENTS}
