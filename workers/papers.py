"""Marks on a village's printed lists: what was recorded since a ledger or a visit list was printed.

The word holds nothing personal: which list of which village, and how far the county's trail had come.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from laborreg import clock, marks
from officers.models import AuditEvent, AuditHead

LEDGER, VISITS = "ledger", "visits"
_SALT = "printed list"
# What changes a line of the list. People who move are recorded under one of two villages, with both in the detail.
_OF_BOTH = ["worker", "transfer", "household", "phone", "registration", "moverequest", "village"]
_RECORDED = {LEDGER: [*_OF_BOTH, "unnamedgroup"], VISITS: [*_OF_BOTH, "verification"]}
_MOVES = ["moved", "confirmed move", "merged villages", "recoded village", "split village"]
_SHEETS = ["imported a sheet", "undid a sheet"]
_CHANGES_NOTHING = [
    "revealed", "asked for move", "refused move", "withdrew move", "started filing", "stopped filing",
]


@dataclass(frozen=True)
class Mark:
    """What a list was printed from. `number`: of the newest event in the county's trail."""

    kind: str
    village: str
    number: int
    printed_at: datetime

    @property
    def word(self) -> str:
        said = [self.kind, self.village, self.number, int(self.printed_at.timestamp())]
        return marks.word_of(said, _SALT)

    @property
    def recorded_since(self):
        """The events after it, the newest first."""
        later = AuditEvent.objects.filter(county_code=self.village[:6], number__gt=self.number)
        moved = Q(verb__in=_MOVES) & (Q(detail__from__icontains=self.village) | Q(detail__to=self.village))
        # A sheet is told once, at the post of who brought it in.
        above = [self.village, self.village[:9], self.village[:6]]
        sheets = Q(verb__in=_SHEETS, place_code__in=above)
        here = later.filter(
            Q(Q(place_code=self.village) | moved, subject_kind__in=_RECORDED[self.kind]) | sheets
        )
        return here.exclude(verb__in=_CHANGES_NOTHING).order_by("-number")


def of_list(kind: str, village) -> Mark:
    """Taken before the rows are read: what is recorded meanwhile counts as later."""
    newest = AuditHead.objects.filter(pk=village.county_code).values_list("number", flat=True).first()
    return Mark(kind, village.pk, newest or 0, clock.now())


def read(word: str) -> Mark | None:
    said = marks.said_by(word, _SALT)
    if said is None:
        return None
    kind, village, number, moment = said
    return Mark(kind, village, number, datetime.fromtimestamp(moment, tz=timezone.get_current_timezone()))
