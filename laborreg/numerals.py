"""Numbers as people write them down: 三千五, 5千, 0.5万, 两万一, 5k."""

import re
from decimal import Decimal

_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬〇两", "一二三四五六七八九十百千万零二")
_DIGIT = "一二三四五六七八九"
_UNITS = {"万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000, "百": 100, "十": 10, None: 1}
_PLAIN = re.compile(r"([0-9]+(?:\.[0-9]+)?)([万w千k百])?")
_WRITTEN = re.compile("".join([
    *(rf"(?:零?([0-9]+|[{_DIGIT}]){unit})?" for unit in "万千百"), rf"(?:零?([{_DIGIT}]?)(十))?", rf"(零)?([0-9]+|[{_DIGIT}])?",
]))


# Nobody writes a longer number down; Python would refuse to read one of thousands of digits.
LONGEST = 40


def number(text: str) -> Decimal | None:
    """None for what is no number; a digit that follows a unit alone counts the next smaller one: 三千五 is 3,500."""
    if len(text) > LONGEST:
        return None
    text = text.casefold().translate(_FORMAL)
    if found := _PLAIN.fullmatch(text):
        return Decimal(found[1]) * _UNITS[found[2]]
    found = _WRITTEN.fullmatch(text) if text else None
    if not found:
        return None
    *large, tens, ten, zero, rest = found.groups()
    known = [(_value(part), unit) for part, unit in zip(large, (10_000, 1_000, 100), strict=True) if part]
    if ten:
        known.append((_value(tens or "一"), 10))
    smallest = known[-1][1] if known else 1
    if rest:
        known.append((_value(rest), 1 if zero or len(rest) > 1 or smallest == 1 else smallest // 10))
    return Decimal(sum(value * unit for value, unit in known)) if known else None


def _value(part) -> int:
    return int(part) if part.isascii() else _DIGIT.index(part) + 1
