"""What an officer does about cooperation points: register, edit, stop, take up again.

A point serves the whole county; a township's station may register for its county.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jobs.columns import BY_NAME
from jobs.models import CooperationPoint
from laborreg import clock
from laborreg.columns import clean_date
from laborreg.refusals import Refusal, Stale, plain_words
from officers import audit
from officers.roles import NotYours
from villages import destinations

POWER = "register points"


@transaction.atomic
def register_point(*, by, name, destination, **facts) -> CooperationPoint:
    """A new cooperation point of the officer's county."""
    _must(by, by.county_code)
    point = CooperationPoint(county_id=by.county_code)
    _write(point, {"name": name, "destination": destination} | facts)
    _keep(point)
    audit.record("registered a cooperation point", point, by=by, place=point.county_id)
    return point


@transaction.atomic
def edit_point(point, *, by, version, **changes) -> CooperationPoint:
    """Change facts of a point as the officer saw them in `version`."""
    point = _held(point, by, version)
    _write(point, changes)
    _keep(point)
    detail = {"changed": sorted(changes)}
    audit.record("edited a cooperation point", point, by=by, place=point.county_id, detail=detail)
    return point


@transaction.atomic
def stop_point(point, *, by, version, stopped_on=None) -> CooperationPoint:
    """From this day the point is not offered any more; who went through it stays in the ledger."""
    point = _held(point, by, version)
    with plain_words():
        day = clean_date(stopped_on or clock.today())
    if point.stopped_on:
        raise Refusal(_("%(name)s stopped on %(day)s already.") % {"name": point.name, "day": point.stopped_on})
    if day > clock.today():
        raise Refusal(_("The day is in the future."))
    if point.signed_on and day < point.signed_on:
        raise Refusal(_("The point was signed on %(day)s; it cannot stop before.") % {"day": point.signed_on})
    point.stopped_on = day
    point.save()
    detail = {"on": day.isoformat()}
    audit.record("stopped a cooperation point", point, by=by, place=point.county_id, detail=detail)
    return point


@transaction.atomic
def resume_point(point, *, by, version) -> CooperationPoint:
    """The point works again, as if never stopped."""
    point = _held(point, by, version)
    if not point.stopped_on:
        raise Refusal(_("%(name)s has not stopped.") % {"name": point.name})
    point.stopped_on = None
    point.save()
    audit.record("resumed a cooperation point", point, by=by, place=point.county_id)
    return point


def _must(by, county_code):
    by.must(POWER)
    if not county_code or county_code not in {post[:6] for post in by.posts}:
        raise NotYours(POWER)


def _held(point, by, version) -> CooperationPoint:
    """The row as it is now, locked, if it is the one that the officer saw."""
    current = CooperationPoint.objects.select_for_update(no_key=True).get(pk=point.pk)
    _must(by, current.county_id)
    if current.version != int(version):
        raise Stale(current)
    current.version += 1
    return current


def _write(point, facts):
    with plain_words():
        for name, value in facts.items():
            setattr(point, name, BY_NAME[name].clean(value))
        point.destination = destinations.clean(point.destination, county=point.county_id)
    if point.signed_on and point.signed_on > clock.today():
        raise Refusal(_("The day of signing is in the future."))
    if point.stopped_on and point.signed_on and point.stopped_on < point.signed_on:
        raise Refusal(_("The point stopped on %(day)s, before this signing.") % {"day": point.stopped_on})


def _keep(point):
    """Save; the database refuses a second point of the same name in the county."""
    try:
        with transaction.atomic():
            point.save()
    except IntegrityError as error:
        if not CooperationPoint.objects.filter(county=point.county_id, name=point.name).exclude(pk=point.pk).exists():
            raise
        raise Refusal(_("The county has a point named %(name)s already.") % {"name": point.name}) from error
