"""Keeps the table of doubts as the ledger is: for those concerned by a save, and for a village from end to end."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models.expressions import RawSQL

from laborreg import clock
from laborreg.bulk import among, encoded, holding, insert, update
from workers.doubts import of_households, of_people, of_trips
from workers.doubts.asking import THESE, Asked, either
from workers.doubts.reading import read
from workers.doubts.rule import fingerprint, shown
from workers.models import Doubt, Worker

# (rule, worker, transfer, household)
Key = tuple[str, int | None, int | None, int | None]
COLUMNS = ["county", "village", "worker", "transfer", "household", "rule", "found_on", "detail", "fingerprint", "settled_why"]
KEPT = Asked(lambda: Doubt.objects.filter(THESE).order_by().values_list(
    "pk", "rule", "worker", "transfer", "household", "village", "detail", "fingerprint",
))
NAMES = [Doubt._meta.get_field(name).attname for name in COLUMNS]


@transaction.atomic
def find(village_code: str) -> int:
    """Everybody of a village again, as the night does; how many doubts came, went or changed."""
    day = clock.today()
    people, homes = read(holding(Worker, "village", [village_code]), day)
    of_village = [holding(Doubt, "village", [village_code]), *_about(people, [home.number for home in homes])]
    return _put(_found(people, homes), either(*of_village), day)


def refresh(workers: Iterable[int] = (), households: Iterable[int] = ()) -> int:
    """Some people and households again, with everybody of those households; within the transaction of their save."""
    workers, households = set(workers), set(households)
    if not workers and not households:
        return 0
    day = clock.today()
    concerned = [among(Worker, name, numbers) for name, numbers in (("id", workers), ("household", households)) if numbers]
    people, homes = read(either(*concerned), day)
    # Of others' households not everybody was read.
    homes = [home for home in homes if home.number in households]
    return _put(_found(people, homes), either(*_about(people, households, workers)), day)


def _about(people, households, workers=()) -> list[RawSQL]:
    """The doubts about people and households."""
    numbers = {"worker": {*workers, *(person.number for person in people)}, "household": set(households)}
    return [among(Doubt, name, some) for name, some in numbers.items() if some]


def _found(people, homes) -> dict[Key, Doubt]:
    found = {}
    for person in people:
        place = {"county_id": person.county, "village_id": person.village, "worker_id": person.number}
        for rule in of_people.RULES:
            _add(found, rule, rule.find(person), **place)
        for trip in person.trips:
            for rule in of_trips.RULES:
                _add(found, rule, rule.find(person, trip), transfer_id=trip.number, **place)
    for home in homes:
        for rule in of_households.RULES:
            values = rule.find(home)
            _add(found, rule, values, county_id=home.county, village_id=home.village, household_id=home.number)
    return found


def _add(found, rule, values, **of):
    if values is None:
        return
    doubt = Doubt(rule=rule.code, detail=shown(values), fingerprint=fingerprint(rule.code, values), **of)
    found[_key(doubt)] = doubt


def _key(doubt) -> Key:
    return doubt.rule, doubt.worker_id, doubt.transfer_id, doubt.household_id


def _put(found: dict[Key, Doubt], these: RawSQL, day: date) -> int:
    """Insert what is new, delete what is no more. Other values are a new doubt: what was said of the old ones is over."""
    over, changed = [], []
    for pk, key, village, detail, of_values in ((row[0], row[1:5], *row[5:]) for row in KEPT.of(these, day)):
        new = found.get(key)
        if new is None or new.fingerprint != of_values:
            over.append(pk)
            continue
        del found[key]
        if (village, detail) != (new.village_id, new.detail):
            changed.append((new.village_id, new.detail, pk))
    for doubt in found.values():
        doubt.found_on = day
    _write(over, changed, list(found.values()))
    return len(over) + len(changed) + len(found)


def _write(over, changed, new):
    if over:
        # Nothing points to a doubt: no look for what would have to go with it.
        gone = Doubt.objects.filter(among(Doubt, "id", over))
        gone._raw_delete(gone.db)
    if changed:
        names, keys = ["village", "detail"], ["id"]
        update(Doubt, names, keys, encoded([Doubt._meta.get_field(name) for name in [*names, *keys]], changed))
    if new:
        # Of two saves in one household at the same moment, one finds the row there already.
        insert(Doubt, COLUMNS, [[getattr(doubt, name) for name in NAMES] for doubt in new], once=True)
