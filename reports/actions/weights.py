"""By what weights a county assesses its townships in a year."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from reports.assessment import DEFAULTS, weights_of
from reports.models import AssessmentWeights

WHOLE = 100


def version_of(county: str, year: int) -> int:
    """0 while the defaults hold."""
    return AssessmentWeights.objects.filter(county=county, year=year).values_list("version", flat=True).first() or 0


@transaction.atomic
def set_weights(county, year: int, weights: dict[str, int], *, by, version: int) -> AssessmentWeights:
    """Whole points that add up to 100; a component with 0 counts for nothing."""
    by.must("change settings", at=county)
    if set(weights) != set(DEFAULTS) or not all(0 <= points <= WHOLE for points in weights.values()):
        raise Refusal(_("Each weight is a whole number from 0 to 100."))
    if (total := sum(weights.values())) != WHOLE:
        raise Refusal(_("The weights add up to %(n)d; they must add up to 100.") % {"n": total})
    before = weights_of(county.code, year)
    row = _kept(county, year, weights, version, by)
    changed = {key: f"{before[key]} → {points}" for key, points in weights.items() if points != before[key]}
    audit.record("set weights", row, by=by, place=county.code, detail={"year": year} | changed)
    return row


def _kept(county, year, weights, version, by) -> AssessmentWeights:
    """The second of two who save is told."""
    told = Refusal(_("Somebody changed the weights meanwhile. Look at them again."))
    said = {"weights": weights, "by": by, "at": clock.now()}
    if version:
        rows = AssessmentWeights.objects.filter(county=county, year=year, version=version)
        if not rows.update(version=version + 1, **said):
            raise told
        return AssessmentWeights.objects.get(county=county, year=year)
    try:
        with transaction.atomic():
            return AssessmentWeights.objects.create(county=county, year=year, **said)
    except IntegrityError as error:
        raise told from error
