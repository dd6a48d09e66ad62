"""What officers type about a return: explanations, reasons, questions and answers."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from reports import layout

QUESTIONS = 3
EXPLAIN = "explain_"


def _line(label, required, **kwargs):
    return forms.CharField(label=label, max_length=200, error_messages={"required": required}, **kwargs)


class SubmitForm(forms.Form):
    """The officer's word for what is submitted: one line for each warning; from the station, why it files."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    is_nil = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, warnings, needs_reason=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.warnings = warnings
        if needs_reason:
            self.fields["filed_for_reason"] = _line(
                _("Why the station submits for the village"), _("Say why the station submits for the village")
            )
        for finding in warnings:
            self.fields[EXPLAIN + finding.name] = _line(finding.text, _("Explain it in one line"))

    @property
    def shown(self):
        """The fields that are typed."""
        return self.visible_fields()

    @property
    def explanations(self) -> dict[str, str]:
        return {
            name.removeprefix(EXPLAIN): text for name, text in self.cleaned_data.items() if name.startswith(EXPLAIN)
        }


class SendBackForm(forms.Form):
    """Why a return goes back, and questions on single figures."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Why it is sent back"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why the return is sent back")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        figures = [("", _("No figure chosen")), *layout.choices()]
        for number in range(1, QUESTIONS + 1):
            label = {"number": number}
            self.fields[f"figure_{number}"] = forms.ChoiceField(
                label=_now("Figure %(number)d") % label, choices=figures, required=False
            )
            self.fields[f"question_{number}"] = forms.CharField(
                label=_now("Question %(number)d") % label, max_length=300, required=False
            )

    @property
    def rows(self):
        return [(self[f"figure_{number}"], self[f"question_{number}"]) for number in range(1, QUESTIONS + 1)]

    def clean(self):
        typed = super().clean()
        for number in range(1, QUESTIONS + 1):
            figure, question = typed.get(f"figure_{number}"), (typed.get(f"question_{number}") or "").strip()
            if figure and not question:
                self.add_error(f"question_{number}", _now("Write the question"))
            if question and not figure:
                self.add_error(f"figure_{number}", _now("Choose the figure that the question is about"))
        return typed

    @property
    def cells(self) -> dict[str, str]:
        """Figure → question; two questions on one figure become one."""
        found: dict[str, list[str]] = {}
        for number in range(1, QUESTIONS + 1):
            if figure := self.cleaned_data.get(f"figure_{number}"):
                found.setdefault(figure, []).append(self.cleaned_data[f"question_{number}"].strip())
        return {figure: " ".join(questions)[:300] for figure, questions in found.items()}


class AnswerForm(forms.Form):
    """What became of one question."""

    text = forms.CharField(label=_("Answer"), max_length=300, error_messages={"required": _("Write an answer")})
