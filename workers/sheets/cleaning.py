"""Cells of a sheet made into values: the cleaners of the forms, and what only sheets bring.

A reader takes a cell and returns a value, or a `Read` where there is more to say, or complains with a ValidationError
whose code is the problem's.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from laborreg.columns import clean_words
from laborreg.identity import clean_id_number, clean_name, clean_phone, plain
from laborreg.numerals import number
from laborreg.sheets.reading import as_text, tidy
from workers import codes, columns
from workers.columns import USUAL_PAY, clean_pay, pay_range

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
