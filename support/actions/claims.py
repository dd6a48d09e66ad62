"""The way of a claim once it is drawn up: confirmed by the station, published, approved and paid by the county."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from brokers.actions import must_be_days_of_a_list
from brokers.models import Publication
from laborreg import bulk, clock
from laborreg.columns import clean_date
from laborreg.refusals import Refusal, plain_words
from officers import audit, messages
from support.columns import clean_reason
from support.models import Claim, Scheme
from villages.areas import posted_at
from villages.models import County


@dataclass(frozen=True)
class Step:
    """From which states to which; the word in the trail; who may, at the claim's township."""

    before: tuple[str, ...]
    after: str
    verb: str
    power: str


STEPS = {
    "confirm": Step(("drawn",), "confirmed", "confirmed a claim", "confirm claims"),
    "send_back": Step(("confirmed", "published"), "drawn", "sent a claim back", "pay brokers"),
    "publish": Step(("confirmed",), "published", "published a claim", "pay brokers"),
    "approve": Step(("published",), "approved", "approved a claim", "pay brokers"),
    "mark_paid": Step(("approved",), "paid", "paid a claim", "pay brokers"),
}
DAY = timedelta(days=1)


@transaction.atomic
def confirm(claims: Iterable[Claim], *, by):
    """The station vouches for the workers of the claims."""
    claims = _held("confirm", claims, by)
    for claim in claims:
        if not claim.amount:
            sentence = _("Nothing is paid to %(name)s by this claim, so there is nothing to confirm.")
            raise Refusal(sentence % {"name": claim.broker.name})
    _take("confirm", claims, by, confirmed_by=by, confirmed_at=clock.now(), sent_back_reason="")


@transaction.atomic
def send_back(claims: Iterable[Claim], *, by, reason):
    """Back to what is only drawn up, with a reason; what is approved stays as it was approved."""
    with plain_words():
        reason = clean_reason(reason)
    # Not while the scheme is being drawn up: the drawing fills what is only drawn up.
    claims = list(claims)
    schemes = {claim.scheme_id for claim in claims}
    list(Scheme.objects.select_for_update(no_key=True).filter(pk__in=schemes).order_by("pk"))
    claims = _held("send_back", claims, by)
    changes = {"confirmed_by": None, "confirmed_at": None, "publication": None, "sent_back_reason": reason}
    _take("send_back", claims, by, detail={"reason": reason}, **changes)
    text = gettext_noop("The claim of %(name)s for %(year)s was sent back: %(reason)s")
    stations = posted_at({claim.township_id for claim in claims})
    messages.send_many(
        messages.Letter(stations[claim.township_id], text, {
            "name": claim.broker.name, "year": claim.year, "reason": reason,
        }, reverse("claim", args=[claim.pk])) for claim in claims
    )


@transaction.atomic
def publish(claims: Iterable[Claim], *, by, from_on, to_on) -> Publication:
    """Hang the list out for objection from `from_on` to `to_on`, both included.

    Several lists may hang at once, a township's each; a claim stands in one, as only a confirmed one is taken.
    """
    claims = _held("publish", claims, by)
    first, county = claims[0], County.objects.get(pk=claims[0].county_id)
    with plain_words():
        from_on, to_on = clean_date(from_on), clean_date(to_on)
    if any((claim.scheme_id, claim.year) != (first.scheme_id, first.year) for claim in claims):
        raise Refusal(_("A list holds claims of one scheme and year."))
    _must_be_its_days(county, claims, from_on, to_on)
    publication = Publication.objects.create(
        county=county, place_code=county.code, subject="claims", from_on=from_on, to_on=to_on, by=by, at=clock.now(),
    )
    days = {"from_on": from_on.isoformat(), "to_on": to_on.isoformat()}
    _take("publish", claims, by, detail=days, publication=publication)
    return publication


def _must_be_its_days(county, claims, from_on: date, to_on: date):
    must_be_days_of_a_list(county, from_on, to_on)
    confirmed = max(timezone.localtime(claim.confirmed_at).date() for claim in claims)
    if from_on < confirmed:
        raise Refusal(_("The list begins before its last claim was confirmed, on %(day)s.") % {"day": confirmed})


