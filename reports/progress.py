"""How far a month is: what is in, what is missing, and whom to call."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from laborreg import charts, clock
from laborreg.months import Month
from officers.models import Officer
from reports import totals
from reports.deadlines import Deadlines
from reports.models import APPROVED, DRAFT, LOCKED, REOPENED, SENT_BACK, SUBMITTED, MonthlyReturn
from villages.areas import posted_at
from villages.models import County, Township, Village

# tone and icon of a state's tag
TAGS = {
    DRAFT: ("none", "circle-dashed"), SUBMITTED: ("info", "send"), SENT_BACK: ("bad", "undo-2"),
    APPROVED: ("ok", "circle-check"), LOCKED: ("ok", "lock"), REOPENED: ("warn", "lock-open"),
}


def tag(state: str) -> dict:
    """The state of a return as the context of _parts/status_tag.html."""
    tone, icon = TAGS[state]
    return {"label": dict(MonthlyReturn.STATES)[state], "tone": tone, "icon": icon}


@dataclass(frozen=True)
class Opened:
    """A month among those that its county opened."""

    month: Month
    months: list[Month]

    @property
    def previous(self) -> Month | None:
        return self.month.previous if self.month.previous in self.months else None

    @property
    def next(self) -> Month | None:
        return self.month.next if self.month.next in self.months else None


def opened(county: County, month: Month) -> Opened | None:
    """None for a month that the county did not open."""
    months = list(county.months.order_by("month").values_list("month", flat=True))
    return Opened(month, months) if month in months else None


@dataclass(frozen=True)
class Progress:
    """How many villages of an area are expected, and in which states their returns are."""

    expected: int
    states: dict[str, int] = field(default_factory=dict)

    def _count(self, *states) -> int:
        return sum(self.states.get(state, 0) for state in states)

    @property
    def received(self) -> int:
        return self._count(*MonthlyReturn.IN)

    @property
    def waiting(self) -> int:
        return self._count(SUBMITTED)

    @property
    def sent_back(self) -> int:
        return self._count(SENT_BACK)

    @property
    def approved(self) -> int:
        """Approved and not locked yet."""
        return self._count(APPROVED)

    @property
    def locked(self) -> int:
        return self._count(LOCKED, REOPENED)

    @property
    def drafts(self) -> int:
        return self._count(DRAFT)

    @property
    def missing(self) -> int:
        return max(self.expected - self.received, 0)

    @property
    def share(self) -> float | None:
        return self.received / self.expected if self.expected else None

    @property
    def tone(self) -> str:
        """Of the bar: complete, nearly so, or not."""
        if self.missing == 0:
            return "ok"
        return "warn" if self.received * 10 >= self.expected * 8 else "bad"

    @property
    def state(self) -> dict:
        """Where the whole area is, as a tag: label, tone, icon."""
        if not self.expected:
            return {"label": _("Files nothing"), "tone": "none", "icon": "circle-dashed"}
        if self.missing:
            label = _("%(n)d missing") % {"n": self.missing}
            return {"label": label, "tone": self.tone, "icon": "circle-alert"}
        if self.locked >= self.expected:
            return {"label": _("Locked"), "tone": "ok", "icon": "lock"}
        if self.waiting:
            return {"label": _("In review"), "tone": "info", "icon": "clock"}
        return {"label": _("Approved"), "tone": "ok", "icon": "circle-check"}

    @property
    def state_of_village(self) -> dict:
        """Where the one return of a village is."""
        return tag(next(iter(self.states), DRAFT))


def states_of(returns) -> dict[str, int]:
    """{state: how many} of a query of one month's returns."""
    return dict(returns.order_by().values_list("state").annotate(n=Count("pk")))


def add(parts: Iterable[Progress]) -> Progress:
    expected, states = 0, {}
    for part in parts:
        expected += part.expected
        for state, n in part.states.items():
            states[state] = states.get(state, 0) + n
    return Progress(expected, states)


def progress_by(area: str, month: Month, *, at: int) -> dict[str, Progress]:
    """{code: Progress} of the areas under an area, by the first `at` digits."""
    expected, states = totals.expected_by(area, month, at), totals.states_by(area, month, at)
    codes = expected.keys() | states.keys()
    return {code: Progress(expected.get(code, 0), states.get(code, {})) for code in sorted(codes)}


@dataclass(frozen=True)
class TownshipProgress:
    """A township's month on the county's board."""

    township: Township
    progress: Progress
    bar: str
    # Its newest report to the county (reports.reporting.Standing).
    reported: object = None


def townships(county: County, month: Month) -> list[TownshipProgress]:
    """Every township that is expected to file, or filed."""
    of = progress_by(county.code, month, at=9)
    return [
        TownshipProgress(township, of[township.code], _bar(of[township.code]))
        for township in county.townships.order_by("code") if township.code in of
    ]


def _bar(progress: Progress) -> str:
    return charts.bar(progress.received, progress.expected, tone=progress.tone)


def next_to_open(county: County, months: list[Month]) -> Month | None:
    """The month after the newest opened one, once its days have begun."""
    following = months[-1].next
    return following if county.first_day(following) <= clock.today() else None


@dataclass(frozen=True)
class Missing:
    """A village that is not in, and who keeps its ledger."""

    ret: MonthlyReturn
    officers: list[Officer]

    @property
    def village(self) -> Village:
        return self.ret.village

    @property
    def township(self) -> Township:
        return self.ret.village.township

    @property
    def is_sent_back(self) -> bool:
        return self.ret.state == SENT_BACK

    @property
    def tag(self) -> dict:
        """Why it is missing: nothing was filed, or what was filed went back."""
        return tag(SENT_BACK) if self.is_sent_back else {"label": _("Not filed"), "tone": "none", "icon": "circle-dashed"}


def missing(returns) -> list[Missing]:
    """Those of a month's returns that are not in, of villages that still file; `returns` is a query."""
    found = returns.exclude(state__in=MonthlyReturn.IN).select_related("village__township").order_by("village_id")
    rows = [row for row in found if row.village.files_in(row.month)]
    officers = posted_at([row.village_id for row in rows])
    return [Missing(row, officers[row.village_id]) for row in rows]


def by_station(rows: list[Missing]) -> dict[Township, list[Missing]]:
    found: dict[Township, list[Missing]] = {}
    for row in rows:
        found.setdefault(row.township, []).append(row)
    return found


def message_to(rows: list[Missing], month: Month, days: Deadlines) -> str:
    """The text that the office sends to the villages that are not in, and to no other."""
    said = ngettext(
        "%(month)s return: %(n)d village is not in yet.", "%(month)s return: %(n)d villages are not in yet.", len(rows)
    )
    lines = [said % {"month": month.label, "n": len(rows)}]
    lines += [
        _("%(township)s: %(villages)s") % {
            "township": township.short_name,
            "villages": _(", ").join(_named(row, days) for row in of_township),
        }
        for township, of_township in by_station(rows).items()
    ]
    lines.append(_("Due on %(due)s. Villages can submit until %(closes)s.") % {
        "due": date_format(days.due_on), "closes": date_format(days.closes_on),
    })
    return "\n".join(lines)


def _named(row: Missing, days: Deadlines) -> str:
    """With its own last day, where it was given more time than the others of the message."""
    name, closes_on = row.village.short_name, days.at(row.village.pk).closes_on
    if closes_on > days.closes_on:
        name = _("%(village)s (until %(day)s)") % {"village": name, "day": date_format(closes_on)}
    return _("%(village)s (sent back)") % {"village": name} if row.is_sent_back else name
