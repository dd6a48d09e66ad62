"""What the ledger counts from: one person's, or one unnamed group's, stays and spells, free of the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

Period = tuple[date | None, date | None]


@dataclass(slots=True)
class Stay:
    """One registration: half-open [from_on, to_on); no from_on reaches back without limit, no to_on goes on."""

    village: str
    from_on: date | None = None
    to_on: date | None = None


@dataclass(slots=True)
class Spell:
    """One transfer: half-open [started_on, ended_on). Codes as in workers/codes.py, "" is unknown; pay in yuan."""

    transfer: int
    started_on: date
    ended_on: date | None = None
    destination: str = "44"
    channel: str = ""
    form: str = ""
    section: str = ""
    pay: int | None = None
    reason: str = ""
    plan: str = ""
    job: str = ""
    bearer: str = ""


@dataclass(slots=True)
class History:
    """One person (persons = 1), or an unnamed group of as many persons as are not named yet."""

    key: tuple[str, int]
    persons: int = 1
    is_group: bool = False
    name: str = ""
    sex: str = ""
    born_on: date | None = None
    age_band: str = ""
    household: int | None = None
    ability: str = ""
    is_student: bool | None = None
    wants_to_go: bool | None = None
    education: str = ""
    skill: str = ""
    group_name: str = ""
    # (to_on, household): which one until the day before, in the order of days; flags are those of each one's days.
    households_before: Sequence[tuple[date, int | None]] = ()
    relieved: list[Period] = field(default_factory=list)
    monitored: list[Period] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)

    def household_on(self, day: date) -> int | None:
        return next((household for to_on, household in self.households_before if day < to_on), self.household)


@dataclass(frozen=True, slots=True)
class Rules:
    """A report month's days and the county's counting rules in it."""

    first_day: date
    last_day: date
    male_min: int = 16
    male_max: int = 60
    female_min: int = 16
    female_max: int = 60
    stint_days: int = 90
    home_days: int = 183
