"""The station's two answers to what was submitted: approved, or sent back with questions."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg import clock
from laborreg.refusals import Refusal
from officers import messages, roles
from officers.models import Officer
from reports.actions.steps import By, claim, each, return_url, said_by, take, without_numbers
from reports.models import APPROVED, LOCKED, REOPENED, CellMessage, MonthlyReturn, ReturnVersion, Seal
from villages.areas import posted_at


@transaction.atomic
def approve(returns: Iterable[MonthlyReturn], *, by: By):
    """The station vouches for what was submitted; never for what the same officer submitted."""
    returns = claim("approve", returns)
    approver = each(by)
    authors = _authors(returns)
    not_in = _previous_not_approved(returns)
    for ret in returns:
        _may_approve(ret, approver(ret), authors.get(ret.pk, set()), not_in)
    take("approve", returns, approver)
    for officer, numbers in _by_officer(returns, approver).items():
        ReturnVersion.objects.filter(pk__in=numbers).update(approved_by=officer, approved_at=clock.now())


def _authors(returns) -> dict[int, set[int]]:
    """Return → the officers who submitted any version of it."""
    found: dict[int, set[int]] = {}
    for ret, officer in ReturnVersion.objects.filter(ret__in=returns).values_list("ret_id", "submitted_by_id"):
        found.setdefault(ret, set()).add(officer)
    return found


def _previous_not_approved(returns) -> set[str]:
    """Villages whose return of the month before is there and not approved, and which no seal left out."""
    previous = returns[0].month.previous
    waiting = MonthlyReturn.objects.filter(
        village_id__in=[ret.village_id for ret in returns], month=previous
    ).exclude(state__in=[APPROVED, LOCKED, REOPENED])
    codes = set(waiting.values_list("village_id", flat=True))
    for seal in Seal.objects.filter(county_id=returns[0].county_id, month=previous):
        codes -= set(seal.missing)
    return codes


def _may_approve(ret: MonthlyReturn, by: Officer, authors: set[int], not_in: set[str]):
    by.must("approve", at=ret.village)
    if by.pk in authors:
        raise Refusal(_("You submitted the return of %(village)s; somebody else must approve it.") % {
            "village": ret.village.label,
        })
    if by.role == roles.COUNTY and not ret.newest.filed_for_reason:
        raise Refusal(_("The station approves the return of %(village)s.") % {"village": ret.village.label})
    if ret.village_id in not_in:
        raise Refusal(_("Approve %(month)s of %(village)s first.") % {
            "month": ret.month.previous.label, "village": ret.village.label,
        })


def _by_officer(returns, officer_of) -> dict[Officer, list[int]]:
    found: dict[Officer, list[int]] = {}
    for ret in returns:
        found.setdefault(officer_of(ret), []).append(ret.newest_id)
    return found


@transaction.atomic
def send_back(ret: MonthlyReturn, *, by: Officer, reason: str, cells: dict[str, str] | None = None):
    """Back to the village, with a reason and questions on single cells; what is approved goes back by the county."""
    by.must("send back", at=ret.village)
    reason = without_numbers(reason)
    if not reason:
        raise Refusal(_("Say why the return is sent back."))
    [ret] = claim("send_back", [ret])
    if by.role != roles.COUNTY and ret.state == APPROVED:
        raise Refusal(_("It is approved already; only the county can send it back."))
    version = ret.newest
    take("send_back", [ret], each(by), detail={"reason": reason})
    ReturnVersion.objects.filter(pk=version.pk).update(
        sent_back_by=by, sent_back_at=clock.now(), send_back_reason=reason
    )
    CellMessage.objects.bulk_create(
        CellMessage(ret=ret, version=version, figure=figure, text=text, by=by, at=clock.now())
        for figure, text in (cells or {}).items()
    )
    officers = posted_at([ret.village_id]).get(ret.village_id, [])
    messages.send(
        officers, gettext_noop("%(month)s of %(village)s was sent back: %(reason)s"),
        values={"month": str(ret.month), "village": ret.village.short_name, "reason": reason},
        url=return_url(ret),
    )


def held_back(returns: list[MonthlyReturn], *, by: Officer) -> dict[int, str]:
    """Of many that wait, those that the officer cannot approve now, by number, and why."""
    if not returns:
        return {}
    authors, not_in = _authors(returns), _previous_not_approved(returns)
    said = {ret.pk: said_by(_may_approve, ret, by, authors.get(ret.pk, set()), not_in) for ret in returns}
    return {pk: why for pk, why in said.items() if why}


def must_be_newest(ret: MonthlyReturn, number: int | None):
    """The officer judges the version that the page showed, not one that came in meanwhile."""
    if not ret.newest or ret.newest.number != number:
        raise Refusal(_("This return was changed meanwhile; look at its newest version."))
