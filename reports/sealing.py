"""Sealing (封存): once every expected village of a county is locked, its totals are fixed with a hash and a signer."""

import json
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers import audit
from officers.models import Officer
from reports import totals
from reports.models import LOCKED, OPEN_AGAIN, REOPENED, MonthlyReturn, Seal, SealTotal
from villages.models import County, Village


def waiting(county: County, month: Month) -> list[str]:
    """Codes of villages that are expected to file and have no locked version that counts."""
    of_month = MonthlyReturn.objects.filter(county=county, month=month)
    locked = of_month.filter(Q(state__in=[LOCKED, REOPENED]) | OPEN_AGAIN)
    expected = Village.objects.under(county.code).filing_in(month)
    return list(expected.exclude(pk__in=locked.values("village_id")).values_list("code", flat=True))


@transaction.atomic
def seal_if_complete(county: County, month: Month, *, by: Officer, missing: dict[str, str], anew=False) -> Seal | None:
    """Seal the month, or None while villages are out that `missing` gives no reason for.

    `anew`: returns of a sealed month were locked again; it is sealed as the next version, so that its totals are
    those of its villages. What was missing stays missing, for the reasons given then.
    """
    out, before = waiting(county, month), totals.newest_seal(county, month)
    if before and not anew:
        return None
    if missing:
        _refuse_those_that_are_in(county, month, missing)
    reasons = {code: missing.get(code) or (before.missing.get(code, "") if before else "") for code in out}
    if not all(reasons.values()):
        if missing:
            names = _(", ").join(v.label for v in Village.objects.filter(code__in=[c for c in out if not reasons[c]]))
            raise Refusal(_("Give a reason for each village that is missing: %(names)s.") % {"names": names})
        return None
    return _seal(county, month, by, reasons)


def _refuse_those_that_are_in(county, month, missing):
    """Only a village that filed nothing is left out: one that did would count in the seal without being locked."""
    rows = MonthlyReturn.objects.filter(county=county, month=month, counted__isnull=False)
    there = rows.filter(village_id__in=missing).select_related("village")
    if names := _(", ").join(ret.village.label for ret in there):
        raise Refusal(
            _("These villages are in: %(names)s. Approve and lock them, or send them back.") % {"names": names}
        )


def _seal(county, month, by, missing) -> Seal:
    rules = county.rules_from(month).as_counted()
    sums = totals.sums_of_returns(county.code, month, at=9)
    areas = {county.code: totals.add(sums.values())} | {
        township.code: sums.get(township.code) or totals.nothing() for township in county.townships.all()
    }
    number = Seal.objects.filter(county=county, month=month).count() + 1
    seal = Seal.objects.create(
        county=county, month=month, number=number, sealed_by=by, sealed_at=clock.now(), rules=rules, missing=missing,
        hash=digest(county.code, month, number, rules, missing, areas),
    )
    expected, received = totals.expected_by(county.code, month, 9), totals.received_by(county.code, month, 9)
    rows = []
    for code, figures in areas.items():
        row = SealTotal(
            seal=seal, area_code=code, month=month,
            expected=sum(n for area, n in expected.items() if area.startswith(code)),
            received=sum(n for area, n in received.items() if area.startswith(code)),
            **SealTotal.columns_of(figures),
        )
        rows.append(row)
    SealTotal.objects.bulk_create(rows, batch_size=10)
    audit.record("sealed", seal, by=by, place=county.code,
                 detail={"month": str(month), "hash": seal.hash, "missing": missing})
    return seal


def digest(county_code, month, number, rules, missing, areas) -> str:
    said = [county_code, str(month), number, rules, missing, sorted((c, sorted(f.items())) for c, f in areas.items())]
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
