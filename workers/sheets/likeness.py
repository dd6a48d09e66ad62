"""Which places are meant by a name that nobody bears: names are typed by their sound, and the wrong character is taken."""

import re
from functools import lru_cache

from pypinyin import Style, pinyin

# What one character counts that only sounds like the other, in the standard tongue or as people speak and type.
SOUND, SPOKEN = 0.9, 0.8
LEAST = 0.5
_ENDING = re.compile("(特别行政区|自治区|自治州|自治县|自治旗|地区|新区|省|市|县|区|旗|州|洲|盟)$")
_SPOKEN = [("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")]


def closest(text, named: dict[str, tuple]) -> dict[str, float]:
    """Of codes with their names those that look or sound like the text, and how much, up to 1."""
    typed = bare(text)
    heard = _heard(typed)
    found = {}
    for code, names in named.items():
        likeness = max((alike(typed, name) for name in _bare(names) if _heard(name) & heard), default=0)
        if likeness >= LEAST:
            found[code] = likeness
    return found


def alike(one, other) -> float:
    """The longest run of characters, gaps allowed, that are the same or sound the same; as a share of the longer name."""
    best = [0.0] * (len(other) + 1)
    for left in one:
        before = 0.0
        for place, right in enumerate(other, 1):
            kept = best[place]
            best[place] = max(kept, best[place - 1], before + _likeness(left, right))
            before = kept
    return best[-1] / max(len(one), len(other), 1)


def bare(name) -> str:
    """Without the word for what kind of place it is."""
    short = _ENDING.sub("", name)
    return short if len(short) > 1 else name


def _likeness(left, right) -> float:
    if left == right:
        return 1
    if _sounds(left) & _sounds(right):
        return SOUND
    return SPOKEN if _heard(left) & _heard(right) else 0


@lru_cache(maxsize=10_000)
def _sounds(character) -> frozenset[str]:
    """A character may be read in several ways."""
    read = pinyin(character, style=Style.NORMAL, heteronym=True)
    return frozenset(read[0]) if read else frozenset()


@lru_cache(maxsize=10_000)
def _heard(name) -> frozenset[str]:
    return frozenset(_as_spoken(sound) for character in name for sound in _sounds(character))


def _as_spoken(sound) -> str:
    for written, spoken in _SPOKEN:
        sound = sound.replace(written, spoken)
    return sound


@lru_cache(maxsize=10_000)
def _bare(names) -> frozenset[str]:
    return frozenset(map(bare, names))
