"""bench/by_hand.sql, ready to run on either database: every figure of a county's villages in one statement."""

from datetime import date, timedelta
from pathlib import Path

from django.db import connection, transaction

from laborreg.codes import after
from laborreg.months import Month
from villages.models import County, CountySettings

TEXT = Path(__file__).with_name("by_hand.sql")
DIALECTS = {
    "sqlite": {"earlier": "MIN", "later": "MAX", "day": "julianday"},
    "postgresql": {"earlier": "LEAST", "later": "GREATEST", "day": ""},
}
DAY = timedelta(days=1)


def figures(county: County, month: Month, first: Month | None) -> dict[str, dict[str, int]]:
    """Village → figure → integer; `first` is the first month that the county opened."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # As one would who writes it: compiling takes twenty times as long as it saves, and a county fits in memory.
            cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '256MB'")
        cursor.execute(*statement(county, month, first))
        keys = [column[0] for column in cursor.description[1:]]
        return {code: dict(zip(keys, map(int, row), strict=True)) for code, *row in cursor}


def statement(county: County, month: Month, first: Month | None) -> tuple[str, dict]:
    """The SQL of the configured database, and its parameters."""
    year = month.since(month.january)
    given = _days(county, month, year, first) | _ages(county.rules_from(month), county.last_day(month))
    given |= {"county": county.code, "after_county": after(county.code), "month": str(month),
              "january": str(month.january), "month_before": str(month.previous),
              "first_month": str(first or month.january)}
    rows = []
    for n, one in enumerate(year):
        rows.append(f"(%(m{n})s, %(first{n})s, %(stop{n})s)")
        given |= {f"m{n}": str(one), f"first{n}": county.first_day(one), f"stop{n}": county.last_day(one) + DAY}
    text = TEXT.read_text(encoding="utf-8")
    return text.format(calendar=", ".join(rows), **DIALECTS[connection.vendor]), given


def _days(county: County, month: Month, year: list[Month], first: Month | None) -> dict:
    rules, first_day, last_day = county.rules_from(month), county.first_day(month), county.last_day(month)
    return {
        "first_day": first_day,
        "stop": last_day + DAY,
        "year_from": county.first_day(year[0]),
        "known_from": county.first_day(max(year[0], first or year[0])),
        "stint_days": rules.stint_days,
        "home_days": rules.home_days,
        "home_from": last_day - (rules.home_days - 1) * DAY,
        "followed_from": first_day - rules.home_days * DAY,
    }


def _ages(rules: CountySettings, on: date) -> dict:
    """The latest birthdays of those who have reached an age."""
    ages = {
        "born_26": 26, "born_41": 41, "born_51": 51, "born_61": 61,
        "male_of_age": rules.male_min, "male_too_old": rules.male_max + 1,
        "female_of_age": rules.female_min, "female_too_old": rules.female_max + 1,
    }
    return {name: _years_before(on, age) for name, age in ages.items()}


def _years_before(day: date, years: int) -> date:
    """Who was born on 29 February comes of age on 1 March of a common year."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)
