"""Cells of a sheet made into values: the cleaners of the forms, and what only sheets bring.

A reader takes a cell and returns a value, or a `Read` where there is more to say, or complains with a ValidationError
whose code is the problem's.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.columns import clean_words
from laborreg.identity import clean_id_number, clean_name, clean_phone, plain
from laborreg.months import Month
from laborreg.numerals import number
from laborreg.sheets.reading import as_text, tidy
from workers import codes, columns
from workers.columns import EARLIEST, USUAL_PAY, clean_date, clean_pay, pay_range

EARLIEST_BIRTH = date(1900, 1, 1)
LATEST = date(2100, 1, 1)
# Stands where an ID number was hidden.
MASK = "*" * 8


class Read(NamedTuple):
    """A value, how it is written in our form where that differs from what was typed, and a doubt about it.

    `also`: (name, value) pairs of other columns of ours that the cell tells, too; it is then always written otherwise.
    """

    value: object
    written: str = ""
    warning: tuple[str, str] | None = None
    also: tuple = ()


def wrong(code, sentence, **words) -> ValidationError:
    return ValidationError(sentence % words, code=code)


def text_of(cell) -> str:
    """The cell as its sheet shows it."""
    return cell if type(cell) is str else as_text(cell)


# Words, names, numbers.


def few_words(length) -> Callable:
    def read(cell):
        typed = text_of(cell)
        if MASK in typed:
            raise wrong("bad_words", _("Do not write ID numbers or phones here."))
        found = clean_words(typed, length=length)
        return Read(found, found if found != typed else "")

    return read


def read_name(cell):
    typed = text_of(cell)
    found = clean_name(typed)
    return Read(found, found if found != typed else "")


_MOBILE = re.compile("1[3-9][0-9]{9}")


def read_phone(cell):
    typed = text_of(cell)
    if _MOBILE.fullmatch(typed):
        return typed
    found = clean_phone(typed.lstrip("'‘’`"))
    return Read(found, found if found != typed else "")


_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]+")
_FRAME = re.compile(r'="?|^[\'‘’`]+|"$')


def read_id(cell) -> Read:
    """The number as the ledger indexes it. A spreadsheet that took it for a number lost its end: that is refused."""
    typed = cell if type(cell) is str else text_of(cell)
    if len(typed) == 18 and typed.isalnum() and typed.isascii():
        number, doubt = clean_id_number(typed)
        return Read(number, "" if number == typed else number, ("id_place", doubt) if doubt else None)
    bare = _FRAME.sub("", typed)
    if _SCIENTIFIC.fullmatch(plain(bare)) or (isinstance(cell, float) and cell >= 1e15):
        raise wrong("id_lost_digits", _(
            "The spreadsheet kept only 15 digits of this ID number. Format the column as text and type the number again."
        ))
    number, doubt = clean_id_number(bare)
    warning = ("id_place", doubt) if doubt else None
    return Read(number, number if number != typed else "", warning)


def read_pay(cell) -> Read:
    """Whole yuan a month; a range that lies within one pay band tells that."""
    typed = text_of(cell)
    if band := _band_around(typed):
        return Read(None, str(dict(codes.PAY_BANDS)[band]), also=(("pay_band", band),))
    return read_one_pay(cell)


def read_one_pay(cell) -> Read:
    typed = text_of(cell)
    pay, doubt = clean_pay(typed)
    return Read(pay, str(pay) if pay is not None and str(pay) != typed else "", ("odd_pay", doubt) if doubt else None)


def _band_around(typed) -> str:
    """4000-5000 is the band from 4,000, and so is 4000-6000: the end of a band is where the next one begins."""
    lowest, highest = pay_range(typed) or (0, 0)
    if lowest not in USUAL_PAY or highest not in USUAL_PAY:
        return ""
    band = band_of(lowest)
    return band if band == band_of(highest - 1) else ""


_YEARLY = re.compile(r"约?[¥￥]?(.+?)(?:元|圆)?(?:左右)?(?:/年|每年|一年)?")


def read_yearly_pay(cell) -> Read:
    """Income of a year in 10,000 yuan, as the forms ask it, or in yuan where the sum can only be that; a month's share."""
    typed = re.sub(r"[\s,]", "", plain(text_of(cell)))
    found = _YEARLY.fullmatch(typed)
    yearly = number(found[1]) if found else None
    if yearly is None:
        raise wrong("bad_pay", _("“%(text)s” is not a yearly income. Write it in 10,000 yuan, such as 5.4."), text=typed)
    if yearly <= 100 and "万" not in typed:
        yearly *= 10_000
    pay, doubt = clean_pay(str(round(yearly / 12)))
    written = _("%(pay)s yuan a month") % {"pay": pay}
    return Read(pay, written, ("odd_pay", doubt) if doubt else None)


# Days.

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


# Lists.

