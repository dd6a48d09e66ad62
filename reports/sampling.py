"""Drawing persons so that everybody can draw the same again, and how sure a share of a drawn sample is.

Everybody of a list has the same chance. With strata the draw is spread over them: a systematic pass through the strata
in the order of their codes says how many each gives, which is proportional to its size and leaves small ones their
chance (Cochran, Sampling Techniques, chapter 8). Within a stratum those with the smallest SHA-256 of
`seed:village:position` are taken: no office suite is needed to repeat it, and nobody can choose.
"""

from collections.abc import Mapping
from hashlib import sha256
from heapq import nsmallest
from math import sqrt

# 95 %, two-sided.
Z = 1.959964
_WHOLE = 2**64

Place = tuple[str, int]


def draw(sizes: Mapping[str, int], wanted: int, seed: str, *, digits: int = 0) -> list[Place]:
    """(village, position) of those drawn, in the order of the villages; positions count from 0.

    `sizes`: village code → how many of it can be drawn. `digits`: strata are the villages' codes up to so many digits.
    """
    strata: dict[str, list[str]] = {}
    for code in sorted(sizes):
        strata.setdefault(code[:digits], []).append(code)
    counts = _counts([sum(sizes[code] for code in codes) for codes in strata.values()], wanted, seed)
    found = []
    for codes, count in zip(strata.values(), counts, strict=True):
        places = ((code, position) for code in codes for position in range(sizes[code]))
        found += nsmallest(count, places, key=lambda place: (_hash(f"{seed}:{place[0]}:{place[1]}"), place))
    return sorted(found)


def _counts(sizes: list[int], wanted: int, seed: str) -> list[int]:
    """How many each stratum gives: equal steps through all of them from a start that the seed says."""
    whole = sum(sizes)
    wanted = min(wanted, whole)
    if not wanted:
        return [0] * len(sizes)
    start, counts, before = _hash(seed) % _WHOLE, [], 0
    for size in sizes:
        counts.append(_steps(before + size, whole, wanted, start) - _steps(before, whole, wanted, start))
        before += size
    return counts


def _steps(upto: int, whole: int, wanted: int, start: int) -> int:
    """How many of the points (start + i) · whole / wanted, i = 0 …, lie before `upto`; in whole numbers, so exact."""
    return -((start * whole - upto * wanted * _WHOLE) // (whole * _WHOLE)) if upto < whole else wanted


def _hash(text: str) -> int:
    return int(sha256(text.encode()).hexdigest(), 16)


def wilson(found: int, asked: int) -> tuple[float, float]:
    """The 95 % score interval of a share found/asked (Wilson, JASA 22, 1927), which holds for few and for shares near 1.

    For a draw that is spread over strata in proportion it is a little too wide, never too narrow to speak of.
    """
    share, z2 = found / asked, Z * Z
    middle = (share + z2 / (2 * asked)) / (1 + z2 / asked)
    half = Z * sqrt(share * (1 - share) / asked + z2 / (4 * asked * asked)) / (1 + z2 / asked)
    return max(0.0, middle - half), min(1.0, middle + half)
