"""As filed beside as known now: what a month of an area would say today, and whose names make the difference."""

from collections import Counter
from dataclasses import dataclass

from django.utils.functional import cached_property

from laborreg.months import Month
from reports import filing, layout, totals
from reports.models import FiledEvent, FiledLine, MonthlyReturn
from villages.models import County, Village
from workers import ledger
from workers.counting import VillageCount
from workers.ledger import BY_KEY, Event


@dataclass(frozen=True)
class Change:
    """One figure as filed and as known now; the two are of the same villages."""

    key: str
    filed: int
    now: int

    @property
    def label(self) -> str:
        return layout.full_label(self.key)

    @property
    def difference(self) -> int:
        return self.now - self.filed


@dataclass(frozen=True)
class Differing:
    """A person or group whose share in a figure is another now than it was as filed."""

    village: Village
    key: tuple[str, int]
    name: str
    filed: int
    now: int

    @property
    def difference(self) -> int:
        return self.now - self.filed

    @property
    def is_group(self) -> bool:
        return self.key[0] == "group"


class Hindsight:
    """A month of the villages of an area that are in: their counted versions, and the ledger read today."""

    def __init__(self, county: County, area: str, month: Month):
        self.county, self.area, self.month = county, area, month
        rows = MonthlyReturn.objects.under(area).filter(month=month, counted__isnull=False)
        self.returns = list(rows.select_related("village").order_by("village_id"))

    @cached_property
    def _now(self) -> dict[str, VillageCount]:
        if not self.returns:
            return {}
        return filing.count_villages(self.county, self.month, [ret.village_id for ret in self.returns])

    def now_by(self, at: int) -> dict[str, dict[str, int]]:
        """{code: figures as known now} by the first `at` digits of the village's code."""
        parts: dict[str, list] = {}
        for code, count in self._now.items():
            parts.setdefault(code[:at], []).append(count.figures)
        return {code: totals.add(each) for code, each in parts.items()}

    @cached_property
    def changes(self) -> list[Change]:
        """Every figure, in the order of the definitions."""
        filed = totals.add(totals.sums_of_returns(self.area, self.month, at=12).values())
        now = totals.add(count.figures for count in self._now.values())
        return [Change(key, filed[key], now[key]) for key in ledger.KEYS]

    def change(self, key: str) -> Change:
        return next(change for change in self.changes if change.key == key)

    def names(self, key: str) -> list[Differing]:
        """Those whose share in the figure differs; `opening` names nobody, as both read it from the same version."""
        names, filed = self._filed(key)
        now: Counter = Counter()
        for code, count in self._now.items():
            for row in count.events if BY_KEY[key].of is Event else count.lines:
                if share := ledger.shares(row).get(key):
                    now[code, row.key] += share
                    names[code, row.key] = row.name
        villages = {ret.village_id: ret.village for ret in self.returns}
        return [
            Differing(villages[code], who, names[code, who], filed[code, who], now[code, who])
            for code, who in sorted(names)
            if filed[code, who] != now[code, who]
        ]

    def _filed(self, key) -> tuple[dict, Counter]:
        model = FiledEvent if BY_KEY[key].of is Event else FiledLine
        rows = model.objects.filter(version__in=[ret.counted_id for ret in self.returns], shares__has_key=key)
        names, filed = {}, Counter()
        for row in rows.only("village_id", "worker_number", "group_number", "name", "shares"):
            filed[row.village_id, row.key] += row.shares[key]
            names[row.village_id, row.key] = row.name
        return names, filed