_SIGNS = re.compile(r"[\s,，、/／()（）\-–—~～_.·:：;；]+")
_SEVERAL = re.compile(r"[,，、;；/／]+")


def folded(text) -> str:
    """As lists are compared: plain letters, without signs between."""
    return _SIGNS.sub("", plain(text).casefold().replace("其它", "其他"))


def listed(choices, aliases=None, *, several=False) -> Callable:
    """A reader of a code list: code, label in either language, and the words that offices use instead.

    `aliases` says which words stand for a code, with | between. `several`: of several the first is taken.
    """

    @cache
    def known() -> tuple[dict, set]:
        return _known(choices, aliases or {})

    def read(cell):
        typed = text_of(cell)
        ways, exact = known()
        if (code := ways.get(folded(typed))) is not None:
            return Read(code, "" if typed in exact else _label(choices, code))
        if several and (parts := _SEVERAL.split(typed)) and (code := ways.get(folded(parts[0]))) is not None:
            return Read(code, _label(choices, code))
        raise wrong("not_listed", _("“%(text)s” is not in the list of this column."), text=plain(typed)[:60])

    return read


def _known(choices, aliases) -> tuple[dict, set]:
    ways, exact = {}, set()
    for code, label in choices:
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                exact.add(str(label))
                ways.setdefault(folded(label), code)
        exact.add(code)
        ways.setdefault(folded(code), code)
    for code, words in aliases.items():
        for word in words.split("|"):
            ways[folded(word)] = code
            exact.add(word) if "其它" not in word else None
    return ways, exact


def _label(choices, code) -> str:
    return next((str(label) for known, label in choices if known == code), str(code))


YES = "是|有|已|已有|对|√|✓|☑|yes|y|true|1"
NO = "否|无|没有|未|不|不是|×|✗|x|no|n|false|0"


def yes_or_no(*, yes="", no="", as_words=False) -> Callable:
    """A reader of yes and no; `as_words` gives them as the code lists of transfers have them."""
    values = {word: True for word in map(folded, f"{YES}|{yes}".split("|")) if word}
    values |= {word: False for word in map(folded, f"{NO}|{no}".split("|")) if word}
    values |= dict.fromkeys(["√", "✓", "☑"], True) | dict.fromkeys(["×", "✗"], False)

    def read(cell):
        typed = text_of(cell)
        found = values.get(folded(typed))
        if found is None:
            raise wrong("not_listed", _("“%(text)s” is neither yes nor no."), text=plain(typed)[:60])
        return {True: "yes", False: "no"}[found] if as_words else found

    return read


# What was read before is not read again.


class Cleaned(NamedTuple):
    """A cell once read: as text, its value, what it was normalized to ("" for not), a problem (code, words); see Read."""

    text: str
    value: object
    written: str
    problem: tuple[str, str] | None
    also: tuple = ()


NOTHING = Cleaned("", None, "", None)
# Columns with more texts than these, such as phones, hold hardly one of them twice.
MOST_KEPT = 6_000


class Memory(dict):
    """A column's cells as they were read: a text that comes again costs one look."""

    def __init__(self, read, default_code):
        self.read, self.default_code = read, default_code
        # Whether there is anything to tell of any cell so far.
        self.has_told = False

    def column(self, cells) -> list[Cleaned]:
        if bool in set(map(type, cells)):
            # As a key it would pass for 1 or 0.
            cells = [as_text(cell) if type(cell) is bool else cell for cell in cells]
        return list(map(self.__getitem__, cells))

    def __missing__(self, cell) -> Cleaned:
        if len(self) >= MOST_KEPT:
            self.clear()
        found = self[cell] = clean(tidy(cell), self.read, self.default_code)
        self.has_told |= bool(found.written or found.problem)
        return found


def clean(cell, read, default_code) -> Cleaned:
    """One cell through its reader, which sees no empty one."""
    text = text_of(cell)
    if not text or text.isspace():
        return NOTHING
    value, written, problem, also = tried(cell, read, default_code)
    if value is None and problem:
        text, problem = masked(text), (problem[0], masked(problem[1]))
    return Cleaned(text, value, written, problem, also)


_ID_INSIDE = re.compile(r"([0-9]{6})(?:19|20)[0-9]{6}([0-9]{3}[0-9Xx])")


def masked(text) -> str:
    """With the birth date hidden of an ID number that got into another column; it is not kept clear there either."""
    return _ID_INSIDE.sub(rf"\1{MASK}\2", plain(text)) if len(text) > 17 else text


def tried(cell, read, default_code) -> Read:
    """As it was read, with the reader's complaint, or its warning."""
    try:
        found = read(cell)
    except ValidationError as complaint:
        return Read(None, "", (getattr(complaint, "code", None) or default_code, " ".join(complaint.messages)))
    return found if type(found) is Read else Read(found)


def encoded(value) -> str:
    """As JSON, always in the same way."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


@lru_cache(maxsize=1_000)
def band_of(pay) -> str:
    return columns.band_of(pay)
