"""What forms of every room share."""

import re

from django import forms
from django.core.exceptions import ValidationError

from laborreg.refusals import Refusal, Stale


def row_number(text) -> int | None:
    """The number of a row as an address or a form tells it; None for what no row has."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text or "") else None


class ManyRows(forms.ModelMultipleChoiceField):
    """Rows that were ticked; what is no number of a row is a wrong choice, also where the database cannot hold it."""

    def clean(self, value):
        for text in value or []:
            if row_number(text) is None:
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": str(text)[:40]})
        return super().clean(value)


class DateInput(forms.DateInput):
    """The device's own picker; the value always as 2026-11-04."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class ActionForm(forms.Form):
    """A form on which an action's refusal is shown, with what was typed still there."""

    refusal = None

    def tries(self, action, *args, **kwargs):
        """What the action makes; None when it refuses."""
        try:
            return action(*args, **kwargs)
        except Refusal as refusal:
            self.refusal = refusal
            self.add_error(None, refusal.message)
            if isinstance(refusal, Stale):
                self._take_version(refusal.current.version)
            return None

    def _take_version(self, version):
        """What is sent next replaces this version, which the officer has now been told of."""
        self.data = self.data.copy()
        self.data["version"] = version

    @property
    def theirs(self):
        """The row as somebody else saved it meanwhile; None unless that is why the action refused."""
        return self.refusal.current if isinstance(self.refusal, Stale) else None
