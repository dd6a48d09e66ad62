"""What may be typed into the ledger: each cleaner takes text and returns a value, or complains in the officer's words.

Forms and sheets use the same ones. Those that other rooms share stand in laborreg.identity and laborreg.columns.
"""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from laborreg.columns import EARLIEST, clean_date, clean_words
from laborreg.identity import clean_id_number, clean_name, clean_phone, id_facts, pinyin, plain
from laborreg.numerals import number
from villages.destinations import clean as clean_destination

__all__ = [
    "EARLIEST", "band_of", "clean_date", "clean_destination", "clean_id_number", "clean_name", "clean_pay",
    "clean_persons", "clean_phone", "clean_words", "id_facts", "pay_range", "pinyin",
]

MOST_PAY = 200_000
MOST_PERSONS = 9_999
USUAL_PAY = range(100, 30_001)
BANDS = [(2_000, "under_2000"), (4_000, "2000_3999"), (6_000, "4000_5999"), (8_000, "6000_7999")]

_PAY = re.compile(r"(?:约|每月|月薪)?[¥￥]?(.+?)(?:元整|元|圆|块钱|块|yuan)?(?:左右)?(?:[/每]人?月|一个月)?", re.IGNORECASE)
_RANGE = re.compile(r"(.+?)(?:[-~—–]+|至|到)(.+)")
# 三四千 is 三-四千.
_NEIGHBORS = re.compile("^([一二三四五六七八九])([一二三四五六七八九])([千万])")
_UNIT = re.compile("[千万]")
_PERSONS = re.compile(r"([0-9]+)[人名个]?")


def clean_pay(text) -> tuple[int | None, str | None]:
    """Whole yuan a month, and a warning where the sum looks wrong; nothing typed is no pay known."""
    typed = re.sub(r"[\s,]", "", plain(text))
    if not typed:
        return None, None
    if pay_range(typed):
        words = _("“%(text)s” names two sums. Write one, such as 4500, or leave it empty.")
        raise ValidationError(words % {"text": plain(text)})
    pay = _sum(typed)
    if pay is None or pay != int(pay):
        raise ValidationError(_("“%(text)s” is not a monthly pay. Write whole yuan, such as 4500.") % {"text": plain(text)})
    if pay > MOST_PAY:
        raise ValidationError(_("Monthly pay above 200,000 yuan is not taken. Check the number of zeros."))
    return int(pay), _doubt_about_pay(pay)


def _sum(typed) -> Decimal | None:
    return number(_PAY.fullmatch(typed)[1])


def pay_range(text) -> tuple[int, int] | None:
    """Lowest and highest of 4000-5000, 4-5千, 四五千."""
    typed = _NEIGHBORS.sub(r"\1-\2\3", re.sub(r"[\s,]", "", plain(text)))
    found = _RANGE.fullmatch(typed)
    if not found:
        return None
    lowest, highest = _sum(found[1]), _sum(found[2])
    if lowest is not None and lowest < 10 and (unit := _UNIT.search(found[2])):
        lowest = number(f"{found[1]}{unit[0]}")
    if lowest is None or highest is None or not 0 < lowest < highest:
        return None
    return int(lowest), int(highest)


def _doubt_about_pay(pay) -> str | None:
    if int(pay) in USUAL_PAY:
        return None
    if pay < USUAL_PAY.start:
        return _("Monthly pay looks low. Is it in yuan?")
    return _("Monthly pay looks high. Is it the pay of one month?")


def clean_persons(text) -> int:
    """How many persons; person-times are none."""
    found = _PERSONS.fullmatch(re.sub(r"[\s,]", "", plain(text)))
    if not found:
        words = _("“%(text)s” is not a number of persons. Write a whole number, such as 12.")
        raise ValidationError(words % {"text": plain(text)})
    persons = int(found[1])
    if persons < 1:
        raise ValidationError(_("Enter at least 1"))
    if persons > MOST_PERSONS:
        raise ValidationError(_("Enter at most 9,999"))
    return persons


def band_of(pay: int) -> str:
    """The pay band that an exact monthly pay falls into."""
    return next((band for limit, band in BANDS if pay < limit), "8000_up")
