"""A village's series on old or new boundaries: as it filed, or with what became part of it since."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from laborreg.months import Month
from reports.totals import NOW
from villages import lineage
from villages.models import Lineage


@dataclass(frozen=True)
class Boundaries:
    """What a page says of a village's lineage, and whether it adds up what the village was before."""

    entries: list[Lineage] = field(default_factory=list)
    # Codes whose months can be added; those of a split cannot be told apart.
    before: list[str] = field(default_factory=list)
    is_now: bool = False
    # Of each day for the trend: the month that it begins, and a word.
    marks: list[tuple[Month, str]] = field(default_factory=list)

    @property
    def added(self) -> list[str]:
        return self.before if self.is_now else []

    @property
    def sentences(self) -> list[str]:
        return [f"{entry.from_on.isoformat()}: {lineage.told(entry)}" for entry in self.entries]

    @property
    def choices(self) -> list[dict]:
        """The two readings; none where they are the same."""
        if not self.before:
            return []
        return [
            {"label": _("On the boundaries as filed"), "value": "", "is_current": not self.is_now},
            {"label": _("On the boundaries of now"), "value": NOW, "is_current": self.is_now},
        ]

    @property
    def is_split(self) -> bool:
        return any(entry.kind == Lineage.SPLIT for entry in self.entries)


def boundaries_of(village, wish: str | None) -> Boundaries:
    """`wish`: "now" adds the months of villages that became part of this one."""
    entries = lineage.entries_of(village.code)
    if not entries:
        return Boundaries()
    county = village.township.county
    marks = [(county.month_of(entry.from_on), str(entry.get_kind_display())) for entry in entries]
    before = lineage.codes_before(village.code)
    return Boundaries(entries, before, bool(before) and wish == NOW, marks)
