"""Tables saved under a name, renamed and deleted; only by their owner."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from reports.actions.steps import without_numbers
from reports.models import SavedTable
from reports.tables import asking
from reports.tables.counting import Question

POWER = "see totals"


def save_table(question: Question, *, name: str, sharing: str, by) -> SavedTable:
    """Keep a question under a name, of which its owner has one each."""
    by.must(POWER, at=question.area)
    table = SavedTable(
        county_id=question.area[:6], owner=by, name=_name(name), sharing=_sharing(sharing), office_code=by.place.code,
        question=asking.spec_of(question), created_at=clock.now(),
    )
    _keep(table, "saved a table", by)
    return table


def rename_table(table: SavedTable, *, name: str, sharing: str, by):
    _must_own(table, by)
    table.name, table.sharing = _name(name), _sharing(sharing)
    _keep(table, "renamed a table", by)


@transaction.atomic
def delete_table(table: SavedTable, *, by):
    _must_own(table, by)
    audit.record("deleted a table", table, by=by, place=table.county_id, detail={"name": table.name})
    table.delete()


def _keep(table, verb, by):
    try:
        with transaction.atomic():
            table.save()
            audit.record(verb, table, by=by, place=table.county_id, detail={"name": table.name, "sharing": table.sharing})
    except IntegrityError as twice:
        raise Refusal(_("You have a table of this name already. Choose another name.")) from twice


def _must_own(table, by):
    by.must(POWER)
    if table.owner_id != by.pk:
        raise Refusal(_("Only %(name)s, who saved this table, can change it.") % {"name": table.owner.name})


def _name(name: str) -> str:
    name = without_numbers(" ".join(name.split()))
    if not name:
        raise Refusal(_("Give the table a name."))
    if len(name) > 60:
        raise Refusal(_("A name has 60 characters at the most."))
    return name


def _sharing(sharing: str) -> str:
    if sharing not in dict(SavedTable.SHARING):
        raise Refusal(_("Choose who sees the table."))
    return sharing