@transaction.atomic
def approve(claims: Iterable[Claim], *, by):
    """The county owes the amount from now on, as it stands; after the list has hung out its days."""
    claims = _held("approve", claims, by)
    for claim in claims:
        if claim.publication.to_on >= clock.today():
            raise Refusal(_("The list with %(name)s hangs out until %(day)s; approve it from the day after on.") % {
                "name": claim.broker.name, "day": claim.publication.to_on,
            })
    over = Q(publication__to_on__lt=clock.today())
    _take("approve", claims, by, over, approved_by=by, approved_at=clock.now())


@transaction.atomic
def mark_paid(claims: Iterable[Claim], *, by, on):
    """The money went out on a day."""
    claims = _held("mark_paid", claims, by)
    with plain_words():
        on = clean_date(on)
    approved = max(timezone.localtime(claim.approved_at).date() for claim in claims)
    if not approved <= on <= clock.today():
        raise Refusal(_("The day lies between the approval (%(day)s) and today.") % {"day": approved})
    _take("mark_paid", claims, by, detail={"on": on.isoformat()}, paid_on=on, paid_by=by)


@transaction.atomic
def drop_drawn(scheme, year, *, by) -> int:
    """Take away the claims of a scheme and year that are only drawn up, so that their workers count elsewhere."""
    by.must("pay brokers", at=scheme.county_id)
    numbers = list(scheme.claims.select_for_update(no_key=True).filter(year=year, state="drawn").values_list("pk", flat=True))
    if not numbers:
        raise Refusal(_("No claim of this scheme and year is only drawn up."))
    Claim.objects.filter(bulk.among(Claim, "id", numbers)).delete()
    audit.record("dropped claims", scheme, by=by, place=scheme.county_id, detail={"year": year, "claims": len(numbers)})
    return len(numbers)


def _rows(claims) -> list[Claim]:
    """The claims as they are now, locked."""
    numbers = [claim.pk for claim in claims]
    if not numbers:
        return []
    found = Claim.objects.filter(bulk.among(Claim, "id", numbers)).select_for_update(no_key=True, of=("self",))
    return list(found.select_related("broker__village__township", "publication", "scheme"))


def _held(step, claims, by) -> list[Claim]:
    """The claims as they are now, each of them as it was seen, ready for the step and the officer's to take."""
    seen = {claim.pk: claim.version for claim in claims}
    claims = _rows(claims)
    if not claims:
        raise Refusal(_("No claim is chosen."))
    if len({claim.county_id for claim in claims}) > 1:
        raise Refusal(_("The claims belong to several counties."))
    for claim in claims:
        by.must(STEPS[step].power, at=claim.township_id)
        if claim.state not in STEPS[step].before:
            raise Refusal(_("The claim of %(name)s is “%(state)s” meanwhile; look at it again.") % {
                "name": claim.broker.name, "state": claim.get_state_display(),
            })
        if claim.version != seen[claim.pk]:
            raise Refusal(_("Somebody changed one of these claims meanwhile. Look at them again."))
        if step in ("confirm", "approve") and claim.broker.is_barred:
            raise Refusal(_("%(name)s is suspended or revoked; nothing is confirmed or approved for now.") % {
                "name": claim.broker.name,
            })
    return claims


def _take(step, claims, by, *conditions, detail=None, **changes):
    """One conditional UPDATE: of two officers who click, the second is refused."""
    rows = Claim.objects.filter(bulk.among(Claim, "id", [claim.pk for claim in claims]), *conditions)
    rows = rows.filter(state__in=STEPS[step].before)
    taken = rows.update(state=STEPS[step].after, version=F("version") + 1, **changes)
    if taken != len(claims):
        raise Refusal(_("Somebody changed one of these claims meanwhile. Look at them again."))
    audit.record_many([
        (STEPS[step].verb, claim, claim.township_id, {"persons": claim.persons, "yuan": claim.amount} | (detail or {}), by)
        for claim in claims
    ])
