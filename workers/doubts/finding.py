"""Keeps the table of doubts as the ledger is: for those concerned by a save, and for a village from end to end."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

from laborreg import clock
from laborreg.bulk import among, insert
from workers.doubts import of_households, of_people, of_trips
from workers.doubts.reading import read
from workers.doubts.rule import fingerprint, shown
from workers.models import Doubt, Worker

# (rule, worker, transfer, household)
Key = tuple[str, int | None, int | None, int | None]
COLUMNS = ["county", "village", "worker", "transfer", "household", "rule", "found_on", "detail", "fingerprint", "settled_why"]
NAMES = [Doubt._meta.get_field(name).attname for name in COLUMNS]


@transaction.atomic
def find(village_code: str) -> int:
    """Everybody of a village again, as the night does; how many doubts came, went or changed."""
    day = clock.today()
    people, homes = read(Worker.objects.filter(village=village_code), day)
    of_village = Q(village=village_code)
    if people:
        of_village |= Q(among(Doubt, "worker", [person.number for person in people]))
    if homes:
        of_village |= Q(among(Doubt, "household", [home.number for home in homes]))
    return _put(_found(people, homes), Doubt.objects.filter(of_village), day)


def refresh(workers: Iterable[int] = (), households: Iterable[int] = ()) -> int:
    """Some people and households again, with everybody of those households; within the transaction of their save."""
    concerned, of_them = Q(pk__in=[]), Q(pk__in=[])
    workers, households = set(workers), set(households)
    for name, numbers in (("worker", workers), ("household", households)):
        if numbers:
            concerned |= Q(among(Worker, "id" if name == "worker" else name, numbers))
            of_them |= Q(among(Doubt, name, numbers))
    day = clock.today()
    people, homes = read(Worker.objects.filter(concerned), day)
    # Of others' households not everybody was read.
    homes = [home for home in homes if home.number in households]
    if people:
        of_them |= Q(among(Doubt, "worker", [person.number for person in people]))
    return _put(_found(people, homes), Doubt.objects.filter(of_them), day)


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


def _put(found: dict[Key, Doubt], rows, day: date) -> int:
    """Insert what is new, delete what is no more. Other values are a new doubt: what was said of the old ones is over."""
    over, changed = [], []
    for old in rows:
        new = found.get(_key(old))
        if new is None or new.fingerprint != old.fingerprint:
            over.append(old.pk)
            continue
        del found[_key(old)]
        if (old.village_id, old.detail) != (new.village_id, new.detail):
            old.village_id, old.detail = new.village_id, new.detail
            changed.append(old)
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
        Doubt.objects.bulk_update(changed, ["village", "detail"], batch_size=500)
    if new:
        # Of two saves in one household at the same moment, one finds the row there already.
        insert(Doubt, COLUMNS, [[getattr(doubt, name) for name in NAMES] for doubt in new], once=True)
