"""Everything that the registry holds of one person, for that person (PIPL 45): sections of lines, for page and file alike."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from officers import audit, verbs
from officers.models import AuditEvent
from reports import copying_words as words
from reports.models import FiledEvent, FiledLine, SpotCheckPerson
from support.models import ClaimLine, TrainedWorker
from workers import places
from workers.actions.keeping import cleaned_reason
from workers.changes import changes_of
from workers.models import DistinctPair, Roster, StagedRow

# Kept for the machine, or told in other words above.
SILENT = {
    "id", "county", "worker", "id_cipher", "id_key_version", "id_index", "id_last4_index", "name_pinyin", "name_initials",
    "version", "last4", "merged_into", "erased_at", "household", "group", "check_of", "shares", "fingerprint", "claim",
    "worker_number", "group_number", "transfer_number", "household_number", "transfer", "transfer_version", "persons",
    "income_month", "detail", "position", "in_group",
}


@dataclass(frozen=True)
class Section:
    """A heading, and for each thing that is held a list of (label, value)."""

    title: str
    things: list[list[tuple[str, str]]]

    @property
    def is_table(self) -> bool:
        return len(self.things) > 1

    @property
    def throughout(self) -> list[tuple[str, str]]:
        """What is the same in every thing, told once above the table."""
        rows = [dict(thing) for thing in self.things]
        return [(label, value) for label, value in rows[0].items() if all(row.get(label) == value for row in rows)]

    @property
    def headings(self) -> list[str]:
        same = {label for label, _value in self.throughout}
        return [label for label in dict.fromkeys(label for thing in self.things for label, _ in thing) if label not in same]

    @property
    def rows(self) -> list[list[str]]:
        return [[dict(thing).get(heading, "") for heading in self.headings] for thing in self.things]


@transaction.atomic
def copy_of(worker, *, by, reason, address="") -> list[Section]:
    """Numbers in full, as they are the person's own; who made the copy and why is in the audit trail, and in the copy."""
    by.must("give copies", at=worker.village_id)
    detail = {"reason": cleaned_reason(reason)} | ({"address": address} if address else {})
    audit.record("copied a person", worker, by=by, place=worker.village_id, detail=detail)
    return [section for section in _sections(worker) if section.things]


def as_json(sections) -> list[dict]:
    return [{"section": each.title, "held": [dict(thing) for thing in each.things]} for each in sections]


def _sections(worker):
    person = [(_("ID number"), worker.id_number)] if worker.id_index else []
    household = worker.household
    yield Section(_("The person"), [person + _facts(worker)])
    yield Section(_("Phones"), _rows(worker.phones.all()))
    yield Section(_("Household"), _rows([household, *household.statuses.all()]) if household else [])
    yield Section(_("Registered"), _rows(worker.registrations.all()))
    yield Section(_("Work away and near home"), _rows(worker.transfers.all()))
    yield Section(_("Visits"), _rows(worker.verifications.all()))
    yield Section(_("Told what is kept"), _rows(worker.notices.all()))
    yield Section(_("Moves asked for"), _rows(worker.move_requests.all()))
    yield Section(_("Entries that look alike"), [_apart(pair) for pair in _pairs(worker)])
    yield Section(_("Doubts"), _rows(worker.doubts.all()))
    yield Section(_("Training"), _rows(TrainedWorker.objects.filter(worker=worker)))
    yield Section(_("Claims of labor brokers"), _rows(ClaimLine.objects.filter(worker=worker)))
    yield Section(_("In monthly returns"), _filed(FiledLine, worker))
    yield Section(_("Changes in monthly returns"), _filed(FiledEvent, worker))
    yield Section(_("Spot checks"), _rows(SpotCheckPerson.objects.filter(worker_number=worker.pk)))
    yield Section(_("Rows of sheets"), [_staged(row) for row in StagedRow.objects.filter(worker_number=worker.pk)])
    yield Section(_("History of changes"), [_change(change) for change in changes_of(worker)])
    yield Section(_("Who looked at numbers in full"), [_event(event) for event in _looks(worker)])
    yield Section(_("Lists exported of the person's places"), [_export(roster) for roster in _exports(worker)])


def _rows(rows) -> list:
    return [thing for thing in map(_facts, rows) if thing]


def _facts(row) -> list[tuple[str, str]]:
    """Each field that says something, under its name in the reader's language."""
    found = []
    for field in row._meta.concrete_fields:
        value = getattr(row, field.name, None) if field.name not in SILENT else None
        if value not in (None, "", [], {}):
            found.append((words.label(field), _said(row, field, value)))
    return found


def _said(row, field, value) -> str:
    if field.name == "destination":
        return places.label(value)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "tzinfo"):
        return _when(value)
    values = value if isinstance(value, list) else [value]
    return _(", ").join(words.coded(field, each) for each in values)


def _filed(model, worker) -> list:
    rows = model.objects.filter(worker_number=worker.pk).select_related("version", "village")
    return [[(_("Month"), row.version.month.label), *_facts_as_filed(row)] for row in rows]


def _facts_as_filed(row) -> list[tuple[str, str]]:
    return [pair for pair in _facts(row) if pair[1] != str(row.version)]


def _staged(row) -> list[tuple[str, str]]:
    return [(_("Sheet"), row.batch.file_name), (_("Row"), str(row.number)), (_("Cells"), " · ".join(map(str, row.cells)))]


def _pairs(worker):
    return DistinctPair.objects.filter(Q(one=worker) | Q(other=worker)).select_related("by")


def _apart(pair) -> list[tuple[str, str]]:
    """Who the other was is the other's own."""
    return [(_("When"), _when(pair.at)), (_("Who"), pair.by.name), (_("Reason"), pair.reason)]


def _change(change) -> list[tuple[str, str]]:
    """Under one heading, whichever fields were changed."""
    parts = _("; ").join(f"{label}: {old} → {new}" if old or new else str(label) for label, old, new in change.parts)
    return [(_("When"), _when(change.at)), (_("Who"), change.by), (_("What"), change.what), (_("What was changed"), parts)]


def _when(at) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _looks(worker):
    return audit.trail(worker).filter(verb__in=verbs.SHOWN)


def _event(event: AuditEvent) -> list[tuple[str, str]]:
    who, what, why = event.by.name if event.by else "", str(verbs.VERBS[event.verb]), event.detail.get("reason", "")
    return [(_("When"), _when(event.at)), (_("Who"), who), (_("What"), what), (_("Reason"), why)]


def _exports(worker):
    """Whether the person stood in a list is not kept; these are the lists of the places that the person is registered in."""
    above = [worker.village_id[:length] for length in (6, 9, 12)]
    return Roster.objects.filter(place_code__in=above, state="ready").select_related("made_by")


def _export(roster) -> list[tuple[str, str]]:
    numbers = _("In full") if roster.is_full else _("Masked")
    what = _(", ").join([roster.get_kind_display(), numbers])
    found = [(_("When"), _when(roster.made_at)), (_("Who"), roster.made_by.name), (_("What"), what)]
    return [*found, (_("Reason"), roster.reason)] if roster.reason else found
