"""What may be typed into the ledger: each cleaner takes text and returns a value, or complains in the officer's words.

Forms and sheets use the same ones. Those of persons are shared with other rooms and stand in laborreg.identity.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from laborreg.identity import clean_id_number, clean_name, clean_phone, id_facts, pinyin, plain
from villages.destinations import clean as clean_destination

__all__ = [
    "EARLIEST", "band_of", "clean_date", "clean_destination", "clean_id_number", "clean_name", "clean_pay",
    "clean_phone", "clean_words", "id_facts", "pinyin",
]

# What lies before is a slip of the pen: nobody in the ledger went out to work then.
EARLIEST = date(1950, 1, 1)

MOST_PAY = 200_000
USUAL_PAY = range(100, 30_001)
BANDS = [(2_000, "under_2000"), (4_000, "2000_3999"), (6_000, "4000_5999"), (8_000, "6000_7999")]

_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})")
_PAY = re.compile(r"[¥￥]?([0-9]+(?:\.[0-9]+)?)(万|千)?(?:元|块|yuan)?(?:/月|每月)?", re.IGNORECASE)
_TIMES = {"万": 10_000, "千": 1_000, None: 1}
# An ID number or a phone, which belongs into no sentence.
_LONG_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){10,}")


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
    raise ValidationError(_("“%(text)s” is no date. Write it as 2026-10-05.") % {"text": typed})


def clean_pay(text) -> tuple[int | None, str | None]:
    """Whole yuan a month, and a warning where the sum looks wrong; nothing typed is no pay known."""
    typed = re.sub(r"[\s,]", "", plain(text))
    if not typed:
        return None, None
    found = _PAY.fullmatch(typed)
    pay = Decimal(found[1]) * _TIMES[found[2]] if found else None
    if pay is None or pay != int(pay):
        raise ValidationError(_("“%(text)s” is no monthly pay. Write whole yuan, as 4500.") % {"text": plain(text)})
    if pay > MOST_PAY:
        raise ValidationError(_("Monthly pay above 200,000 yuan is not taken. Check the number of zeros."))
    return int(pay), _doubt_about_pay(pay)


def _doubt_about_pay(pay) -> str | None:
    if int(pay) in USUAL_PAY:
        return None
    if pay < USUAL_PAY.start:
        return _("Monthly pay looks low. Is it in yuan?")
    return _("Monthly pay looks high. Is it the pay of one month?")


def band_of(pay: int) -> str:
    """The pay band that an exact monthly pay falls into."""
    return next((band for limit, band in BANDS if pay < limit), "8000_up")


def clean_words(text, *, length=200) -> str:
    """A reason or note: short, and without anybody's ID number or phone."""
    words = " ".join(plain(text).split())
    if len(words) > length:
        raise ValidationError(_("Write at most %(length)s characters.") % {"length": length})
    if _LONG_NUMBER.search(words):
        raise ValidationError(_("Do not write ID numbers or phones here."))
    return words
