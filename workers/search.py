"""Finding a person in a list that the officer may see: by name, by pinyin, by the last four of a number."""

import re

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from laborreg import crypto
from laborreg.identity import MIDDLE_DOT, clean_phone, plain
from workers.actions import looking
from workers.models import Phone, Worker

_DOTS = re.compile("[\u2022\u2027\u2219\u22c5\u30fb\uff65\u25cf]")
_LAST_FOUR = re.compile(r"[0-9]{3}[0-9X]")
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")


def matching(workers, text, *, by):
    """Of some workers those that the text fits: part of a name, 王 or wangx or wxy, 123X, a whole number.

    `by`: who looks; whole numbers that fit nobody whom the officer may see are counted (`workers.actions.looking`).
    """
    typed = _typed(text)
    if not typed:
        return workers
    found = _by_number(typed.upper())
    if found is None:
        return workers.filter(_by_name(typed))
    if not _LAST_FOUR.fullmatch(typed.upper()):
        _look_for(found, typed, by)
    return workers.filter(found)


def _look_for(found: Q, typed, by):
    """Once a request, however often the list is asked for in it."""
    if not hasattr(by, "_looked_for"):
        by._looked_for = set()
    if typed in by._looked_for:
        return
    with looking.one_look(by):
        by._looked_for.add(typed)
        if not Worker.objects.valid().visible_to(by).filter(found).exists():
            looking.looked_in_vain(by)


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
