"""The township reports up: its head's word that the month is complete, valid for the versions that it was given for."""

from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from laborreg import clock
from laborreg.columns import words
from laborreg.identity import clean_name
from laborreg.months import Month
from laborreg.refusals import Refusal, plain_words
from officers import audit, messages
from officers.roles import COUNTY
from reports.deadlines import deadlines
from reports.models import SUBMITTED, MonthlyReturn, Seal, TownshipReport
from reports.progress import Missing, missing
from villages.areas import posted_at
from villages.models import County, Township


@dataclass(frozen=True)
class Standing:
    """A township's newest report, and whether its returns are still those that were reported."""

    report: TownshipReport
    is_valid: bool


def standings(county: County, month: Month) -> dict[str, Standing]:
    """{township: its newest report} of a county's month, with two queries."""
    rows = TownshipReport.objects.filter(county=county, month=month).select_related("by").order_by("number")
    newest = {row.township_id: row for row in rows}
    prints = _fingerprints(MonthlyReturn.objects.filter(county=county, month=month)) if newest else {}
    return {code: Standing(row, prints.get(code) == row.fingerprint) for code, row in newest.items()}


def standing(township: Township, month: Month) -> Standing | None:
    report = TownshipReport.objects.filter(township=township, month=month).select_related("by").last()
    if report is None:
        return None
    return Standing(report, fingerprint(township, month) == report.fingerprint)


def reasons(county: County, month: Month) -> dict[str, str]:
    """Why villages are missing, as their stations reported it."""
    found = [each.report.missing for each in standings(county, month).values() if each.is_valid]
    return {code: reason for missing in found for code, reason in missing.items()}


def fingerprint(township: Township, month: Month) -> str:
    """Of which version of each village counts."""
    rows = MonthlyReturn.objects.under(township.code).filter(month=month)
    return _fingerprints(rows).get(township.code, "")


def _fingerprints(returns) -> dict[str, str]:
    said: dict[str, list[str]] = {}
    for village, counted in returns.order_by("village_id").values_list("village_id", "counted_id"):
        said.setdefault(village[:9], []).append(f"{village}:{counted or ''}")
    return {code: sha256(",".join(parts).encode()).hexdigest() for code, parts in said.items()}


def out_of(township: Township, month: Month) -> list[Missing]:
    """The villages of the township that are not in: each is named with a reason."""
    return missing(MonthlyReturn.objects.under(township.code).filter(month=month))


@transaction.atomic
def report_up(township: Township, month: Month, *, by, head_name: str, missing: dict[str, str], seen: str):
    """Report the month to the county under the head's name. `seen`: the fingerprint of what the page showed."""
    by.must("report up", at=township)
    with plain_words():
        head_name = clean_name(head_name)
        missing = {code: words(200)(reason) for code, reason in missing.items()}
    # Held, so that none changes while the rest is looked at; and of two clicks the second finds the first one's report.
    held = list(MonthlyReturn.objects.select_for_update(no_key=True).under(township.code).filter(month=month))
    _may_report(township, month, held, missing)
    now = fingerprint(township, month)
    if now != seen:
        raise Refusal(_("Some of these returns were changed meanwhile; look again."))
    before = standing(township, month)
    if before and before.is_valid:
        raise Refusal(_("%(month)s of %(township)s is reported already.") % {
            "month": month.label, "township": township.label,
        })
    report = TownshipReport.objects.create(
        county_id=township.county_id, township=township, month=month, head_name=head_name, missing=missing, by=by,
        number=before.report.number + 1 if before else 1, fingerprint=now, at=clock.now(),
    )
    _tell_county(report)
    audit.record("reported up", report, by=by, place=township.code, detail={"month": str(month), "missing": missing})
    return report


def _may_report(township, month, held, reasons):
    if not held:
        raise Refusal(_("There is no return to work on."))
    if not deadlines(township.county, month).is_open:
        raise Refusal(_("%(month)s is not over yet.") % {"month": month.label})
    if is_locked(township, month):
        raise Refusal(_("%(month)s is locked already.") % {"month": month.label})
    waiting = sum(ret.state == SUBMITTED for ret in held)
    if waiting:
        said = ngettext("%(n)d return is not approved yet.", "%(n)d returns are not approved yet.", waiting)
        raise Refusal(said % {"n": waiting})
    out = out_of(township, month)
    if silent := _(", ").join(row.village.label for row in out if not reasons.get(row.village.code)):
        raise Refusal(_("Give a reason for each village that is missing: %(names)s.") % {"names": silent})
    if set(reasons) - {row.village.code for row in out}:
        raise Refusal(_("Some of these returns were changed meanwhile; look again."))


def is_locked(township, month) -> bool:
    """Whether the county sealed the month: there is nothing to report up any more."""
    return Seal.objects.filter(county_id=township.county_id, month=month).exists()


def _tell_county(report: TownshipReport):
    bureau = [officer for officer in posted_at([report.county_id])[report.county_id] if officer.role == COUNTY]
    messages.send(
        bureau, gettext_noop("%(township)s reports %(month)s, signed %(head)s."),
        values={"township": report.township.short_name, "month": report.month, "head": report.head_name},
        url=reverse("board", args=[report.month]),
    )
