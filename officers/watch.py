"""The nightly look through the trails for what is unusual, and what an officer says of it."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg import clock
from laborreg.columns import words
from laborreg.refusals import Refusal, plain_words
from officers import audit, patterns
from officers.messages import send
from officers.models import AuditEvent, Officer, Unusual
from officers.patterns import Entry, Trail
from officers.verbs import OPENED, SHOWN

# A night that was missed, and a week of them, is made up for.
DAYS_BACK = 7
USUAL_DAYS = 30
# What an event's file held, by the detail that tells it.
ROWS = ("rows", "persons", "claims")
# Files that have no other kind of numbers.
IN_FULL = {"listed accounts", "fetched a marked sheet"}


def look(day: date | None = None) -> list[Unusual]:
    """Look through the day, or the last seven whole ones, in every county; what is found again stays as it is."""
    # A day ends at six the next morning.
    running = (timezone.localtime(clock.now()) - timedelta(hours=patterns.MORNING)).date()
    days = [day] if day else [running - timedelta(days=n) for n in range(DAYS_BACK, 0, -1)]
    counties = [county for county in audit.counties() if county != audit.NOWHERE]
    return [unusual for county in counties for unusual in _look_at(county, days)]


@transaction.atomic
def _look_at(county, days) -> list[Unusual]:
    entries, arrivals = _entries(county, days[0], days[-1]), _last_signed_in(county, days[0])
    new = []
    for day in days:
        today = [entry for entry in entries if entry.day == day]
        before = [entry for entry in entries if day - timedelta(days=USUAL_DAYS) <= entry.day < day]
        new += _unusual(county, day, Trail(today, before, dict(arrivals)))
        arrivals |= {entry.by: entry.at for entry in today if entry.verb == patterns.SIGNED_IN}
    if new:
        tell(county, len(new))
    return new


def _unusual(county, day, trail) -> list[Unusual]:
    hits = [(name, hit) for name, pattern in patterns.PATTERNS.items() for hit in pattern.find(trail)]
    return [unusual for name, hit in hits if (unusual := _keep(county, name, day, hit))]


def _keep(county, name, day, hit) -> Unusual | None:
    """The new row; None where the hit is known, or nothing of it happened in this county."""
    own = [entry.number for entry in hit.entries if entry.number > 0]
    if not own:
        return None
    unusual, is_new = Unusual.objects.get_or_create(
        county_code=county, pattern=name, day=day, key=hit.key,
        defaults={"officer_id": hit.officer, "numbers": own, "counted": hit.counted},
    )
    return unusual if is_new else None


def _entries(county, first: date, last: date) -> list[Entry]:
    """In the order of time: all of the days, and of the thirty before what makes an officer's usual, and who had whose account.

    Of the chain of no county, where attempts on accounts stand that do not exist, only these, with numbers below zero.
    """
    usual = Q(verb__in=SHOWN | OPENED, at__gte=_morning(first - timedelta(days=USUAL_DAYS)))
    events = AuditEvent.objects.filter(
        Q(county_code=county) | Q(county_code=audit.NOWHERE, verb=patterns.REFUSED),
        usual | Q(at__gte=_morning(first)), at__lt=_morning(last + timedelta(days=1)),
    )
    columns = ["county_code", "number", "at", "by_id", "verb", "subject_id", "address", "detail"]
    return [_entry(*row) for row in events.order_by("at", "number").values_list(*columns).iterator()]


def _entry(county, number, at, by, verb, subject, address, detail) -> Entry:
    rows = next((detail[name] for name in ROWS if isinstance(detail.get(name), int)), 0)
    return Entry(
        -number if county == audit.NOWHERE else number, timezone.localtime(at), by, verb,
        detail.get("account", "") or subject, address or detail.get("address", ""), rows,
        detail.get("numbers") == "full" or verb in IN_FULL,
    )


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(patterns.MORNING)))


def _last_signed_in(county, day) -> dict[int, datetime]:
    earlier = AuditEvent.objects.filter(county_code=county, verb=patterns.SIGNED_IN, at__lt=_morning(day))
    return dict(earlier.order_by().values_list("by_id").annotate(last=Max("at")))


def tell(county, count):
    """One message a county and night to those who see its trail."""
    watchers = [officer for officer in Officer.objects.filter(is_active=True) if _watches(officer, county)]
    text = gettext_noop("The audit trail of the last days has something unusual: %(count)s to look at.")
    send(watchers, text, values={"count": count}, url=reverse("unusual"))


def _watches(officer, county) -> bool:
    return officer.may("see audit", at=county)


def is_own(unusual: Unusual, officer) -> bool:
    """Whether it is about the officer's account, or about what that account did."""
    events = AuditEvent.objects.filter(county_code=unusual.county_code, number__in=unusual.numbers)
    return unusual.officer_id == officer.pk or events.filter(by=officer).exists()


@transaction.atomic
def look_at(unusual: Unusual, note: str, *, by) -> Unusual:
    """Somebody has looked at it; whose doing it was does not close it alone."""
    by.must("see audit", at=unusual.county_code)
    if is_own(unusual, by):
        raise Refusal(_("This is about your own account: somebody else has to look at it."))
    with plain_words():
        note = words(500, missing=_("Write what you found."))(note)
    held = Unusual.objects.filter(pk=unusual.pk, looked_by__isnull=True)
    if not held.update(looked_by=by, looked_at=clock.now(), note=note):
        raise Refusal(_("Somebody has looked at this already."))
    unusual.refresh_from_db()
    audit.record("looked at something unusual", unusual, by=by, place=unusual.county_code,
                 detail={"pattern": unusual.pattern, "on": unusual.day.isoformat(), "reason": unusual.note})
    return unusual
