"""What the page of targets shows: areas × kinds, each cell with target, done, share and where the year should stand."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from laborreg import charts
from laborreg.months import Month
from laborreg.rounding import rounded
from officers.models import Officer
from reports import targets
from reports.models import INCOME, TRAINING, MonthlyReturn, Target
from reports.overview import part_length
from reports.targets import KINDS, YUAN_IN_WAN, Completion
from reports.totals import expected_by, received_by
from villages.areas import children

TONES = {"done": "ok", "ahead": "ok", "level": "", "behind": "warn", "": ""}
LABELS = dict(Target.KINDS)


def amount_told(kind: str, value) -> str:
    """1,234 persons as they are; income in 10,000 yuan; a sign as it is, nothing as a dash."""
    if value is None or isinstance(value, str):
        return value or "–"
    if kind != INCOME:
        return f"{value:,}"
    return f"{rounded(Decimal(value) / YUAN_IN_WAN, 2):,}"


def change_told(change: targets.Changed) -> str:
    before = amount_told(change.kind, change.before) if change.before else _("withdrawn")
    return _("target changed on %(day)s (was %(before)s)") % {"day": change.on.isoformat(), "before": before}


def points(share: float) -> str:
    """A difference of shares in points of a hundred, without its sign."""
    return floatformat(abs(share) * 100, 1)


@dataclass(frozen=True)
class Cell:
    """One area's target of one kind; `url` leads to what stands behind the done."""

    kind: str
    completion: Completion
    url: str = ""
    # Since when the target is another, in words.
    changed: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.kind]

    @property
    def target(self) -> str:
        return amount_told(self.kind, self.completion.target)

    @property
    def done(self) -> str:
        return amount_told(self.kind, self.completion.done)

    @property
    def words(self) -> str:
        """Ahead of the line of the year, or behind it, by how many points."""
        lead = self.completion.lead
        return {
            "": lambda: "", "done": lambda: _("reached"), "level": lambda: _("on pace"),
            "ahead": lambda: _("ahead by %(n)s points") % {"n": points(lead)},
            "behind": lambda: _("behind by %(n)s points") % {"n": points(lead)},
        }[self.completion.state]()

    @property
    def tone(self) -> str:
        return TONES[self.completion.state]

    @property
    def bar(self) -> SafeString | str:
        if self.completion.rate is None:
            return ""
        done = _("Done: %(share)s%%") % {"share": floatformat(self.completion.rate * 100, 1)}
        return charts.pace(self.completion.rate, self.marks, told=done, tone=self.tone)

    @property
    def marks(self) -> list[tuple[float, str]]:
        """The line that counts first; the calendar's beside the season's."""
        gone = (self.completion.pace, _("Share of the year gone: %(share)s%%") % {"share": points(self.completion.pace)})
        season = self.completion.seasonal
        if season is None:
            return [gone]
        told = _("The same month of last year had %(share)s%% of that year's whole") % {"share": points(season)}
        return [(season, told), gone]


@dataclass(frozen=True)
class Row:
    area: object
    cells: list[Cell]
    url: str = ""
    expected: int = 0
    received: int = 0

    @property
    def is_complete(self) -> bool:
        return all(cell.completion.is_complete for cell in self.cells)


class Table:
    """An area and its parts for one officer, in a year up to a month; the number of queries does not grow with them."""

    def __init__(self, area, year: int, month: Month | None, officer: Officer):
        self.area, self.year, self.month, self.officer = area, year, month, officer
        self.at = part_length(area.code, officer)

    @cached_property
    def whole(self) -> Row:
        return self._row(self.area, self._found(len(self.area.code)), is_whole=True)

    @cached_property
    def parts(self) -> list[Row]:
        if not self.at:
            return []
        found = self._found(self.at)
        below = children(self.area)
        # Townships all; villages that file or have a target.
        shown = {each.code for each in below} if self.at == 9 else {*found, *self._expected(12)}
        return [self._row(area, found) for area in below if area.code in shown]

    def _found(self, at) -> dict[str, dict[str, Completion]]:
        if self.month is None:
            standing = targets.standing(self.area.code, self.year, at=at)
            return {code: {kind: Completion(row.get(kind), None, 0) for kind in KINDS} for code, row in standing.items()}
        found = targets.completions(self.area.code, self.month, at=at)
        return targets.seen_by(self.officer, self.area.code[:6], self.month, found)

    def _row(self, area, found, is_whole=False) -> Row:
        nothing = Completion(None, None, self.month.number / 12 if self.month else 0)
        row, at = found.get(area.code, {}), len(area.code)
        changed = {kind: change_told(each) for (code, kind), each in self._changed(at).items() if code == area.code}
        cells = [
            Cell(kind, one := row.get(kind, nothing), self._url(area, kind, one), changed.get(kind, "")) for kind in KINDS
        ]
        url = "" if is_whole else self._page_of(area)
        return Row(area, cells, url, self._expected(at).get(area.code, 0), self._received(at).get(area.code, 0))

    def _changed(self, at) -> dict:
        kept = self.__dict__.setdefault("_changes", {})
        if at not in kept:
            kept[at] = targets.changed(self.area.code, self.year, at=at)
        return kept[at]

    def _page_of(self, area) -> str:
        url = reverse("targets", args=[area.code, self.year])
        return f"{url}?month={self.month}" if self.month else url

    def _expected(self, at) -> dict[str, int]:
        return self._counted("expected", at)

    def _received(self, at) -> dict[str, int]:
        return self._counted("received", at)

    def _counted(self, what, at) -> dict[str, int]:
        """Villages, asked once for the area and once for its parts."""
        if self.month is None:
            return {}
        kept = self.__dict__.setdefault("_counts", {})
        if (what, at) not in kept:
            count = expected_by if what == "expected" else received_by
            kept[what, at] = count(self.area.code, self.month, at)
        return kept[what, at]

    def _url(self, area, kind, completion) -> str:
        """What the done opens to; for who sees no names only as far down as townships stand."""
        if self.month is None or completion.done in (None, 0):
            return ""
        if kind == TRAINING:
            return reverse("trained_people", args=[area.code, self.month]) if self.officer.may("see people") else ""
        key = targets.FIGURE[kind]
        if len(area.code) < 12:
            return reverse("drill", args=[area.code, self.month, key]) if part_length(area.code, self.officer) else ""
        return reverse("cell", args=[area.code, self.month, key]) if area.code in self._returns else ""

    @cached_property
    def _returns(self) -> set[str]:
        rows = MonthlyReturn.objects.under(self.area.code).filter(month=self.month)
        return set(rows.values_list("village_id", flat=True))

    @property
    def gaps(self) -> list[dict]:
        """Where the parts do not add up to the whole, in words."""
        whole = {cell.kind: cell.completion.target for cell in self.whole.cells if cell.completion.target}
        parts = {
            row.area.code: {c.kind: c.completion.target for c in row.cells if c.completion.target} for row in self.parts
        }
        return [gap_told(gap) for gap in targets.gaps(whole, parts)]


def gap_told(gap: targets.Gap) -> str:
    said = {"kind": LABELS[gap.kind], "sum": amount_told(gap.kind, gap.parts), "whole": amount_told(gap.kind, gap.whole),
            "n": amount_told(gap.kind, abs(gap.amount))}
    if gap.amount > 0:
        return _("%(kind)s: the parts add up to %(sum)s, which is %(n)s more than %(whole)s.") % said
    return _("%(kind)s: the parts add up to %(sum)s, which is %(n)s less than %(whole)s.") % said
