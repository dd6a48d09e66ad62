"""Finding a person in a list that the officer may see: by name, by pinyin, by the last four of a number.

Whole numbers that fit nobody are counted: of an ID number a mask hides the birth date, and with the age and the check
digit some thirty are left to be tried one after the other.
"""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from laborreg import clock, crypto
from laborreg.identity import MIDDLE_DOT, clean_phone, plain
from laborreg.refusals import Refusal
from officers import audit
from officers.models import AuditEvent
from officers.verbs import IN_VAIN
from workers.models import Phone

IN_VAIN_MOST, WINDOW = 30, timedelta(hours=1)

_DOTS = re.compile("[\u2022\u2027\u2219\u22c5\u30fb\uff65\u25cf]")
_LAST_FOUR = re.compile(r"[0-9]{3}[0-9X]")
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")


def matching(workers, text, *, by):
    """Of some workers those that the text fits: part of a name, 王 or wangx or wxy, 123X, a whole number.

    `by`: who looks. Refused after thirty whole numbers in an hour that fitted nobody.
    """
    typed = _typed(text)
    if not typed:
        return workers
    found = _by_number(typed.upper())
    if found is None:
        return workers.filter(_by_name(typed))
    if not _LAST_FOUR.fullmatch(typed.upper()):
        _count_in_vain(workers.filter(found), typed, by)
    return workers.filter(found)


def _count_in_vain(found, typed, by):
    """Once a request, however often the list is asked for in it; the number itself is kept nowhere."""
    looked_for = by.__dict__.setdefault("_looked_for", set())
    if typed in looked_for:
        return
    lately = AuditEvent.objects.filter(by=by, verb=IN_VAIN, at__gt=clock.now() - WINDOW)
    if lately.count() >= IN_VAIN_MOST:
        raise Refusal(_(
            "You looked for %(most)d whole numbers within an hour that are not in the ledger. Search by name, bring a list in"
            " as a sheet, which tells of all at once, or go on in an hour."
        ) % {"most": IN_VAIN_MOST})
    looked_for.add(typed)
    if not found.exists():
        audit.record(IN_VAIN, by=by, place=by.posts[0] if by.posts else "")


def is_number(text) -> bool:
    """Whether it is searched for as an ID number, a phone or the last four of one."""
    return _by_number(_typed(text).upper()) is not None


def _typed(text) -> str:
    return re.sub(r"\s|'", "", _DOTS.sub(MIDDLE_DOT, plain(text)))


def _by_number(typed) -> Q | None:
    if _LAST_FOUR.fullmatch(typed):
        return Q(id_last4_index=crypto.index(typed, purpose="last4")) | Exists(_phones(last4=typed))
    if _ID_NUMBER.fullmatch(typed):
        return Q(id_index=crypto.index(typed))
    return _by_phone(typed)


def _by_phone(typed) -> Q | None:
    try:
        number = clean_phone(typed)
    except ValidationError:
        return None
    return Q(Exists(_phones(number=number)))


def _phones(**what):
    return Phone.objects.filter(worker=OuterRef("pk"), **what)


def _by_name(typed) -> Q:
    """Pinyin and initials are kept in small letters, so that both databases compare alike."""
    found = Q(name__icontains=typed)
    if typed.isascii():
        found |= Q(name_pinyin__contains=typed.lower()) | Q(name_initials__startswith=typed.lower())
    return found
