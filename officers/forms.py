"""What officers type about themselves."""

import re
import unicodedata

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from laborreg.forms import ActionForm
from officers import second_factor, sign_in, throttle

PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,5})?")
LONGEST_PASSWORD = 128
PASSWORD_HELP = {
    "gbt22239": _("At least 8 characters: letters and digits or signs, and neither your name nor your place."),
    "asvs": _("At least 12 characters, such as a few words in a row; neither your name nor your place."),
}[settings.PASSWORD_RULES]
TEXT_SIZES = [("0", _("Normal text")), ("1", _("Large text"))]


def clean_phone(text: str) -> str:
    """A mobile or landline number without spaces; full-width digits become plain ones. Empty stays empty."""
    phone = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if phone and not PHONE.fullmatch(phone):
        raise ValidationError(_now("This is not a phone number: 11 digits, or an area code and a number."))
    return phone


class PhoneField(forms.CharField):
    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
        super().__init__(**{"label": _("Phone"), "max_length": 20, "widget": widget} | kwargs)

    def clean(self, value):
        return clean_phone(super().clean(value))


def password_field(label, autocomplete, **kwargs):
    """Letters can be shown, see static/app.js; spaces at the ends belong to a password."""
    widget = forms.PasswordInput(attrs={
        "autocomplete": autocomplete, "data-show-password": _("Show"), "data-hide-password": _("Hide"),
    })
    return forms.CharField(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget, **kwargs)


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("Account"), max_length=40,
        widget=forms.TextInput(attrs={
            "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True,
        }),
    )
    password = password_field(_("Password"), "current-password")

    def clean_username(self):
        return unicodedata.normalize("NFKC", self.cleaned_data["username"])


class NewPassword(forms.Form):
    """Two fields for a new password of one officer."""

    new_password = password_field(_("New password"), "new-password", help_text=PASSWORD_HELP)
    repeated = password_field(_("The new password again"), "new-password")

    def __init__(self, *args, officer, **kwargs):
        self.officer = officer
        super().__init__(*args, **kwargs)

    def clean(self):
        typed = super().clean()
        if "new_password" in typed and self.may_be_judged:
            self._judge(typed["new_password"])
        if "new_password" in typed and "repeated" in typed and typed["new_password"] != typed["repeated"]:
            self.add_error("repeated", _now("The two passwords differ."))
        return typed

    @property
    def may_be_judged(self) -> bool:
        """Whether the new password may be held against the one of now and those before: the answer tells them."""
        return True

    def _judge(self, password):
        try:
            if self.officer.check_password(password):
                raise ValidationError(_now("This is the password you have now. Choose another one."))
            password_validation.validate_password(password, self.officer)
        except ValidationError as refusal:
            self.add_error("new_password", refusal)


def check_own_password(officer, password, address):
    """Counted like signing in: whoever finds an open session may not try out passwords in it."""
    try:
        attempt = throttle.reserve(officer.username, address)
    except throttle.Locked as locked:
        raise ValidationError(locked.message) from locked
    if not officer.check_password(password):
        sign_in.note_refusal(attempt)
        raise ValidationError(_now("This is not your password."))
    second_factor.forgive(attempt, officer)


class ChangePasswordForm(NewPassword):
    old_password = password_field(_("Current password"), "current-password")
    field_order = ["old_password", "new_password", "repeated"]

    def __init__(self, *args, address, **kwargs):
        self.address = address
        super().__init__(*args, **kwargs)

    def clean_old_password(self):
        check_own_password(self.officer, self.cleaned_data["old_password"], self.address)
        return self.cleaned_data["old_password"]

    @property
    def may_be_judged(self) -> bool:
        return "old_password" in self.cleaned_data


class CodeInput(forms.TextInput):
    """Empty each time: a code that was not right is not right the next time either."""

    def get_context(self, name, value, attrs):
        return super().get_context(name, None, attrs)


def code_field(label, **kwargs):
    """Digits of an app, or a recovery code: letters as well, so the keyboard is the whole one."""
    widget = CodeInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=20, widget=widget, **kwargs)


class CodeForm(forms.Form):
    """After the password, where an account has a second factor."""

    token = code_field(
        _("One-time code"), help_text=_("The six digits that your phone shows now, or one of your recovery codes."),
    )


class SecondFactorForm(ActionForm):
    """The own password and a code: to turn the second factor on or off, or to make new recovery codes."""

    password = password_field(_("Current password"), "current-password")
    token = code_field(_("One-time code"))

    def __init__(self, *args, officer, address, **kwargs):
        self.officer, self.address = officer, address
        super().__init__(*args, **kwargs)


class FirstPasswordForm(NewPassword):
    phone = PhoneField(required=False, help_text=_("So that the level above and your villages can call you."))
    large_text = forms.ChoiceField(label=_("Text size"), choices=TEXT_SIZES, widget=forms.RadioSelect, initial="0")
    accepted = forms.BooleanField(
        label=_("I have read this and will keep to it."),
        error_messages={"required": _("Only an officer who accepts this duty may work with the registry.")},
    )
    field_order = ["accepted", "new_password", "repeated", "phone", "large_text"]


class SettingsForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = PhoneField(required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    large_text = forms.ChoiceField(label=_("Text size"), choices=TEXT_SIZES, widget=forms.RadioSelect)

    def clean_large_text(self):
        return self.cleaned_data["large_text"] == "1"
