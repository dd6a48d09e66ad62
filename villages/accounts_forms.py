"""What is typed about an account and its place. Places are offered from the officer's own area only."""

from itertools import groupby

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from officers import roles
from officers.forms import PhoneField
from officers.models import Officer
from villages.models import County, Township, Village


def village_choices(officer):
    """Villages under the heading of their township."""
    villages = Village.objects.visible_to(officer).lasting().select_related("township")
    groups = groupby(villages, key=lambda village: village.township.label)
    return [(township, [(village.code, village.label) for village in group]) for township, group in groups]


def area_choices(model, officer):
    return [(area.code, area.label) for area in model.objects.visible_to(officer)]


def place_choices(role, officer):
    """Where an account of the role can be posted by the officer."""
    if role == roles.VILLAGE:
        return village_choices(officer)
    return area_choices(Township if role == roles.TOWNSHIP else County, officer)


class AccountForm(forms.Form):
    """One select per level; the role says which of them counts."""

    AT_LEVEL = {12: "village", 9: "township", 6: "county"}

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    village = forms.ChoiceField(label=_("Village"), required=False)
    township = forms.ChoiceField(label=_("Township"), required=False)
    county = forms.ChoiceField(label=_("County"), required=False)
    name = forms.CharField(label=_("Name"), max_length=50)
    username = forms.CharField(
        label=_("Account"), max_length=40,
        help_text=_("For signing in: the name in pinyin, for example. Letters a–z and digits."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    phone = PhoneField(required=False, help_text=_("The level above calls here when a return is missing."))

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        labels = dict(roles.ROLES)
        issued = roles.ISSUES[by.role]
        self.fields["role"].choices = [(role, labels[role]) for role in issued]
        if len(issued) == 1:
            self.fields["role"].initial = issued[0]
        for length, level in self.AT_LEVEL.items():
            self._offer(level, [role for role in issued if roles.POSTED_AT[role] == length], by)

    def _offer(self, level, for_roles, by):
        """A level that no role is posted at is not asked."""
        if not for_roles:
            del self.fields[level]
            return
        choices = place_choices(for_roles[0], by)
        self.fields[level].choices = choices if len(choices) == 1 and level == "county" else [("", "–"), *choices]
        self.fields[level].shown_if = "role=" + ",".join(for_roles)

    @property
    def places(self):
        """The bound fields of the levels, each with the rule that shows it."""
        return [(self[level], self.fields[level].shown_if) for level in self.AT_LEVEL.values() if level in self.fields]

    def clean(self):
        typed = super().clean()
        level = self.AT_LEVEL.get(roles.POSTED_AT.get(typed.get("role")))
        if level and level not in self.errors:
            typed["post_code"] = typed.get(level)
            if not typed["post_code"]:
                self.add_error(level, _now("Choose the place of the account."))
        return typed

    @property
    def account(self) -> dict:
        """What the action is told."""
        return {name: self.cleaned_data[name] for name in ("username", "name", "phone", "role", "post_code")}


class PlaceForm(forms.Form):
    """One more place for an account."""

    place = forms.ChoiceField(label=_("Place"), error_messages={"required": _("Choose the place of the account.")})

    def __init__(self, *args, role, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", "–"), *place_choices(role, by)]


class SuccessorForm(forms.Form):
    """Who takes a place over; nobody is an answer."""

    successor = forms.ModelChoiceField(
        Officer.objects.none(), label=_("Hand over to"), required=False, empty_label=_("nobody yet")
    )

    def __init__(self, *args, successors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors


class FilterForm(forms.Form):
    q = forms.CharField(label=_("Name, account or phone"), required=False, max_length=50)
    township = forms.ChoiceField(label=_("Township"), required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["township"].choices = [("", _("All")), *area_choices(Township, by)]
