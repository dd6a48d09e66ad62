"""The ledger's figures against an independent day-by-day count, over random histories."""

from hypothesis import HealthCheck, given, settings

from tests.workers import day_by_day
from tests.workers.histories import VILLAGES, late_entries, worlds
from workers import counting, ledger
from workers.counting import Filed

CALM = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def counted(world, month=None, filed=None):
    return counting.count(world.histories, VILLAGES, month or world.month, rules_of=world.rules_of, filed=filed)


def filed_from(counts, first_month, earlier):
    """What later months see of versions filed earlier: {village: {month: VillageCount}} → {village: Filed}."""
    found = {}
    for village, by_month in counts.items():
        filed = found[village] = Filed(first_month=first_month)
        for month, count in by_month.items():
            for event in count.events:
                figure = {"left": "left", "came_home": "came_home", "late.left": "left", "late.came_home": "came_home",
                          }.get(event.kind)
                if figure:
                    times = filed.events.setdefault((figure, event.month), {})
                    times[event.key] = times.get(event.key, 0) + event.amount
                elif event.kind == "late.income":
                    filed.incomes.setdefault(event.key, [0] * len(earlier))[earlier.index(event.month)] += event.amount
            for line in count.lines:
                if line.income_month:
                    yuan = filed.incomes.setdefault(line.key, [0] * len(earlier))
                    yuan[earlier.index(month)] += line.income_month
    return found


@CALM
@given(worlds())
def test_every_figure_is_what_a_walk_from_day_to_day_finds(world):
    for village, count in counted(world).items():
        expected = day_by_day.count(world.histories, village, world.month, rules_of=world.rules_of)
        late = {"late.left", "late.came_home", "late.income"}
        assert {k: v for k, v in count.figures.items() if k not in late} == {
            k: v for k, v in expected.items() if k not in late
        }


@CALM
@given(worlds())
def test_every_identity_and_partition_holds_and_shares_sum_to_their_column(world):
    for count in counted(world).values():
        assert day_by_day.identities(count.figures) == []
        for whole, parts in ledger.partitions():
            assert count.figures[whole] == sum(count.figures[part] for part in parts)
        for figure in ledger.FIGURES:
            if figure.key != "opening":
                rows = [*count.lines, *count.events]
                assert sum(ledger.shares(row).get(figure.key, 0) for row in rows) == count.figures[figure.key]


@CALM
@given(worlds())
def test_lines_that_are_alike_have_the_shares_that_each_alone_would_have(world):
    for count in counted(world).values():
        for line in count.lines:
            assert ledger.shares(line) == ledger._shares(line)


@CALM
@given(late_entries())
def test_what_is_known_later_is_late_and_counted_once(pair):
    """A year filed month by month on what was known; the last month is counted on what is known now."""
    before, now = pair
    month = before.month
    filed_counts = {village: {} for village in VILLAGES}
    filed_figures = {village: {} for village in VILLAGES}
    first = month.january if month.number > 1 else month.previous
    for earlier in month.previous.since(first):
        found = counting.count(
            before.histories, VILLAGES, earlier, rules_of=before.rules_of, filed=seen(filed_counts, earlier, first)
        )
        for village, count in found.items():
            filed_counts[village][earlier] = count
            filed_figures[village][earlier] = count.figures
    result = counting.count(
        now.histories, VILLAGES, month, rules_of=now.rules_of, filed=seen(filed_counts, month, first)
    )
    for village, count in result.items():
        expected = day_by_day.count(
            now.histories, village, month, rules_of=now.rules_of, filed=filed_figures[village], first_month=first
        )
        assert count.figures == expected
        assert count.figures["away"] == sum(count.figures[k] for k in ("opening", "left", "moved", "late")) - (
            count.figures["came_home"]
        )


def seen(filed_counts, month, first):
    """Of the versions filed so far, what a month's count may see: this year's, and last month's opening."""
    this_year = {v: {m: c for m, c in by_month.items() if m >= month.january} for v, by_month in filed_counts.items()}
    found = filed_from(this_year, first, month.previous.since(max(first, month.january)))
    for village, by_month in filed_counts.items():
        if last := by_month.get(month.previous):
            found[village].opening = {line.key: line.persons for line in last.lines if line.is_away}
    return found


