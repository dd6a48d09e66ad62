"""What was changed of a person and their transfers: who, when, from what, to what; never a clear ID number."""

from dataclasses import dataclass
from itertools import chain

from django.db.models import DateField
from django.utils.translation import gettext as _

from brokers.models import Broker
from jobs.models import CooperationPoint
from laborreg.months import Month
from villages.models import Village
from workers import places
from workers.models import Transfer, Worker

# Kept for the machine, or told by another field.
SILENT = {
    "id", "county", "id_key_version", "id_last4_index", "name_pinyin", "name_initials", "version", "created_at",
    "created_by", "voided_at", "erased_at", "worker", "group",
}
# Changed, but never shown beside a masked ID number.
HIDDEN = {"id_index", "birth_date"}


@dataclass
class Change:
    """One save of one row."""

    what: str
    by: str
    at: object
    parts: list


def changes_of(person) -> list[Change]:
    """Newest first; the first entry of a row says only that it was entered."""
    people = person.history.select_related("history_user").order_by("history_date", "history_id")
    transfers = Transfer.history.filter(worker_id=person.pk).select_related("history_user")
    rows = chain(people, transfers.order_by("id", "history_date", "history_id"))
    names = _Names()
    found, before = [], {}
    for row in rows:
        key = (row.instance_type, row.id)
        change = _change(row, before.get(key), names)
        before[key] = row
        if change:
            found.append(change)
    return sorted(found, key=lambda change: change.at, reverse=True)


def _change(row, before, names):
    parts = [] if before is None else _parts(row, before, names)
    if before is not None and not parts:
        return None
    return Change(_title(row, before), row.history_user.name if row.history_user else "", row.history_date, parts)


def _title(row, before):
    is_person = row.instance_type is Worker
    if before is None:
        return _("Registered") if is_person else _("Entered the transfer to %(place)s") % {"place": _place_of(row)}
    if row.voided_at and not before.voided_at:
        return _("Voided the transfer to %(place)s") % {"place": _place_of(row)}
    return _("Changed the person") if is_person else _("Changed the transfer to %(place)s") % {"place": _place_of(row)}


def _place_of(row):
    return places.label(row.destination)


def _parts(row, before, names):
    """(label, old, new) of each field that differs."""
    found = []
    for field in row.instance_type._meta.concrete_fields:
        if field.name in SILENT or not hasattr(row, field.attname):
            continue
        old, new = getattr(before, field.attname), getattr(row, field.attname)
        if old != new:
            label = _("ID number") if field.name == "id_index" else field.verbose_name
            pair = ("", "") if field.name in HIDDEN else (words(field, old, names), words(field, new, names))
            found.append((label, *pair))
    return found


class _Names:
    """Names of brokers, points and villages, each asked once and only where it changed."""

    def __init__(self):
        self._known = {}

    def of(self, model, pk):
        if (model, pk) not in self._known:
            row = model._default_manager.filter(pk=pk).first()
            self._known[model, pk] = str(row) if row else f"#{pk}"
        return self._known[model, pk]


def words(field, value, names=None) -> str:
    """A value as a page says it."""
    if value is None or value == "":
        return "–"
    if field.name == "destination":
        return places.label(value)
    if field.related_model in (Broker, CooperationPoint, Village):
        return (names or _Names()).of(field.related_model, getattr(value, "pk", value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Month):
        return value.label
    if isinstance(field, DateField):
        return value.isoformat()
    return f"{value:,}" if isinstance(value, int) else str(value)


def conflict_of(form, row) -> list:
    """(label, what the officer typed, what somebody saved meanwhile); the next save replaces the latter knowingly."""
    if not (theirs := form.theirs):
        return []
    found = []
    for name, value in form.changes().items():
        if name != "id_number":
            field = row._meta.get_field(name)
            found.append((field.verbose_name, words(field, value), words(field, getattr(theirs, field.attname))))
    return found
