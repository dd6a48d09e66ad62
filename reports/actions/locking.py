"""The county's steps: locking, and reopening what was locked."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg import clock
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers import messages
from officers.models import Officer
from reports import sealing
from reports.actions.steps import as_looked_at, claim, each, following_of, reset, return_url, take, without_numbers
from reports.models import APPROVED, LOCKED, OPEN_AGAIN, REOPENED, CellMessage, MonthlyReturn, ReturnVersion, Seal
from villages.areas import posted_at
from villages.models import County


@transaction.atomic
def lock(
    county: County, month: Month, *, by: Officer, returns=None, missing: dict[str, str] | None = None
) -> Seal | None:
    """Lock approved returns (all of the month, or those given); seal it once none is missing without a reason."""
    by.must("lock", at=county)
    missing = {code: without_numbers(reason) for code, reason in (missing or {}).items()}
    _hold(county)
    # All of the month are held: meanwhile nothing comes in, and of two who lock the second sees what the first did.
    held = list(MonthlyReturn.objects.select_for_update(no_key=True).filter(county=county, month=month))
    _may_lock(county, month)
    chosen = [ret for ret in held if ret.state == APPROVED] if returns is None else as_looked_at(returns, held)
    if chosen:
        take("lock", chosen, each(by))
        newest = ReturnVersion.objects.filter(pk__in=[ret.newest_id for ret in chosen])
        newest.update(locked_by=by, locked_at=clock.now())
    elif not missing and sealing.waiting(county, month):
        raise Refusal(_("No return of %(month)s is waiting to be locked.") % {"month": month.label})
    return sealing.seal_if_complete(county, month, by=by, missing=missing, anew=bool(chosen))


def _hold(county: County):
    """Locking and reopening go one after the other: each looks at the months beside its own."""
    County.objects.select_for_update(no_key=True).get(pk=county.pk)


def _may_lock(county: County, month: Month):
    if not county.months.filter(month=month).exists():
        raise Refusal(_("%(month)s is not opened.") % {"month": month.label})
    before = county.months.filter(month__lt=month).values_list("month", flat=True)
    sealed = set(Seal.objects.filter(county=county).values_list("month", flat=True))
    for earlier in sorted(before):
        if earlier not in sealed:
            raise Refusal(_("Lock %(month)s first.") % {"month": earlier.label})
    if still_open := open_again(county).filter(month__lt=month).order_by("month").first():
        words = {"month": still_open.month.label}
        raise Refusal(_("%(month)s is reopened: lock it again first, this month opens from it.") % words)
    if month in sealed and not open_again(county).filter(month=month).exists():
        raise Refusal(_("%(month)s is locked already.") % {"month": month.label})


def open_again(county: County):
    """The returns that were reopened and are not locked again."""
    return MonthlyReturn.objects.filter(Q(state=REOPENED) | OPEN_AGAIN, county=county)


@transaction.atomic
def reopen(returns: list[MonthlyReturn], *, by: Officer, reason: str):
    """Open locked returns for a correction. Until they are locked again their locked versions count."""
    reason = without_numbers(reason)
    if not reason:
        raise Refusal(_("Say why the return is reopened."))
    county = _county_of(returns)
    by.must("lock", at=county)
    returns = claim("reopen", returns)
    month = returns[0].month
    newest = newest_locked_month(county)
    if month != newest:
        raise Refusal(_("Only the newest locked month can be reopened: %(month)s.") % {"month": newest.label})
    take("reopen", returns, each(by), detail={"reason": reason})
    _tell(returns, gettext_noop("%(month)s of %(village)s was reopened: %(reason)s"), reason=reason)


def newest_locked_month(county: County) -> Month | None:
    """The newest month with a locked return, whether the month is sealed or not."""
    locked = MonthlyReturn.objects.filter(Q(state__in=[LOCKED, REOPENED]) | OPEN_AGAIN, county=county)
    return locked.order_by("-month").values_list("month", flat=True).first()


def _tell(returns, text, **values):
    """The officers of each village, and of its station."""
    codes = {code for ret in returns for code in (ret.village_id, ret.village_id[:9])}
    officers = posted_at(sorted(codes))
    messages.send_many(
        messages.Letter(
            {*officers.get(ret.village_id, ()), *officers.get(ret.village_id[:9], ())}, text,
            {"month": str(ret.month), "village": ret.village.short_name} | values, return_url(ret),
        )
        for ret in returns
    )


@transaction.atomic
def close_unchanged(returns: list[MonthlyReturn], *, by: Officer):
    """Lock reopened returns as they were. Versions that came in since are dropped, and the villages are told."""
    county = _county_of(returns)
    by.must("lock", at=county)
    returns = claim("close", returns)
    changed = [ret for ret in returns if ret.newest_id != ret.counted_id]
    following = following_of(changed) if changed else []
    take("close", returns, each(by))
    reset(following, {ret.village_id: by for ret in changed})
    # What was asked about a correction that is dropped needs no answer any more, and stops no later one.
    CellMessage.objects.filter(ret__in=changed, answered_at__isnull=True).update(
        answer=_("Locked again as it was."), answered_by=by, answered_at=clock.now()
    )
    _tell(changed, gettext_noop("%(month)s of %(village)s is locked again as it was; the correction does not count."))


def _county_of(returns) -> County:
    """The one county of the returns, held."""
    if not returns:
        raise Refusal(_("There is no return to work on."))
    county = returns[0].county
    _hold(county)
    return county
