"""The batch that a page is about, as far as the officer may see it."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from officers.messages import mark_read
from workers import codes
from workers.models import Batch

STEPS = ["file", "columns", "preview", "ledger"]


def batch_or_404(request, pk) -> Batch:
    """One that the officer may go on with: those of the places below are read and helped with, too."""
    batches = Batch.objects.visible_to(request.user).select_related(
        "uploaded_by", "committed_by", "undone_by", "in_the_way"
    )
    batch = get_object_or_404(batches, pk=pk)
    if not request.user.may("import sheets", at=batch.place_code):
        raise Http404
    return batch


def heard(request):
    """Messages that lead to this very page: the officer sees by now what they say."""
    told = request.user.messages.filter(url=request.path, read_at__isnull=True)
    # A message is marked only where one waits: others may be writing for a minute.
    if told.exists():
        mark_read(told)


def open_to(officer, batch) -> Batch | None:
    """The batch, where it is one whose page the officer may open."""
    if batch and Batch.objects.visible_to(officer).filter(pk=batch.pk).exists():
        return batch if officer.may("import sheets", at=batch.place_code) else None
    return None


def steps(now) -> list[dict]:
    """The step bar of the road from a file into the ledger."""
    labels = {"file": _("File"), "columns": _("Columns"), "preview": _("Check"), "ledger": _("Into the ledger")}
    at = STEPS.index(now)
    return [
        {"label": labels[step], "state": "done" if place < at else "now" if place == at else "todo"}
        for place, step in enumerate(STEPS)
    ]


def verdicts(batch) -> list[dict]:
    """Name, label and number of rows of each verdict that the batch has, in the order of the list."""
    counts = batch.counts.get("verdicts", {})
    return [
        {"name": name, "label": label, "count": counts[name]} for name, label in codes.VERDICTS if counts.get(name)
    ]


def written(batch) -> list[tuple[str, int]]:
    """What the batch wrote, in words."""
    counts = batch.counts.get("written", {})
    labels = {
        "workers": _("New people"), "changed_workers": _("People changed"), "households": _("New households"),
        "statuses": _("Statuses of households"), "phones": _("Phones"), "departures": _("Departures"),
        "homecomings": _("Homecomings"), "corrected": _("Departures changed"), "groups": _("New unnamed groups"),
        "persons": _("Unnamed persons"), "new": _("New entries"), "changed": _("Entries changed"),
        "moved": _("Left out: the ledger changed meanwhile"),
    }
    return [(label, counts[name]) for name, label in labels.items() if counts.get(name)]
