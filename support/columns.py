"""What is typed about schemes and claims, each thing cleaned once, for form and action alike."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from brokers.columns import COURSE_BY_NAME
from laborreg.columns import Column, choice, clean_date, words
from laborreg.identity import plain
from support import codes

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_YUAN = 1_000_000


def clean_year(text) -> int:
    typed = plain(text).removesuffix("年")
    if not re.fullmatch("[0-9]{4}", typed) or not FIRST_YEAR <= int(typed) <= LAST_YEAR:
        raise ValidationError(_now("“%(text)s” is not a year. Write it as 2026.") % {"text": plain(text)[:20]})
    return int(typed)


def clean_yuan(text) -> int | None:
    """Whole yuan; nothing typed is none."""
    typed = re.sub(r"[\s,，元]", "", plain(text))
    if not typed:
        return None
    if not re.fullmatch("[0-9]{1,9}", typed):
        raise ValidationError(_now("“%(text)s” is not a sum. Write whole yuan, such as 2000.") % {"text": plain(text)[:20]})
    if int(typed) > MOST_YUAN:
        raise ValidationError(_now("More than 1,000,000 yuan is not taken. Check the number of zeros."))
    return int(typed)


def clean_optional_year(text) -> int | None:
    return clean_year(text) if plain(text) else None


clean_scheme_name = words(80, missing=_("Enter the name of the scheme."))
clean_reason = words(200, missing=_("Enter a reason."))
CLEANERS = {
    "name": clean_scheme_name, "source": words(200), "year_from": clean_year, "year_to": clean_optional_year,
    "pay_floor": clean_yuan, "earned_floor": clean_yuan,
    "contract_needed": bool, "insurance_needed": bool, "filed_only": bool,
}


def clean_training_kind(text) -> str:
    found = choice(codes.TRAINING_KINDS)(text)
    if not found:
        raise ValidationError(_now("Choose the kind of the course."))
    return found


TRAINING = [
    Column("kind", _("Kind"), clean_training_kind, codes.TRAINING_KINDS[0][1], required=True),
    Column("subject", _("Subject"), words(80, missing=_("Enter what is taught.")), "拉面制作", required=True),
    Column("organizer", _("Organizer"), words(80), "县职业技术学校"),
    Column("venue", _("Venue"), words(80), "县职校"),
    Column("begins_on", _("First day"), clean_date, "2026-03-02", required=True),
    Column("ends_on", _("Last day"), clean_date, "2026-03-20", required=True),
    Column("hours", _("Hours"), COURSE_BY_NAME["hours"].clean, "120", required=True),
]
TRAINING_BY_NAME = {column.name: column for column in TRAINING}
