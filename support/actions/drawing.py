"""Claims drawn up out of the ledger: every broker's of a year, with each stay that counts or does not."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from brokers.models import Broker
from laborreg import bulk, clock
from laborreg.refusals import Refusal
from officers import audit
from support.counting import Counting
from support.models import Claim, ClaimLine, Scheme
from support.schemes import grid_of


@dataclass(frozen=True)
class Drawing:
    """What a drawing up made: broker → (persons, yuan), before and now."""

    before: dict[int, tuple[int, int]]
    now: dict[int, tuple[int, int]]

    @property
    def new(self) -> set[int]:
        return self.now.keys() - self.before.keys()

    @property
    def gone(self) -> set[int]:
        return self.before.keys() - self.now.keys()

    @property
    def changed(self) -> set[int]:
        return {broker for broker in self.now.keys() & self.before.keys() if self.now[broker] != self.before[broker]}

    @property
    def unchanged(self) -> set[int]:
        return self.now.keys() - self.new - self.changed


def why_not(scheme, year) -> str | None:
    """Why no claim of the year is drawn up under the scheme; None where nothing is in the way."""
    if not scheme.holds_in(year):
        return _("The scheme does not hold in %(year)d.") % {"year": year}
    if year >= clock.today().year:
        return _("%(year)d is not over; its claims are drawn up from 1 January on.") % {"year": year}
    if not grid_of(scheme).is_complete:
        return _("The amounts of the scheme are not complete; no claim is drawn up before they are.")
    return None


@transaction.atomic
def draw_up(scheme, year, *, by, place=None, broker=None) -> Drawing:
    """Count the year and keep what counts, for a broker, a place, or the whole county.

    Claims that are only drawn up are counted anew; those that went on stay as they are.
    """
    at = broker.village_id if broker else getattr(place, "code", place) or scheme.county_id
    if not by.may("pay brokers", at=at):
        by.must("confirm claims", at=at)
    # One drawing of a scheme at a time; nobody changes the scheme meanwhile.
    scheme = Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
    if not at.startswith(scheme.county_id):
        raise Refusal(_("The scheme belongs to another county."))
    if refusal := why_not(scheme, year):
        raise Refusal(refusal)
    asked = {"place": at} if broker is None else {"brokers": [broker.pk]}
    drawing = _draw(Counting(scheme, year, **asked), by)
    audit.record("drew up claims", scheme, by=by, place=at, detail={
        "year": year, "claims": len(drawing.now), "persons": sum(persons for persons, _yuan in drawing.now.values()),
        "yuan": sum(yuan for _persons, yuan in drawing.now.values()),
    })
    return drawing


def _draw(counting, by) -> Drawing:
    drawn = _drawn(counting)
    old = list(drawn.select_for_update(no_key=True))
    before = {claim.broker_id: (claim.persons, claim.amount) for claim in old}
    now, numbers = clock.now(), [claim.pk for claim in old]
    if numbers:
        ClaimLine.objects.filter(bulk.among(ClaimLine, "claim", numbers)).delete()
        Claim.objects.filter(bulk.among(Claim, "id", numbers)).update(
            drawn_by=by, drawn_at=now, version=F("version") + 1)
    with bulk.room_for_indexes():
        _fill(counting, by, now)
    drawn.filter(lines__isnull=True).delete()
    _sum(drawn)
    return Drawing(before, _shown(drawn))


def _fill(counting, by, now):
    try:
        with transaction.atomic():
            counting.insert_claims(by=by, at=now)
            counting.insert_lines()
    except IntegrityError as error:
        if not any(name in str(error) for name in ("paid_once_a_year", "claimline.worker_id", "claimline.transfer_id")):
            raise
        raise Refusal(_(
            "Claims of another scheme were drawn up at the same moment for the same workers. Nothing was kept; draw up again."
        )) from error


def _of_year(counting):
    """The claims of the counting's scheme, year and brokers."""
    claims = Claim.objects.filter(scheme=counting.scheme, year=counting.year)
    if counting.brokers is not None:
        return claims.filter(broker__in=counting.brokers)
    return claims.filter(broker__in=Broker.objects.under(counting.place))


def _drawn(counting):
    return _of_year(counting).filter(state="drawn")


def _shown(claims) -> dict[int, tuple[int, int]]:
    return {broker: (persons, amount) for broker, persons, amount in claims.values_list("broker", "persons", "amount")}


def _sum(claims):
    """Persons and amount of each claim, out of its lines."""
    lines = ClaimLine.objects.filter(claim=OuterRef("pk")).order_by().values("claim")
    persons = lines.annotate(n=Count("pk", filter=Q(verdict="counts"))).values("n")
    yuan = lines.annotate(n=Sum("amount")).values("n")
    claims.update(persons=Coalesce(Subquery(persons), 0), amount=Coalesce(Subquery(yuan), 0))


def drawable(county_code) -> list[tuple[Scheme, int]]:
    """Schemes of a county with each year that is over and in which they hold, the newest year first."""
    last = clock.today().year - 1
    found = []
    for scheme in Scheme.objects.filter(county=county_code).prefetch_related("bands"):
        until = min(scheme.year_to or last, last)
        found += [(scheme, year) for year in range(max(scheme.year_from, last - 9), until + 1)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].name))


def would_be(scheme, year, *, places) -> Drawing:
    """What drawing up would make at some places, without keeping it."""
    before, now = {}, {}
    for place in places:
        counting = Counting(scheme, year, place=place)
        gone_on = set(_of_year(counting).exclude(state="drawn").values_list("broker", flat=True))
        before |= _shown(_drawn(counting))
        now |= {
            broker: (count.persons, count.amount) for broker, count in counting.counts().items() if broker not in gone_on
        }
    return Drawing(before, now)
