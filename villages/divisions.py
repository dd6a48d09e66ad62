"""The divisions of the country down to the county, and the countries of the world: villages/data."""

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
DATONG = DATA / "areas-630121-datong.csv"


def _lines(file_name) -> list[dict]:
    with (DATA / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fill(division_model):
    """Put every division and country that is missing into the table; what is there stays as it is."""
    columns = ("code", "name", "name_latin")
    rows = [
        division_model(is_country=is_country, **{column: line[column] for column in columns})
        for file_name, is_country in (("divisions.csv", False), ("countries.csv", True))
        for line in _lines(file_name)
    ]
    division_model.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


@cache
def _countries() -> dict[str, str]:
    """Every way to write a country, to its alpha-3 code: both letter codes, the number, the names."""
    ways = {}
    for line in _lines("countries.csv"):
        for column in ("name_latin", "name", "numeric", "alpha2", "code"):
            ways[line[column].casefold()] = line["code"]
    return ways


def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-3 code of a country written as KOR, KR, 410, 韩国 or South Korea."""
    return _countries().get((text or "").strip().casefold())


@cache
def _names() -> dict[str, tuple[str, str]]:
    lines = _lines("divisions.csv") + _lines("countries.csv")
    return {line["code"]: (line["name"], line["name_latin"]) for line in lines}


def names_of(code: str) -> tuple[str, str] | None:
    """The Chinese and the Latin name; the database is asked only for a division that a file of places added."""
    if code in _names():
        return _names()[code]
    from villages.models import Division

    return Division.objects.filter(code=code).values_list("name", "name_latin").first()


def division_name(code: str) -> str:
    """The Chinese name, or nothing for a code that nobody knows."""
    return (names_of(code) or ("", ""))[0]


def is_division(code: str) -> bool:
    return names_of(code) is not None


def division_codes() -> list[str]:
    return [line["code"] for line in _lines("divisions.csv")]


@cache
def country_codes() -> list[str]:
    return [line["code"] for line in _lines("countries.csv")]
