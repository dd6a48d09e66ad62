"""What an officer is told before a brief leaves the office: own words with other numbers, and names of registered people."""

import re
from dataclasses import dataclass

from reports.briefs import drafting, sentences
from reports.models import Brief
from workers.models import Worker

# 2,482 · 63.3% · 1,123.45
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?")
_HAN = re.compile(r"[\u3400-\u9fff·]+")
LENGTHS = range(2, 5)


@dataclass(frozen=True)
class Edited:
    """A paragraph that goes out in an officer's words. `other`: numbers that the generated one does not say."""

    key: str
    title: str
    other: list[str]
    names: list[str]
    is_own: bool


def edited(brief: Brief) -> list[Edited]:
    """The visible paragraphs with own words, in their order. One query, whatever they say."""
    shown = [each for each in brief.paragraphs if each["text"] and not each["hidden"]]
    said = {each["key"]: f"{each['title']}\n{each['text']}" for each in shown}
    registered = _registered(brief.area_code, {name for text in said.values() for name in could_be_names(text)})
    return [
        Edited(
            each["key"], sentences.here(sentences.titles(each)), _other(brief, each),
            sorted(registered & could_be_names(said[each["key"]])), drafting.is_own(each),
        )
        for each in shown
    ]


def _other(brief: Brief, paragraph: dict) -> list[str]:
    """An own paragraph is compared with all that is generated: its numbers should stand somewhere in it."""
    keys = sentences.TITLES if drafting.is_own(paragraph) else [paragraph["key"]]
    generated = [text for key in keys for text in sentences.in_both(brief.known, key).values()]
    return other_numbers(paragraph["text"], " ".join(generated))


def other_numbers(text: str, generated: str) -> list[str]:
    """Numbers of a text that the generated words do not have, as they were typed; "2482" is "2,482"."""
    known = {_plain(each) for each in _NUMBER.findall(generated)}
    return list(dict.fromkeys(each for each in _NUMBER.findall(text) if _plain(each) not in known))


def _plain(number: str) -> str:
    return number.replace(",", "")


def could_be_names(text: str) -> set[str]:
    """Every run of two to four Chinese characters."""
    return {
        run[at:at + length] for run in _HAN.findall(text) for length in LENGTHS for at in range(len(run) - length + 1)
    }


def _registered(area_code: str, candidates: set[str]) -> set[str]:
    if not candidates:
        return set()
    names = Worker.objects.valid().under(area_code).order_by().values_list("name", flat=True).distinct()
    return candidates & set(names.iterator())
