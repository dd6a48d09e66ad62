"""How a person is written down: name, ID number, phone. Plain cleaners that forms and sheets share.

A cleaner takes what was typed or pasted and returns the value, or raises ValidationError in the
officer's words.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin
from stdnum import luhn, numdb
from stdnum.cn import ric

from laborreg import clock

MALE, FEMALE = "male", "female"
NAME_LENGTH = 50

_FULL_WIDTH = {ord("\u3000"): " "} | {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def plain(text) -> str:
    """Full-width letters, digits and signs become plain ones; no space is left at the ends."""
    text = "" if text is None else str(text)
    return (text if text.isascii() else text.translate(_FULL_WIDTH)).strip()


# ID number

_SPACES = re.compile(r"\s")
_NUMBER = re.compile("[0-9]{17}[0-9X]")


def clean_id_number(text) -> tuple[str, str | None]:
    """The number, and a warning where its place is unknown: districts come and go, old cards keep theirs."""
    number = _SPACES.sub("", plain(text)).upper()
    if not number:
        raise ValidationError(_("Enter the ID number."))
    if len(number) != 18:
        sentence = _("An ID number has 18 characters; this one has %(count)s.")
        raise ValidationError(sentence % {"count": len(number)})
    if not _NUMBER.fullmatch(number):
        raise ValidationError(_("An ID number is 17 digits and then a digit or X; check it again."))
    if ric.calc_check_digit(number) != number[-1]:
        raise ValidationError(_("The last character of the ID number does not match; check it again."))
    _check_birth_date(number)
    return number, _doubt_about_place(number)


def _check_birth_date(number):
    try:
        born_on = _birth_date(number)
    except ValueError:
        sentence = _("The birth date in the ID number is not in the calendar; check it again.")
        raise ValidationError(sentence) from None
    # The clock is asked only of the young: it takes longer than all the rest, and a sheet brings 200,000 numbers.
    if born_on.year >= 2020 and born_on > clock.today():
        raise ValidationError(_("The birth date in the ID number is in the future; check it again."))
    if born_on.year < 1900:
        raise ValidationError(_("The birth date in the ID number is before 1900; check it again."))


def _birth_date(number) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def _doubt_about_place(number) -> str | None:
    if _is_known_place(number[:6]):
        return None
    return _("The first six digits of the ID number are not a known place; check them.")


@lru_cache(maxsize=10_000)
def _is_known_place(code) -> bool:
    return any("county" in facts for _part, facts in numdb.get("cn/loc").info(code))


def id_facts(number: str) -> tuple[str, date]:
    """Sex and birth date that a clean ID number tells."""
    return (MALE if int(number[16]) % 2 else FEMALE), _birth_date(number)


# Name

MIDDLE_DOT = "\u00b7"
# Han characters of every plane; planes 2 and 3 are set aside for nothing else.
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_IS_HAN = re.compile(f"[{_HAN}]")
_STRANGE = re.compile(f"[^{_HAN}{_LATIN}{MIDDLE_DOT}' .-]")
_DOTS = re.compile("[\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65\u25cf\u2024\u16eb]+")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc]")


def clean_name(text) -> str:
    """1–50 characters, Han of every plane or Latin; the middle dot of long names is always U+00B7."""
    name = _APOSTROPHES.sub("'", _DOTS.sub(MIDDLE_DOT, plain(text)))
    if _IS_HAN.search(name):
        # Two-character names are often padded with a space; a full stop stands for the middle dot.
        name = re.sub(r"\s", "", name).replace(".", MIDDLE_DOT)
    else:
        name = unicodedata.normalize("NFC", re.sub(r" +", " ", name))
    if not name:
        raise ValidationError(_("Enter the name."))
    if len(name) > NAME_LENGTH:
        raise ValidationError(_("A name has at most %(count)s characters.") % {"count": NAME_LENGTH})
    _check_letters(name)
    return name


def _check_letters(name):
    strange = _STRANGE.search(name)
    if strange and strange[0].isprintable():
        raise ValidationError(_("“%(character)s” does not belong in a name.") % {"character": strange[0]})
    if strange:
        raise ValidationError(_("The name holds a character that cannot be seen; type the name again."))
    if not re.match(f"[{_HAN}{_LATIN}]", name) or name.endswith((MIDDLE_DOT, "-", "'")):
        raise ValidationError(_("A name starts and ends with a letter or character."))


# Surnames that are read otherwise than the same character elsewhere; those of two characters first.
_SURNAMES = {
    "单于": "chan yu", "长孙": "zhang sun", "尉迟": "yu chi", "万俟": "mo qi", "澹台": "tan tai",
    "乐正": "yue zheng", "子车": "zi ju", "仲长": "zhong chang", "纥奚": "he xi",
    "仇": "qiu", "单": "shan", "曾": "zeng", "解": "xie", "查": "zha", "盖": "ge", "区": "ou", "朴": "piao",
    "缪": "miao", "乐": "yue", "覃": "qin", "翟": "zhai", "都": "du", "秘": "bi", "繁": "po",
    "员": "yun", "句": "gou", "洗": "xian", "召": "shao", "祭": "zhai", "折": "she", "隗": "wei", "佴": "nai",
    "郇": "xun", "牟": "mu", "薄": "bo", "卜": "bu", "阚": "kan", "种": "chong", "乜": "nie", "炅": "gui",
    "长": "chang", "么": "yao", "粘": "nian", "蕃": "bo", "颉": "xie",
    "蔚": "yu",
}


@lru_cache(maxsize=20_000)
def pinyin(name: str) -> tuple[str, str]:
    """What a name is searched by: its reading in one word, and the initials. 单于婉 → chanyuwan, cyw."""
    syllables = [syllable for part in re.split(f"[{MIDDLE_DOT}' .-]+", name) for syllable in _syllables(part)]
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def _syllables(part) -> list[str]:
    """The surname and the given name are read apart: 王朝阳 is no dynasty."""
    length = next((n for n in (2, 1) if part[:n] in _SURNAMES), 1 if _IS_HAN.match(part) else 0)
    surname = _SURNAMES.get(part[:length], "").split() or lazy_pinyin(part[:length])
    read = surname + lazy_pinyin(part[length:])
    return [syllable.lower() for syllable in read if syllable and not _IS_HAN.match(syllable)]


# Phone

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([0-9]{7,8})")


def clean_phone(text) -> str:
    """A mobile or a landline with its area code (0971-2722222); nothing typed is no phone."""
    digits = re.sub(r"[\s()-]|\u2010|\u2013|\u2014", "", plain(text))
    if not digits:
        return ""
    digits = re.sub(r"^(?:\+|00)86|^86(?=1[3-9][0-9]{9}$)", "", digits)
    if _MOBILE.fullmatch(digits):
        return digits
    if found := _LANDLINE.fullmatch(digits):
        return f"{found[1]}-{found[2]}"
    raise ValidationError(
        _("A mobile number has 11 digits, such as 13897123456; a landline its area code, as 0971-2722222.")
    )


def mask_phone(number: str) -> str:
    """138****5678: as lists, prints and exports show it."""
    if not number:
        return ""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "****"


def mask_name(name: str) -> str:
    """马*海, 马*: as lists at the notice board and certificates tell a name to strangers."""
    if len(name) < 3:
        return name[:-1] + "*" if name else ""
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_id(number: str) -> str:
    """630121********0012: the birth date between stays hidden."""
    return f"{number[:6]}********{number[-4:]}" if number else ""


# Bank account

# Cards begin so by ISO/IEC 7812; passbooks and accounts of firms begin otherwise, too, and have no check digit.
_CARD = re.compile("[3-69][0-9]{15,18}")
_ACCOUNT = re.compile("[0-9]{12,22}")


def clean_account(text) -> str:
    """A bank card of 16–19 digits, whose last one checks the others, or an account of 12–22; nothing typed is none."""
    digits = re.sub(r"[\s-]", "", plain(text))
    if not digits:
        return ""
    if not _ACCOUNT.fullmatch(digits):
        raise ValidationError(_("A bank account has 12 to 22 digits, a bank card 16 to 19; check it again."))
    if _CARD.fullmatch(digits) and not luhn.is_valid(digits):
        raise ValidationError(_("The last digit of the bank card does not match the others; check it again."))
    return digits


def mask_account(number: str) -> str:
    """**** 4567."""
    return f"**** {number[-4:]}" if number else ""
