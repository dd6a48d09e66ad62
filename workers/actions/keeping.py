"""How a row of the ledger is held, checked and saved: what every action does, whatever it is about."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers.models import Officer
from workers import columns
from workers.models import Household, Worker
from workers.refusals import Stale, plain_words

A_MOMENT = timedelta(minutes=1)


def held(worker, by) -> Worker:
    """The worker as the database has it now, locked; only for an officer who may enter records there."""
    current = held_row(worker)
    by.must("enter records", at=current.village_id)
    must_be_in_the_ledger(current)
    return current


def must_be_in_the_ledger(worker: Worker):
    if worker.voided_at or worker.merged_into_id:
        raise Refusal(_("This person was taken out of the ledger."))
    if worker.erased_at:
        raise Refusal(_("This person was erased; nothing can be recorded any more."))


def held_row(row):
    """A row as the database has it now, locked; without power."""
    return type(row).objects.select_for_update(no_key=True).get(pk=row.pk)


def hold_household_of(worker):
    """Lock the household, which every action does before the worker."""
    if number := Worker.objects.get(pk=worker.pk).household_id:
        held_row(Household(pk=number))


def claim(row, version):
    """Take the row's next version; Stale if anybody saved it since it was opened as `version`."""
    model = type(row)
    if not model.objects.filter(pk=row.pk, version=version).update(version=F("version") + 1):
        raise Stale(model.objects.get(pk=row.pk))
    row.version = version + 1


def keep(row, by, facts):
    """Check the shape of the facts, then save, so that the row's history names the officer."""
    check_shape(row, facts)
    return put(row, by)


def put(row, by):
    """Save, so that the row's history names the officer."""
    row._history_user = by
    row.save()
    return row


def check_shape(row, facts):
    """Length, choice and kind of each fact, as the model declares them."""
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - set(facts))
    except ValidationError as wrong:
        name, errors = next(iter(wrong.error_dict.items()))
        label = row._meta.get_field(name).verbose_name
        raise Refusal(f"{label}: {' '.join(errors[0].messages)}") from wrong


def only_known(facts: dict, known):
    """A fact that the action does not take is a mistake of the program, not of the officer."""
    if unknown := set(facts) - set(known):
        raise TypeError(f"unknown facts: {', '.join(sorted(unknown))}")


def cleaned_words(text) -> str:
    """What goes into the audit trail: no long numbers in it."""
    with plain_words():
        return columns.clean_words(text)


def cleaned_reason(reason) -> str:
    """As `cleaned_words`, of a reason that is required."""
    reason = cleaned_words(reason)
    if not reason:
        raise Refusal(_("Give the reason."))
    return reason


def one_at_a_time(by):
    """Let the second of an officer's two clicks wait for the first, where no constraint tells them apart."""
    Officer.objects.select_for_update(no_key=True).get(pk=by.pk)


def just_now(rows, by):
    """Rows that the officer entered within the last minute."""
    now = clock.now()
    return rows.filter(created_by=by, created_at__gt=now - A_MOMENT, created_at__lt=now + A_MOMENT)
