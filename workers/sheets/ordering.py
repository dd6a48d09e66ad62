"""Rosters asked for: a short one is written at once, a long one by the worker, in the language of who asked."""

import logging
import secrets

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_tasks import task

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit, jobs, messages
from workers.listing import Query
from workers.models import ExportRequest, Roster
from workers.sheets import approving, rosters, storing

logger = logging.getLogger(__name__)


def order(wanted, *, by) -> Roster:
    """The roster, ready or waiting for the worker."""
    wanted = rosters.checked(wanted, by)
    return _order(wanted, _allowed(wanted, by), by)


def _allowed(wanted, by) -> ExportRequest | None:
    return approving.must_be_allowed(approving.of_roster(wanted), wanted.size[1], by=by, place=wanted.place)


def order_approved(request, *, by) -> Roster:
    """What was approved, for who asked, with the rows of today; a second click answers with what the first one made."""
    if request.roster:
        return request.roster
    wanted = rosters.checked(_wanted_of(request, clock.today()), by)
    return _order(wanted, approving.not_grown(request, wanted.size[1]), by)


def _order(wanted, approved, by) -> Roster:
    if not wanted.is_long:
        return _make(wanted, approved, by)
    roster = _new(wanted, by)
    # How many rows it will be, until it is known how many it was.
    roster.rows = wanted.size[1]
    with transaction.atomic():
        roster.save()
        if approved:
            approving.use(approved, roster)
        _hand_over(roster)
    return roster


def ask(wanted, *, by, reason) -> ExportRequest:
    """The same list, put before a second person."""
    wanted = rosters.checked(wanted, by)
    if wanted.narrowed.get("q") == audit.HIDDEN:
        raise Refusal(_("Narrow the list otherwise than by a number: that is not kept, and so cannot be approved."))
    return approving.ask(approving.of_roster(wanted), wanted.size[1], by=by, place=wanted.place, reason=reason)


def _wanted_of(request, day) -> rosters.Wanted:
    """The list of an approved request, for who asked, as far as that officer sees today."""
    query = Query(request.asked_by, request.narrowed, day)
    wanted = rosters.Wanted(request.kind, query, request.columns, request.is_full, request.reason, request.file_type)
    if query.asked != request.narrowed or wanted.place != request.place_code:
        raise rosters.unknown()
    return wanted


def _make(wanted, approved, by) -> Roster:
    """The file; an approval is used up before it is written, and given back where nothing came of it."""
    roster = _new(wanted, by)
    if approved is None:
        return rosters.make(roster, wanted)
    with transaction.atomic():
        roster.save()
        approving.use(approved, roster)
    try:
        return rosters.make(roster, wanted)
    except BaseException:
        approving.give_back(roster)
        roster.delete()
        raise


def _hand_over(roster):
    write.enqueue(roster.pk, translation.get_language())


def at_once(wanted, *, by) -> Roster:
    """However long it is: for who waits at a command line."""
    wanted = rosters.checked(wanted, by)
    return _make(wanted, _allowed(wanted, by), by)


def _new(wanted, by) -> Roster:
    return Roster(
        county_id=by.county_code, place_code=wanted.place, kind=wanted.kind, narrowed=wanted.narrowed,
        columns=wanted.columns, is_full=wanted.is_full, reason=wanted.reason, file_type=wanted.file_type,
        state="waiting", stored_as=secrets.token_urlsafe(24), made_at=clock.now(), made_by=by,
    )


@task()
def write(number, language):
    """Write a roster that waits, and tell the officer, who may be elsewhere by now."""
    roster = Roster.objects.filter(pk=number, state="waiting").select_related("made_by").first()
    if roster is None:
        return
    with translation.override(language):
        try:
            wanted = rosters.of(roster, clock.today())
            _still_allowed(roster, wanted)
            rosters.make(roster, wanted)
        except Refusal as refused:
            fail(roster, refused.message)
        except Exception:
            logger.exception("A roster could not be written: %s", roster.pk)
            fail(roster, _("The program itself failed at this list. Tell whoever looks after the registry."))
    tell(roster)


def _still_allowed(roster, wanted):
    """By the limit of the moment when the list is written: while it waited, that or the list may have changed."""
    if approved := ExportRequest.objects.filter(roster=roster).first():
        approving.not_grown(approved, wanted.size[1])
    elif approved := _allowed(wanted, roster.made_by):
        approving.use(approved, roster)


def fail(roster, words):
    storing.forget(roster.stored_as)
    approving.give_back(roster)
    Roster.objects.filter(pk=roster.pk).update(state="failed", stored_as="", failure=str(words)[:300])


def tell(roster):
    roster.refresh_from_db(fields=["state"])
    sentence = gettext_noop("Your list is ready to download.") if roster.state == "ready" else gettext_noop(
        "Your list could not be written."
    )
    messages.send([roster.made_by], sentence, url=reverse("roster", args=[roster.pk]))


def recover():
    """After a worker died: what it was at has failed, and can be asked for again."""
    queued = {args[0] for args in jobs.waiting(write)}
    for roster in Roster.objects.filter(state="waiting").exclude(pk__in=queued).select_related("made_by"):
        with translation.override(roster.made_by.language or "zh-hans"):
            fail(roster, _("The computer stopped in the middle of the work. Export the list again."))
