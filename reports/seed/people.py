"""Invented households of a village: who lives in them, and since when the office knows them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from laborreg import crypto
from laborreg.identity import pinyin
from laborreg.months import Month
from reports.seed import names
from reports.seed.names import HAN, HUI, MONGOL, SALAR, TIBETAN, TU
from workers.models import Household, HouseholdStatus, Worker

RELIEVED_IN = date(2019, 4, 1)
MIX = {HAN: 50, HUI: 29, TU: 11, TIBETAN: 7, MONGOL: 2, SALAR: 1}
TIBETAN_TOWNSHIPS = ("630121208", "630121210")
MINORITIES = [group for group in MIX if group != HAN]
YOUNGEST = 16
SKILLS = ["拉面制作", "电焊", "挖掘机", "砌筑", "家政护理", "刺绣", "电工", "烹饪", "驾驶"]
NO_ID = [("not_at_hand", 5), ("not_issued", 2), ("lost", 2), ("declined", 1)]


@dataclass(eq=False)
class Person:
    """A worker to be registered in `known`, with a life of trips (reports.seed.journeys)."""

    worker: Worker
    known: Month
    phone: str = ""
    phone_whose: str = "self"
    trips: list = field(default_factory=list)
    trade: str = ""
    # Death, leaving the county or a move to another village: (how, day, new village), told in `ending_known`.
    ending: tuple | None = None
    ending_known: Month | None = None

    def age_on(self, day) -> int:
        return self.worker.age_on(day)

    @property
    def last_village(self) -> str:
        """Where the year counts in the end: after a move, in the new village."""
        return self.ending[2] if self.ending and self.ending[2] else self.worker.village_id


@dataclass(eq=False)
class Home:
    household: Household
    statuses: list[HouseholdStatus]
    persons: list[Person]


class Settler:
    """Fills villages with households, out of one source of chance."""

    def __init__(self, rng, county_code: str, first: Month, last: Month, oldest: int):
        self.rng, self.county_code, self.oldest = rng, county_code, oldest
        self.first, self.last = first, last
        self.numbers = names.Numbers()
        self.afar = list(names.FROM_AFAR)

    def settle(self, village_code: str, workers: int) -> list[Home]:
        """Households until the village has that many workers."""
        tilt = self._tilt(village_code)
        homes, count = [], 0
        while count < workers:
            home = self._home(village_code, len(homes) + 1, tilt, workers - count)
            count += len(home.persons)
            if home.persons:
                homes.append(home)
        return homes

    def _tilt(self, village_code) -> dict[str, float]:
        """Villages are mostly of one or two groups; the mix of the county comes out of them all."""
        mix = dict(MIX)
        if village_code[:9] in TIBETAN_TOWNSHIPS:
            mix[TIBETAN] = 60
        main = self.rng.choices(list(mix), mix.values())[0]
        return {group: weight + (220 if group == main else 0) for group, weight in mix.items()}

    def _home(self, village, number, tilt, room) -> Home:
        group = self.rng.choices(list(tilt), tilt.values())[0]
        household = Household(
            county_id=self.county_code, village_id=village, number=f"{village[-3:]}{number:04d}",
            group_name=self.rng.choice(["一社", "二社", "三社", "四社"]), is_resettled=self.rng.random() < 0.03,
        )
        members = self._members(group)[:room]
        persons = [self._person(household, group, *member) for member in members]
        return Home(household, self._statuses(household), [person for person in persons if person])

    def _members(self, group):
        """(relation, sex, age, family name) of those old enough and not too old, the head first."""
        rng = self.rng
        family = names.surname(rng, group)
        sex = "male" if rng.random() < 0.86 else "female"
        age = int(rng.triangular(26, 74, 46))
        yield_ = [("head", sex, age, family)]
        if rng.random() < 0.7:
            yield_.append(("spouse", _other(sex), age + rng.randint(-5, 3), names.surname(rng, group)))
        yield_ += self._children(age, sex, family, group) + self._parents(age, sex, family, group)
        return [member for member in yield_ if YOUNGEST - 2 <= member[2] <= self.oldest]

    def _children(self, age, sex, family, group):
        children = []
        for _nth in range(self.rng.choices([0, 1, 2, 3], [38, 34, 23, 5])[0]):
            child, years = self.rng.choice(["male", "female"]), age - self.rng.randint(21, 33)
            if child == "female" and years > 26 and self.rng.random() < 0.75:
                continue  # married into another household
            name = family if sex == "male" else names.surname(self.rng, group)
            children.append(("son" if child == "male" else "daughter", child, years, name))
            if child == "male" and years >= 23 and self.rng.random() < 0.5:
                wife = years - self.rng.randint(0, 3)
                children.append(("daughter_in_law", "female", wife, names.surname(self.rng, group)))
        return children

    def _parents(self, age, sex, family, group):
        if self.rng.random() > 0.3:
            return []
        parent = self.rng.choice(["father", "mother"])
        own = family if parent == "father" and sex == "male" else names.surname(self.rng, group)
        side = "" if sex == "male" else "husbands_"
        return [(side + parent, "male" if parent == "father" else "female", age + self.rng.randint(21, 29), own)]

    def _person(self, household, group, relation, sex, age, family) -> Person | None:
        rng, today = self.rng, self.last.last_day()
        born_on = date(today.year - age, 1, 1) + timedelta(days=rng.randrange(365))
        worker = Worker(
            county_id=self.county_code, village_id=household.village_id, household=household, relation=relation,
            sex=sex, birth_date=born_on, ethnic_group=group, group_name=household.group_name,
            consent=rng.choices(["in_person", "by_family"], [7, 3])[0],
        )
        known = self._known(worker)
        if known is None:
            return None
        self._name(worker, group, family)
        self._number(worker)
        self._abilities(worker)
        whose = rng.choices(["self", "family", ""], [84, 12, 4])[0]
        return Person(worker, known, self.numbers.phone() if whose else "", whose)

    def _known(self, worker) -> Month | None:
        """Most are in the ledger from the start; the young follow when they are sixteen, a few are found later."""
        sixteen = Month.of(worker.birth_date).plus(16 * 12 + 1)
        if sixteen > self.last:
            return None
        found_late = self.rng.random() < 0.035
        known = self.first.plus(self.rng.randrange(1, 24)) if found_late else self.first
        return min(max(known, sixteen), self.last)

    def _name(self, worker, group, family):
        if self.afar and worker.relation == "spouse" and worker.sex == self.afar[-1][1] and self.rng.random() < 0.01:
            worker.name, _sex, worker.ethnic_group = self.afar.pop()
        else:
            worker.name = names.full_name(self.rng, group, worker.sex, family)
        worker.name_pinyin, worker.name_initials = pinyin(worker.name)

    def _number(self, worker):
        if self.rng.random() < 0.012:
            worker.no_id_reason = _draw(self.rng, NO_ID)
        else:
            give_number(worker, self.numbers)

    def _abilities(self, worker):
        rng, age = self.rng, worker.age_on(self.last.last_day())
        worker.education = _education(rng, age)
        worker.ability = rng.choices(
            ["ordinary", "skilled", "weak", "lost"], [70, 22, 7, 1] if age < 58 else [55, 8, 32, 5]
        )[0]
        worker.is_student = age <= 19 and rng.random() < 0.6
        worker.wants_to_go = rng.choices([True, False, None], [14, 56, 30])[0]
        if worker.ability == "skilled":
            worker.skill_grade = rng.choices(["junior", "middle", "senior", "technician"], [52, 33, 12, 3])[0]
            worker.skills = rng.choice(SKILLS)

    def _statuses(self, household) -> list[HouseholdStatus]:
        chance = self.rng.random()
        if chance < 0.12:
            return [HouseholdStatus(household=household, kind="relieved", from_on=RELIEVED_IN)]
        if chance > 0.14:
            return []
        kind = self.rng.choice(["monitored_unstable", "monitored_marginal", "monitored_hardship"])
        since = self.first.plus(self.rng.randrange(-18, 18)).last_day()
        return [HouseholdStatus(household=household, kind=kind, from_on=since)]


def give_number(worker: Worker, numbers: names.Numbers):
    """An invented ID number, enciphered and indexed as the registration does it."""
    number = numbers.id_number(worker.birth_date, worker.sex)
    worker.id_cipher, worker.id_key_version = crypto.encipher(number)
    worker.id_index = crypto.index(number)
    worker.id_last4_index = crypto.index(number[-4:], purpose="last4")
    worker.no_id_reason = ""


def take_number(worker: Worker, reason: str):
    """No ID number, and why."""
    worker.id_cipher = worker.id_key_version = worker.id_index = None
    worker.id_last4_index, worker.no_id_reason = "", reason


def is_gone(person: Person) -> bool:
    """Who died or left the county; not who moved within it."""
    return person.ending is not None and person.ending[0] != "moved"


def is_in_force(person: Person, day: date) -> bool:
    worker = person.worker
    is_able = worker.ability in ("ordinary", "skilled") and not worker.is_student
    return is_able and not is_gone(person) and 16 <= person.age_on(day) <= 60


def fit_labor_force(people: list[Person], wanted: int, day: date, rng):
    """Among those who stay at home, a few more or fewer are able to work."""
    of_age = [person for person in people if 16 <= person.age_on(day) <= 60 and not person.worker.is_student]
    able = [person for person in of_age if is_in_force(person, day)]
    surplus = len(able) - wanted
    if surplus > 0:
        changed, ability = [person for person in able if not person.trips], "weak"
    else:
        changed, ability = [person for person in of_age if person.worker.ability not in ("ordinary", "skilled")], "ordinary"
    for person in rng.sample(changed, min(abs(surplus), len(changed))):
        person.worker.ability, person.worker.skill_grade, person.worker.skills = ability, "", ""


def _other(sex: str) -> str:
    return "female" if sex == "male" else "male"


def _draw(rng, weighted):
    values, weights = zip(*weighted, strict=True)
    return rng.choices(values, weights)[0]


def _education(rng, age: int) -> str:
    levels = ["90", "80", "70", "60", "40", "30", "20"]
    if age < 30:
        weights = [0, 4, 40, 20, 18, 12, 6]
    elif age < 50:
        weights = [6, 26, 48, 11, 6, 2, 1]
    else:
        weights = [28, 44, 23, 4, 1, 0, 0]
    return rng.choices(levels, weights)[0]
