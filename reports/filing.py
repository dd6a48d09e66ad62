"""Between the ledger and what was filed: a village's month counted live, and frozen when it is submitted."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from operator import attrgetter

from django.db.models import F, Q

from laborreg import bulk, clock
from laborreg.months import Month
from reports.models import FiledEvent, FiledFlow, FiledLine, MonthlyReturn, ReturnVersion
from villages.models import County
from workers import counting, ledger
from workers.counting import Filed, VillageCount
from workers.ledger import Event, Line
from workers.reading import histories, rules_of


def first_month(county: County) -> Month | None:
    """The first month that the county opened."""
    return county.months.order_by("month").values_list("month", flat=True).first()


def count_villages(county: County, month: Month, codes: list[str]) -> dict[str, VillageCount]:
    """Figures, lines and events of villages of a county as known now, against what they filed before."""
    return {code: count for counts in counted(county, month, codes) for code, count in counts.items()}


def counted(county: County, month: Month, codes: list[str]) -> Iterator[dict[str, VillageCount]]:
    """As `count_villages`, township by township: as much as is held at a time."""
    rules, first, before = rules_of(county), first_month(county), versions_before(month, codes)
    for some in by_township(codes):
        versions = {number: found for number, found in before.items() if found[0] in some}
        with bulk.without_collecting():
            people = histories(some[0] if len(some) == 1 else some[0][:9])
            filed = filed_before(month, some, versions, first)
            counts = counting.count(people, some, month, rules_of=rules, filed=filed)
            _name_the_gone(counts, versions)
        yield counts


def by_township(codes: list[str]) -> list[list[str]]:
    return [list(some) for _township, some in groupby(sorted(codes), key=lambda code: code[:9])]


def versions_before(month: Month, codes: list[str]) -> dict[int, tuple[str, Month]]:
    """The newest versions of this year's earlier months and of last month: number → (village, month)."""
    rows = MonthlyReturn.objects.filter(
        village_id__in=codes, newest__isnull=False, month__lt=month, month__gte=min(month.january, month.previous)
    )
    return {number: found for number, *found in rows.values_list("newest_id", "village_id", "month")}


def filed_before(month: Month, codes: list[str], versions, first: Month | None) -> dict[str, Filed]:
    """What the villages filed in this year's earlier months and last month, in their newest versions."""
    filed = {code: Filed(first_month=first) for code in codes}
    last = {pk: village for pk, (village, when) in versions.items() if when == month.previous}
    for village in last.values():
        filed[village].opening = {}
    _add_opening(filed, last)
    this_year = {pk: found for pk, found in versions.items() if found[1] >= month.january}
    if this_year:
        earlier = month.previous.since(max(month.january, first))
        _add_incomes(filed, this_year, earlier)
        _add_events(filed, this_year, earlier)
    return filed


def _add_opening(filed, versions):
    rows = FiledLine.objects.filter(version_id__in=versions, state="away").values_list(
        "version_id", "worker_number", "group_number", "persons"
    )
    for version, worker, group, persons in rows.iterator(chunk_size=CHUNK):
        filed[versions[version]].opening[_key(worker, group)] = persons


def _add_incomes(filed, versions, earlier):
    rows = FiledLine.objects.filter(version_id__in=versions, income_month__gt=0).values_list(
        "version_id", "worker_number", "group_number", "income_month"
    )
    to = {number: (filed[village].incomes, month.index - earlier[0].index) for number, (village, month) in versions.items()}
    for version, worker, group, yuan in rows.iterator(chunk_size=CHUNK):
        incomes, place = to[version]
        incomes.setdefault(_key(worker, group), [0] * len(earlier))[place] += yuan


def _add_events(filed, versions, earlier):
    kinds = {"left": "left", "came_home": "came_home", "late.left": "left", "late.came_home": "came_home",
             "late.income": ""}
    rows = FiledEvent.objects.filter(version_id__in=versions, kind__in=kinds).values_list(
        "version_id", "kind", "worker_number", "group_number", "month", "amount"
    )
    for version, kind, worker, group, month, amount in rows.iterator(chunk_size=CHUNK):
        of, key = filed[versions[version][0]], _key(worker, group)
        if figure := kinds[kind]:
            times = of.events.setdefault((figure, month), {})
            times[key] = times.get(key, 0) + amount
        else:
            of.incomes.setdefault(key, [0] * len(earlier))[month.index - earlier[0].index] += amount


def _name_the_gone(counts: dict[str, VillageCount], versions):
    """What came late of somebody who is in the ledger no more is told under the name as filed."""
    nameless = [event for count in counts.values() for event in count.events if not event.name]
    if not nameless:
        return
    numbers = {kind: [number for of, number in {event.key for event in nameless} if of == kind] for kind in ("worker", "group")}
    names = {}
    for model in (FiledEvent, FiledLine):
        rows = model.objects.filter(version_id__in=versions).filter(
            Q(worker_number__in=numbers["worker"]) | Q(group_number__in=numbers["group"])
        ).order_by("version_id")
        names |= {_key(*key): name for *key, name in rows.values_list("worker_number", "group_number", "name")}
    for event in nameless:
        event.name = names.get(event.key, "")


def _key(worker, group):
    return ("worker", worker) if worker else ("group", group)


# Rows are looked at one by one as they come: a township's year are hundreds of thousands.
CHUNK = 5_000
LINE_FACTS = [
    "persons", "state", "region", "destination", "sex", "age", "age_band", "education", "skill", "group_name",
    "section", "job", "form", "channel", "bearer", "pay", "started_on", "relieved", "monitored", "income_month",
]
EVENT_FACTS = ["kind", "on", "month", "amount", "region", "reason"]
_line_facts, _event_facts = attrgetter(*LINE_FACTS), attrgetter(*EVENT_FACTS)
ROW = ["version", "village", "worker_number", "group_number", "name", "transfer_number", "shares"]


