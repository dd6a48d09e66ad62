"""An import of counts taken back: its groups are voided, as long as nobody built on them."""

from collections.abc import Iterator

from django.utils.translation import ngettext

from laborreg import bulk, clock
from laborreg.refusals import Refusal
from villages.models import Village
from workers.models import StagedRow, Transfer, UnnamedGroup
from workers.sheets.tables import Table

NAMED = 3


class BroughtCounts:
    """The groups that a batch wrote."""

    def __init__(self, batch):
        rows = StagedRow.objects.filter(batch=batch, verdict="new").values_list("written__group", flat=True)
        self.groups = sorted(group for group in rows if group)

    def _some(self) -> Iterator[list[int]]:
        for start in range(0, len(self.groups), bulk.PAGE):
            yield self.groups[start : start + bulk.PAGE]

    def hold(self):
        """Lock them, so that nobody names or ends one once it was looked at."""
        for some in self._some():
            list(UnnamedGroup.objects.select_for_update(no_key=True).filter(pk__in=some).order_by("pk").values_list("pk"))

    def must_be_untouched(self):
        """Refuse, naming the first villages, if a group was ended, changed or moved, or somebody named out of it."""
        touched = set()
        for some in self._some():
            touched |= set(UnnamedGroup.objects.filter(pk__in=some, version__gt=1).values_list("pk", flat=True))
            touched |= set(Transfer.objects.valid().filter(group__in=some).values_list("group_id", flat=True))
        if touched:
            raise Refusal(self._sentence(touched))

    def _sentence(self, touched) -> str:
        villages = Village.objects.filter(unnamed_groups__in=sorted(touched)[: bulk.PAGE]).distinct().order_by("pk")[: NAMED + 1]
        names = [village.label for village in villages]
        words = {"groups": f"{len(touched):,}", "names": ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")}
        return ngettext(
            "Too late to undo: %(groups)s group (%(names)s) was changed since, or somebody was named from it. "
            "Correct single groups instead.",
            "Too late to undo: %(groups)s groups (%(names)s) were changed since, or somebody was named from them. "
            "Correct single groups instead.",
            len(touched),
        ) % words

    def villages(self) -> set[str]:
        """Whose returns may count them."""
        found = set()
        for some in self._some():
            found |= set(UnnamedGroup.objects.filter(pk__in=some).values_list("village_id", flat=True))
        return found

    def take_back(self, by, reason):
        table = Table(UnnamedGroup, by, clock.now())
        for some in self._some():
            table.hold(some)
            for group in some:
                table.change(group, {"voided_at": table.moment, "void_reason": reason})
            table.flush()
