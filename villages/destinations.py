"""Where people go: codes of townships of the own county, of divisions of the country, of countries; their names."""

import re
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from laborreg.identity import plain
from villages import divisions
from villages.models import Township

# Levels that stand in the code and in no address: 市辖区, 省直辖县级行政区划.
_PLACEHOLDER = re.compile("市辖区|县|(省|自治区)直辖县级行政区划")
_PROVINCE_ENDING = re.compile("(特别行政区|(壮族|回族|维吾尔)?自治区|省|市)$")


def clean(code, *, county: str) -> str:
    """A destination as the ledger keeps it, judged from a county: near home it must be named more exactly.

    In the county a township (9 digits), in the province a county (6), elsewhere at least the province (2), abroad a
    country, kept as its alpha-3 code.
    """
    text = plain(code)
    if not text:
        raise ValidationError(_("Choose where the work is."))
    if country := divisions.country_code(text):
        return country
    if len(text) == 9 and text[:6] == county and Township.objects.filter(code=text).exists():
        return text
    if not divisions.is_division(text):
        raise ValidationError(_("“%(code)s” is not a known place.") % {"code": text})
    _check_is_exact(text, county)
    return text


def _check_is_exact(code, county):
    if code == county:
        raise ValidationError(_("In your own county, choose the township too."))
    if code[:2] == county[:2] and len(code) < 6:
        raise ValidationError(_("In your own province, choose the county too."))


# Names


def label(code: str) -> str:
    """“广东 深圳”; in English “Guangdong Shenzhen 广东 深圳”. For a list ask `labels`."""
    return labels([code])[code]


def labels(codes) -> dict[str, str]:
    """The label of each code, with one query for all townships among them."""
    codes = set(codes)
    local = {code for code in codes if len(code) == 9}
    townships = {township.code: township.label for township in Township.objects.filter(code__in=local)} if local else {}
    return {code: townships.get(code) or _path(code) for code in codes}


def _path(code) -> str:
    if code[:1].isalpha():
        return option(code)
    steps = [divisions.names_of(code[:length]) for length in (2, 4, 6) if length <= len(code)]
    parts = [_short(*names) for names in steps if names and not _PLACEHOLDER.fullmatch(names[0])]
    chinese = " ".join(_without_repeats(name for name, _latin in parts))
    if _is_chinese():
        return chinese or code
    return f"{' '.join(_without_repeats(latin for _name, latin in parts))} {chinese}".strip() or code


def _short(name, latin) -> tuple[str, str]:
    """广东省 → 广东, 深圳市 → 深圳; districts and counties keep their full names."""
    short = _PROVINCE_ENDING.sub("", name)
    return short, latin if short == name else latin.removesuffix(" City")


def _without_repeats(names):
    """东莞 has no county of its own: its code repeats the name."""
    return dict.fromkeys(names)


def _is_chinese() -> bool:
    return (get_language() or "en").startswith("zh")


def option(code: str) -> str:
    """One place by its full name, as a list of choices shows it."""
    name, latin = divisions.names_of(code) or (code, "")
    if _is_chinese() or not latin:
        return name
    return latin if code.isalpha() else f"{latin} {name}"


# Choices: (code, option) pairs for each of the lists of the picker.


def provinces(county: str) -> list[tuple[str, str]]:
    """The own province first."""
    codes = sorted(_children()[""], key=lambda code: (code != county[:2], code))
    return [(code, option(code)) for code in codes]


def prefectures(province: str) -> list[tuple[str, str]]:
    """None for a municipality, whose districts follow at once; counties under no prefecture stand last."""
    codes = _children().get(province, [])
    if all(_is_placeholder(code) for code in codes):
        return []
    named = [(code, option(code)) for code in codes if not _is_placeholder(code)]
    return named + [(code, _("Directly under the province")) for code in codes if _is_placeholder(code)]


def counties(above: str) -> list[tuple[str, str]]:
    """Counties of a prefecture, or of a municipality; none where the only one repeats the prefecture."""
    codes = _children().get(above, [])
    if len(above) == 2:
        codes = [code for prefecture in codes for code in _children().get(prefecture, [])]
    if len(codes) == 1 and divisions.names_of(codes[0]) == divisions.names_of(above):
        return []
    return [(code, option(code)) for code in codes]


def townships(county: str) -> list[tuple[str, str]]:
    return [(township.code, township.label) for township in Township.objects.filter(county_id=county)]


def countries() -> list[tuple[str, str]]:
    options = ((code, option(code)) for code in divisions.country_codes())
    return sorted(options, key=lambda pair: lazy_pinyin(pair[1]))


def _is_placeholder(code) -> bool:
    return bool(_PLACEHOLDER.fullmatch(divisions.division_name(code)))


@cache
def _children() -> dict[str, list[str]]:
    """Codes directly under a code; provinces stand under the empty one."""
    found: dict[str, list[str]] = {}
    for code in divisions.division_codes():
        found.setdefault(code[:-2], []).append(code)
    return found