def freeze(returns, counts: dict[str, VillageCount], **facts_of) -> list[ReturnVersion]:
    """Write a new version of each return: figures, lines, events, flows. `facts_of` gives each its own columns."""
    earlier = ReturnVersion.objects.filter(ret__in=returns).order_by("number")
    numbers = dict(earlier.values_list("ret_id", "number"))
    openings = _opening_versions(returns)
    versions = []
    for ret in returns:
        version = ReturnVersion(
            ret=ret, county_id=ret.county_id, village_id=ret.village_id, month=ret.month,
            number=numbers.get(ret.pk, 0) + 1,
            opening_version_id=openings.get(ret.village_id), submitted_at=clock.now(),
            **{name: give(ret) for name, give in facts_of.items()},
            **ReturnVersion.columns_of(counts[ret.village_id].figures),
        )
        count = counts[ret.village_id]
        seal(version, map(hashed, (*count.lines, *count.events)))
        versions.append(version)
    _insert(versions)
    _freeze_rows([(version, counts[version.village_id]) for version in versions])
    return versions


def forget_superseded(codes: list[str], month: Month):
    """Names are kept for the newest and every locked version, and for what a newest one opens from; figures for all."""
    opened = MonthlyReturn.objects.filter(village_id__in=codes, newest__opening_version__isnull=False)
    kept = opened.filter(month__in=[month, month.next]).values("newest__opening_version")
    gone = ReturnVersion.objects.filter(
        village_id__in=codes, month__in=[month.previous, month], locked_at__isnull=True
    ).exclude(pk=F("ret__newest")).exclude(pk__in=kept)
    numbers = list(gone.values_list("pk", flat=True))
    if numbers:
        for rows in (FiledLine, FiledEvent, FiledFlow):
            rows.objects.filter(version__in=numbers).delete()


def _insert(versions: list[ReturnVersion]):
    """bulk_create would compile an expression for each of the hundred columns."""
    fields = [field for field in ReturnVersion._meta.concrete_fields if not field.primary_key]
    rows = [[getattr(version, field.attname) for field in fields] for version in versions]
    bulk.insert(ReturnVersion, [field.name for field in fields], rows)
    found = ReturnVersion.objects.filter(ret__in=[version.ret_id for version in versions])
    keys = {(ret, number): key for ret, number, key in found.values_list("ret_id", "number", "pk")}
    for version in versions:
        version.pk = keys[version.ret_id, version.number]


def _opening_versions(returns) -> dict[str, int]:
    """Village → last month's newest version, for returns of one month."""
    previous = MonthlyReturn.objects.filter(
        village_id__in=[ret.village_id for ret in returns], month=returns[0].month.previous, newest__isnull=False
    )
    return dict(previous.values_list("village_id", "newest_id"))


def _freeze_rows(filed: list[tuple[ReturnVersion, VillageCount]]):
    """Lines, events and flows of all versions, a table at a time."""
    bulk.insert(
        FiledLine, [*ROW, "household_number", *LINE_FACTS],
        (_line(version, line) for version, count in filed for line in count.lines if ledger.shares(line)),
    )
    bulk.insert(
        FiledEvent, [*ROW, *EVENT_FACTS],
        (_event(version, event) for version, count in filed for event in count.events),
    )
    bulk.insert(
        FiledFlow, ["version", "destination", "section", "persons"],
        ((version.pk, *flow) for version, count in filed for flow in _flows(count)),
    )


def _line(version, line):
    return (*_row(version, line), line.household, *_line_facts(line))


def _event(version, event):
    return (*_row(version, event), *_event_facts(event))


def _flows(count: VillageCount) -> list[tuple[str, str, int]]:
    flows = defaultdict(int)
    for line in count.lines:
        if line.is_away:
            flows[flow_destination(line.destination), line.section] += line.persons
    return [(*flow, persons) for flow, persons in sorted(flows.items())]


def _row(version, row):
    kind, number = row.key
    owner = (number, None) if kind == "worker" else (None, number)
    transfer = row.transfer if kind == "worker" else None
    return (version.pk, version.village_id, *owner, row.name, transfer, ledger.shares(row))


def flow_destination(code: str) -> str:
    """The province, or the country, that a destination belongs to."""
    return code[:2] if code[:1].isdigit() else code


def fingerprint(figures: dict[str, int]) -> str:
    """Changes when any figure does: what an officer looked at is what is submitted."""
    return sha256(json.dumps(sorted(figures.items())).encode()).hexdigest()[:16]


def seal(version: ReturnVersion, rows):
    """Set the version's hashes: over its lines and events, and over all that is filed."""
    version.rows_hash = digest_of_rows(rows)
    version.hash = digest(version)


def digest(version: ReturnVersion) -> str:
    """SHA-256 over what is filed: whose, which version, the rules, every figure, and the hash of its rows."""
    said = [
        version.village_id, str(version.month), version.number, version.rules, sorted(version.figures.items()),
        version.rows_hash,
    ]
    return _hash(said)


def digest_of_rows(rows: Iterable[tuple[tuple[str, int], str, str, dict[str, int]]]) -> str:
    """SHA-256 over lines and events as (key, kind, month, shares), in any order; what has no share is left out."""
    return _hash(sorted([*key, kind, month, sorted(shares.items())] for key, kind, month, shares in rows if shares))


def hashed(row: Line | Event) -> tuple:
    is_event = isinstance(row, Event)
    return row.key, row.kind if is_event else "", str(row.month) if is_event else "", ledger.shares(row)


def _hash(said) -> str:
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
