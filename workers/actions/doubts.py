"""What an officer says of a doubt: it is right as it is. Mending needs no action of its own: the doubt is gone with it."""

from django.db import transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from workers.actions.keeping import cleaned_reason
from workers.models import Doubt
from workers.refusals import AlreadyRecorded


@transaction.atomic
def set_aside(doubt, *, by, reason) -> Doubt:
    """The values are right, for a reason; remembered until they change."""
    doubt = _held(doubt, by)
    reason = cleaned_reason(reason)
    if doubt.settled_at:
        raise AlreadyRecorded(_("This doubt is set aside already: %(reason)s") % {"reason": doubt.settled_why}, doubt)
    doubt.settled_at, doubt.settled_by, doubt.settled_why = clock.now(), by, reason
    return _keep("set aside doubt", doubt, by, reason=reason)


@transaction.atomic
def take_up(doubt, *, by) -> Doubt:
    """It is in doubt again."""
    doubt = _held(doubt, by)
    if not doubt.settled_at:
        raise AlreadyRecorded(_("This doubt is open already."), doubt)
    doubt.settled_at, doubt.settled_by, doubt.settled_why = None, None, ""
    return _keep("took up doubt", doubt, by)


def _held(doubt, by) -> Doubt:
    """Locked; a doubt whose record was mended meanwhile is gone."""
    found = Doubt.objects.select_for_update(no_key=True).filter(pk=doubt.pk).first()
    if found is None:
        raise Refusal(_("This was mended meanwhile."))
    by.must("enter records", at=found.village_id)
    return found


def _keep(verb, doubt, by, **detail) -> Doubt:
    doubt.save(update_fields=["settled_at", "settled_by", "settled_why"])
    audit.record(verb, doubt, by=by, place=doubt.village_id, detail={"rule": doubt.rule} | detail)
    return doubt
