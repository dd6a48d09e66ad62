"""What a station looks at before it approves: each return beside its month before."""

from dataclasses import dataclass

from django.utils import timezone

from laborreg import clock
from laborreg.months import Month
from officers.models import Officer
from reports import checks, layout
from reports.comparing import Change, change
from reports.models import SUBMITTED, MonthlyReturn, ReturnVersion
from reports.progress import tag
from villages.areas import posted_at

COMPARED = ["away", "left", "came_home", "income_month"]


@dataclass(frozen=True)
class Reviewed:
    """A return of the queue: its newest version, and what the village filed the month before."""

    ret: MonthlyReturn
    before: dict[str, int] | None
    officers: list[Officer]
    why_not: str = ""

    @property
    def version(self) -> ReturnVersion | None:
        return self.ret.newest

    @property
    def may_be_approved(self) -> bool:
        return self.ret.state == SUBMITTED and not self.why_not

    @property
    def tag(self) -> dict:
        return tag(self.ret.state)

    @property
    def away_change(self) -> int | None:
        return self.version.away - self.before["away"] if self.version and self.before else None

    @property
    def explained(self) -> int:
        """Warnings that the village explained."""
        return len(self.version.explanations) if self.version else 0

    @property
    def explanations(self) -> list[str]:
        return [f"{checks.TITLES.get(name, name)}: {text}" for name, text in self.version.explanations.items()]

    @property
    def days_waiting(self) -> int | None:
        if self.ret.state != SUBMITTED:
            return None
        return (clock.today() - timezone.localdate(self.version.submitted_at)).days

    @property
    def compared(self) -> list["Compared"]:
        now = {key: getattr(self.version, key) for key in COMPARED}
        return [Compared(key, now[key], self.before and self.before[key]) for key in COMPARED]


@dataclass(frozen=True)
class Compared:
    """A figure of a return beside last month's."""

    key: str
    now: int
    before: int | None

    @property
    def change(self) -> Change | None:
        return change(self.now, self.before)

    @property
    def label(self) -> str:
        return layout.full_label(self.key)


def reviewed(returns, month: Month, *, why_not: dict[int, str] | None = None) -> list[Reviewed]:
    """Rows of the queue for returns of one month, with two queries more."""
    returns = list(returns)
    codes = [ret.village_id for ret in returns]
    before = _filed(codes, month.previous)
    officers = posted_at([ret.village_id for ret in returns if not ret.is_in])
    return [
        Reviewed(ret, before.get(ret.village_id), officers.get(ret.village_id, []), (why_not or {}).get(ret.pk, ""))
        for ret in returns
    ]


def _filed(codes, month) -> dict[str, dict[str, int]]:
    rows = MonthlyReturn.objects.filter(village_id__in=codes, month=month, newest__isnull=False)
    wanted = [f"newest__{key}" for key in COMPARED]
    return {code: dict(zip(COMPARED, values, strict=True)) for code, *values in rows.values_list("village_id", *wanted)}


def total_of(rows: list[Reviewed]) -> list[Compared]:
    """The chosen returns together; beside last month only where each has one."""
    return [
        Compared(
            key, sum(getattr(row.version, key) for row in rows),
            sum(row.before[key] for row in rows) if all(row.before for row in rows) else None,
        )
        for key in COMPARED
    ]
