"""Days of a sheet as people write them: 2026-10-5, 2026.10.5, 26年10月, a bare number of the calendar; read in one way only."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.identity import plain
from laborreg.months import Month
from workers.columns import EARLIEST, clean_date
from workers.sheets.cleaning import Read, folded, text_of, wrong

EARLIEST_BIRTH = date(1900, 1, 1)
LATEST = date(2100, 1, 1)
_POINTED = re.compile(r"((?:19|20)[0-9]{2})\.([0-9]{1,4})")
_POINTED_LATE = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})\.([0-9]{1,2})")
_MONTH = re.compile(r"((?:19|20)[0-9]{2})(?:[-/.年](0?[1-9]|1[0-2])月?(?:份)?|(0[1-9]|1[0-2]))")
_SHORT = re.compile(r"([0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_SHORT_MONTH = re.compile(r"([0-9]{2})年(0?[1-9]|1[0-2])月份?")
_WITHOUT_YEAR = re.compile(r"(0?[1-9]|1[0-2])(?:[-/.月]([0-2]?[0-9]|3[01])日?|月份?)")
_STILL = re.compile(r"(?<=[0-9年月日号])(?:[-~—]*至今|起)$")
_SERIAL = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]+)?")
_CLOCK = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?$")
_BASE = date(1899, 12, 30)
DAYS_UNTIL_1904 = 1462


def read_day(cell, *, earliest=EARLIEST) -> Read:
    """An exact day."""
    found = _day_or_month(cell, earliest)
    if isinstance(found.value, Month):
        raise wrong("month_without_day", _("“%(text)s” names no day. Write it as 2026-10-05."), text=text_of(cell))
    return found


_NOT_HOME = {"至今", "在外", "仍在外", "在外务工", "仍在外务工", "未返乡", "尚未返乡", "未返回", "未返", "未回", "没回来"}


def read_homecoming(cell) -> Read:
    """An exact day; who is still away has none."""
    if folded(text_of(cell)) in _NOT_HOME:
        return Read(None, _("Not home yet"))
    return read_day(cell)


def read_birth_date(cell) -> Read:
    """A day; of a month alone the text, which the ID number may confirm."""
    found = _day_or_month(cell, EARLIEST_BIRTH)
    return found._replace(value=str(found.value)) if isinstance(found.value, Month) else found


def read_start(cell) -> Read:
    """A day, or "2026-03" where only the month is known."""
    found = _day_or_month(cell, EARLIEST)
    return found._replace(value=str(found.value)) if isinstance(found.value, Month) else found


def read_last_day(cell) -> Read:
    """A day; a month stands for its last one."""
    found = _day_or_month(cell, EARLIEST)
    if isinstance(found.value, Month):
        last = found.value.last_day().isoformat()
        return Read(last, last)
    return found


def read_month(cell) -> Read:
    found = _day_or_month(cell, EARLIEST)
    if isinstance(found.value, Month):
        return found._replace(value=str(found.value))
    return Read(found.value[:7], found.value[:7])


def _day_or_month(cell, earliest) -> Read:
    """The value is an ISO day or a Month."""
    if isinstance(cell, date):
        return Read(clean_date(cell, earliest=earliest).isoformat())
    typed = text_of(cell)
    bare = _bare(typed)
    found = _month(bare) or _only(_readings(bare, earliest), typed) or _serial(bare) or _short_month(bare, earliest)
    if found is None and _WITHOUT_YEAR.fullmatch(bare):
        raise wrong("bad_date", _("“%(text)s” names no year. Write it as 2026-10-05."), text=typed)
    if found is None:
        found = _plain_day(bare, earliest, typed)
    if isinstance(found, Month):
        return Read(found, str(found) if str(found) != typed else "")
    clean_date(found, earliest=earliest)
    return Read(found.isoformat(), found.isoformat() if found.isoformat() != typed else "")


def _plain_day(bare, earliest, typed) -> date:
    try:
        return clean_date(bare, earliest=earliest)
    except ValidationError as complaint:
        raise ValidationError(complaint.messages, code="bad_date") from None


def _month(bare) -> Month | None:
    """2026-03, 2026年3月, 202603, 2026.03; not 2026.1, from which a sheet may have taken the 0 of October."""
    found = _MONTH.fullmatch(bare.replace(" ", ""))
    if not found:
        return None
    year, number = int(found[1]), int(found[2] or found[3])
    if bare == f"{year}.1":
        raise wrong("unclear_date", _("“%(text)s” may be January or October. Write it as 2026-01 or 2026-10."), text=bare)
    return Month(year, number)


def possible_days(text) -> list[str]:
    """What a day may be that can be read in several ways; without its year, in this one and the last, the past first."""
    bare = _bare(text)
    if not (found := _WITHOUT_YEAR.fullmatch(bare)):
        return [day.isoformat() for day in sorted(_readings(bare, EARLIEST) or ())]
    today = clock.today()
    days = sorted(_dates([(year, found[1], found[2] or 1) for year in (today.year, today.year - 1)]), reverse=True)
    return [day.isoformat()[: 10 if found[2] else 7] for day in sorted(days, key=lambda day: day > today)]


def _bare(typed) -> str:
    found = re.sub(r"\s+", " ", plain(typed).lstrip("'‘’`").replace("．", ".").replace("。", "."))
    return _STILL.sub("", _CLOCK.sub("", found)).replace("号", "日")


def _readings(bare, earliest) -> set[date] | None:
    """2014.321 and 201405.8: a point forgotten or gone astray. 26.10.3: the year first; 10/11/12 may have it last."""
    if late := _POINTED_LATE.fullmatch(bare):
        return _dates([(late[1], late[2], late[3])])
    if found := _POINTED.fullmatch(bare):
        rest = found[2]
        return _dates([(found[1], rest[:at], rest[at:]) for at in (1, 2) if len(rest) > 2 and rest[at:]])
    if not (found := _SHORT.fullmatch(bare.replace(" ", ""))):
        return None
    first, second, third = found.groups()
    readings = _dates([(_full_year(first, earliest), second, third)])
    if readings and len(third) == 2 and "年" not in bare:
        readings |= _dates([(_full_year(third, earliest), first, second)])
    return readings


def _short_month(bare, earliest) -> Month | None:
    found = _SHORT_MONTH.fullmatch(bare.replace(" ", ""))
    return Month(_full_year(found[1], earliest), int(found[2])) if found else None


def _full_year(two, earliest) -> int:
    """Of the hundred years from the earliest on; of a birth the last one that is not to come."""
    latest = clock.today().year if earliest == EARLIEST_BIRTH else EARLIEST.year + 99
    year = 2000 + int(two)
    return year if year <= latest else year - 100


def _only(readings, typed) -> date | None:
    """Taken where it can be read in one way only."""
    if readings is None or len(readings) == 1:
        return readings and readings.pop()
    words = _(" or ").join(day.isoformat() for day in sorted(readings))
    if readings:
        raise wrong("unclear_date", _("“%(text)s” may be %(days)s. Write it as 2026-10-05."), text=typed, days=words)
    raise wrong("bad_date", _("“%(text)s” is not a date. Write it as 2026-10-05."), text=typed)


def _dates(parts) -> set[date]:
    found = set()
    for year, month, day in parts:
        try:
            found.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def _serial(bare) -> date | None:
    """The bare number of a day, as a sheet keeps it that lost the format of its dates."""
    if not _SERIAL.fullmatch(bare):
        return None
    day = _BASE + timedelta(days=int(float(bare)))
    return day if EARLIEST_BIRTH <= day < LATEST else None


def since_1904(read) -> Callable:
    """The reader of days in a book whose bare numbers count from 1904; real dates come right from the file's reader."""

    def read_shifted(cell):
        typed = plain(text_of(cell))
        return read(str(int(float(typed)) + DAYS_UNTIL_1904) if _SERIAL.fullmatch(typed) else cell)

    return read_shifted
