"""The arithmetic of a month recomputed another way: what was checked, how often, and what does not hold."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby

from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from laborreg.codes import under
from laborreg.months import Month
from reports import filing, sealing, totals
from reports.models import CountyMonth, FiledEvent, FiledFlow, FiledLine, MonthlyReturn, ReturnVersion, Seal
from workers.ledger import FIGURES, KEYS, partitions

SAYS = {
    "identity": _("Opening + left − came home ± moved ± late = away"),
    "parts": _("Parts add up to their whole"),
    "below": _("No figure is larger than what it is part of"),
    "opening": _("The opening is what was away in the version it names"),
    "names": _("Shares of names and events add up to the figure"),
    "flows": _("Flows by destination and work add up to those away"),
    "areas": _("Villages add up to townships, townships to the county"),
    "hash": _("The hash of a version is that of its figures"),
    "rows_hash": _("The hash of names and events is that of those kept"),
    "seal": _("A seal holds the sums of the locked villages"),
    "seal_hash": _("The hash of a seal is that of its totals"),
}
OF_NAMES = {"names", "flows", "rows_hash"}
BELOW = [(figure.key, figure.below) for figure in FIGURES if figure.below] + [("transferred", "transferred_times")]
KEPT = 20


@dataclass
class Check:
    """One statement about the figures: how often it was looked at, and where it does not hold (the first few)."""

    name: str
    checked: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def says(self):
        return SAYS[self.name]

    def look(self, holds: bool, where: str):
        self.checked += 1
        if not holds:
            self.failed += 1
            if self.failed <= KEPT:
                self.failures.append(where)


class Proof:
    """Everything that must hold of an area's month: of every version that was filed in it, and of every seal.

    Reading every name of a full county takes seconds; without `of_names` what needs them is left out.
    """

    def __init__(self, area: str, month: Month, *, of_names: bool = True):
        self.area, self.month = area, month
        self.checks = {name: Check(name) for name in SAYS if of_names or name not in OF_NAMES}
        versions = ReturnVersion.objects.filter(under("village_id", area), month=month)
        self.versions = {version.pk: version for version in versions.select_related("opening_version")}
        self._versions()
        if of_names:
            self._rows()
        self._areas()
        self._seals()

    @property
    def failed(self) -> int:
        return sum(check.failed for check in self.checks.values())

    @property
    def checked(self) -> int:
        return sum(check.checked for check in self.checks.values())

    def _look(self, name, holds, *where):
        self.checks[name].look(holds, " ".join(map(str, (self.month, *where))))

    def _versions(self):
        for version in self.versions.values():
            of, where = version.figures, (version.village_id, f"v{version.number}")
            away = of["opening"] + of["left"] - of["came_home"] + of["moved"] + of["late"]
            self._look("identity", away == of["away"], *where)
            for whole, parts in partitions():
                self._look("parts", sum(of[key] for key in parts) == of[whole], *where, whole)
            for key, whole in BELOW:
                self._look("below", of[key] <= of[whole], *where, key)
            if opening := version.opening_version:
                self._look("opening", of["opening"] == opening.away, *where)
            self._look("hash", filing.digest(version) == version.hash, *where)

    def _rows(self):
        """Of the versions whose names are kept: the newest and every locked one."""
        flows = Counter()
        for number, persons in self._of(FiledFlow).values_list("version_id", "persons"):
            flows[number] += persons
        kept = self._with_rows()
        for number, rows in groupby(self._lines_and_events(), key=lambda row: row[0]):
            kept.discard(number)
            self._rows_of(self.versions[number], [row[1:] for row in rows], flows[number])
        for number in sorted(kept):
            self._rows_of(self.versions[number], [], flows[number])

    def _with_rows(self) -> set[int]:
        newest = MonthlyReturn.objects.under(self.area).filter(month=self.month, newest__isnull=False)
        locked = {number for number, version in self.versions.items() if version.locked_at}
        return locked | set(newest.values_list("newest_id", flat=True))

    def _rows_of(self, version, rows, flows):
        where, sums = (version.village_id, f"v{version.number}"), Counter()
        for _key, _kind, _month, shares in rows:
            sums.update(shares)
        for key, value in version.figures.items():
            if key != "opening":
                self._look("names", sums[key] == value, *where, key)
        self._look("flows", flows == version.away, *where)
        self._look("rows_hash", filing.digest_of_rows(rows) == version.rows_hash, *where)

    def _of(self, model):
        return model.objects.filter(version__month=self.month).filter(under("version__village_id", self.area))

    def _lines_and_events(self) -> Iterator[tuple]:
        """(version, key, kind, month, shares), version by version."""
        facts = ("version_id", "worker_number", "group_number", "shares")
        lines = self._of(FiledLine).order_by("version_id").values_list(*facts, Value(""), Value(""))
        events = self._of(FiledEvent).order_by("version_id").values_list(*facts, "kind", "month")
        rows = merge(lines.iterator(), events.iterator(), key=lambda row: row[0])
        for number, worker, group, shares, kind, month in rows:
            yield number, ("worker", worker) if worker else ("group", group), kind, str(month), shares

    def _areas(self):
        """The statement that sums against the columns added one by one."""
        counted = MonthlyReturn.objects.under(self.area).filter(month=self.month, counted__isnull=False)
        of = {code: self.versions[number].figures for code, number in counted.values_list("village_id", "counted_id")}
        for at in (9, 6):
            if at < len(self.area):
                continue
            added: dict[str, Counter] = {}
            for code, figures in of.items():
                added.setdefault(code[:at], Counter()).update(figures)
            summed = totals.sums_of_returns(self.area, self.month, at=at)
            for code in added.keys() | summed.keys():
                for key in KEYS:
                    self._look("areas", added.get(code, {}).get(key, 0) == summed.get(code, {}).get(key, 0), code, key)

    def _seals(self):
        if len(self.area) > 6:
            return
        seals = Seal.objects.filter(under("county_id", self.area), month=self.month).order_by("number")
        newest = {seal.county_id: seal for seal in seals}
        for seal in seals.prefetch_related("totals"):
            areas = {total.area_code: total.figures for total in seal.totals.all()}
            said = sealing.digest(seal.county_id, seal.month, seal.number, seal.rules, seal.missing, areas)
            self._look("seal_hash", said == seal.hash, seal.county_id, f"seal {seal.number}")
            townships = totals.add(figures for code, figures in areas.items() if len(code) == 9)
            self._look("seal", townships == areas[seal.county_id], seal.county_id, f"seal {seal.number}")
            if seal == newest[seal.county_id]:
                self._locked(seal, areas)

    def _locked(self, seal, areas):
        sums = totals.sums_of_returns(seal.county_id, seal.month, at=9)
        for code, figures in areas.items():
            if len(code) == 9:
                self._look("seal", figures == sums.get(code, totals.nothing()), code, f"seal {seal.number}")


def months_of(area: str) -> list[Month]:
    """The months that any county of an area opened, oldest first."""
    rows = CountyMonth.objects.filter(under("county_id", area[:6])).order_by("month")
    return list(rows.values_list("month", flat=True).distinct())
