"""An import taken back, as long as nobody built on it: newcomers are voided, everything else gets its old values again."""

from collections.abc import Callable
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from workers.actions.keeping import cleaned_reason
from workers.doubts.background import look_through_later
from workers.models import Batch
from workers.sheets.brought import BuiltOn
from workers.sheets.kinds import KINDS

# Rooms further on say what was built on the people of some villages since a moment: a sentence, or "".
BUILDERS: list[Callable[[set[str], datetime], str]] = []


def undo(batch, *, by, reason) -> dict:
    """Take back what a batch wrote, if nobody built on it; how much of what was taken back."""
    by.must("import sheets", at=batch.place_code)
    reason = cleaned_reason(reason)
    if not KINDS[batch.kind].can_be_undone:
        raise Refusal(_("What this sheet wrote is corrected entry by entry."))
    try:
        return _undone(batch, by, reason)
    except OperationalError as busy:
        raise Refusal(_("Nothing was taken back: others were writing at the same moment. Undo it again.")) from busy


@transaction.atomic
def _undone(batch, by, reason) -> dict:
    if not Batch.objects.filter(pk=batch.pk, state__in=["committed", "undoing"]).update(state="undone", failure=""):
        raise Refusal(_("Only a sheet that is in the ledger can be undone."))
    batch.refresh_from_db()
    brought = KINDS[batch.kind].brought(batch)
    brought.hold()
    brought.must_be_untouched()
    _must_not_be_counted(brought.villages(), batch.committed_at)
    brought.take_back(by, reason)
    batch.undone_at, batch.undone_by = clock.now(), by
    batch.save(update_fields=["undone_at", "undone_by"])
    look_through_later(batch)
    counts = batch.counts.get("written", {})
    detail = {"kind": batch.kind, "file": batch.file_name, "hash": batch.sha256, "reason": reason} | counts
    audit.record("undid a sheet", batch, by=by, place=batch.place_code, detail=detail)
    return counts


def held(batch) -> Batch:
    """The batch, locked, while it is in the ledger."""
    batch = Batch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if batch.state == "undoing":
        raise Refusal(_("The sheet is being undone already."))
    if batch.state != "committed":
        raise Refusal(_("Only a sheet that is in the ledger can be undone."))
    return batch


def _must_not_be_counted(villages, moment):
    for built in BUILDERS:
        if words := built(villages, moment):
            raise BuiltOn(words)
