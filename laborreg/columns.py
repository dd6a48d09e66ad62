"""The columns of a register, listed once: form, template, import and export use the same list.

A cleaner is a plain function: text in, value out, or ValidationError in the officer's words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from laborreg.identity import plain

# What lies before is a slip of the pen.
EARLIEST = date(1950, 1, 1)

_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})")
# An ID number or a phone, which belongs into no sentence.
_LONG_NUMBER = re.compile(
    r"(?<![0-9])(?:[0-9]{6} ?[0-9]{8} ?[0-9]{3}[0-9Xx]|[0-9]{11,}"
    r"|1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}|0[0-9]{2,3}-[0-9]{7,8})(?![0-9])"
)


@dataclass(frozen=True)
class Column:
    """One column: heading in the reader's language, cleaner, example, and headings met in real files."""

    name: str
    heading: str
    clean: Callable
    example: str
    synonyms: tuple[str, ...] = ()
    required: bool = False

    def field(self, **options) -> "ColumnField":
        return ColumnField(self, **options)


class ColumnField(forms.Field):
    """A form field that cleans as its column does; the cleaner says what is missing, too."""

    widget = forms.TextInput

    def __init__(self, column, **options):
        self.column = column
        super().__init__(**{"label": column.heading, "required": column.required} | options)

    def clean(self, value):
        return self.column.clean(value)


def clean_date(text, *, earliest=EARLIEST) -> date:
    """2026-10-05, 2026/10/5, 2026.10.5, 20261005, 2026年10月5日; a sheet's own dates as they are."""
    if isinstance(text, datetime):
        text = text.date()
    day = text if isinstance(text, date) else _read_date(text)
    if day < earliest:
        raise ValidationError(_("%(day)s is too long ago. Check the year.") % {"day": day.isoformat()})
    return day


def _read_date(text) -> date:
    typed = plain(text)
    if not typed:
        raise ValidationError(_("Enter the date."))
    if found := _DAY.fullmatch(re.sub(r"\s", "", typed)):
        try:
            return date(*(int(part) for part in found.groups() if part))
        except ValueError:
            pass
    raise ValidationError(_("“%(text)s” is not a date. Write it as 2026-10-05.") % {"text": typed})


def clean_words(text, *, length=200) -> str:
    """A reason or note as it was written: short, and without anybody's ID number or phone, however they are typed."""
    words = " ".join(("" if text is None else str(text)).split())
    if len(words) > length:
        raise ValidationError(_("Write at most %(length)s characters.") % {"length": length})
    if _LONG_NUMBER.search(plain(words)):
        raise ValidationError(_("Do not write ID numbers or phones here."))
    return words


def words(length, *, missing="") -> Callable:
    """A cleaner of a few words; `missing` is the sentence for nothing typed, where something must be."""

    def clean(text):
        found = clean_words(text, length=length)
        if missing and not found:
            raise ValidationError(missing)
        return found

    return clean


def choice(choices) -> Callable:
    """A cleaner of a code list: takes the code, or its label in either language. Nothing typed is nothing."""

    def clean(text):
        typed = plain(text)
        for code, label in choices:
            if typed.casefold() in {code.casefold(), *_labels(label)}:
                return code
        if not typed:
            return ""
        allowed = _(", ").join(str(label) for _code, label in choices)
        raise ValidationError(_("“%(text)s” is not one of: %(allowed)s.") % {"text": typed, "allowed": allowed})

    return clean


def _labels(label) -> set[str]:
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(plain(label).casefold())
    return found


def optional(cleaner) -> Callable:
    """The cleaner, for a column that may stay empty: then the value is None."""
    return lambda text: cleaner(text) if plain(text) else None
