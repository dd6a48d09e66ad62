"""The steps of the month: open, submit, approve, send back, lock. One action serves one return or a whole county."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg import clock
from laborreg.columns import clean_words
from laborreg.months import Month
from laborreg.refusals import Refusal, plain_words
from officers import audit, messages, roles
from officers.models import Officer
from reports import checks, filing, sealing
from reports.deadlines import deadlines
from reports.models import (
    APPROVED,
    DRAFT,
    LOCKED,
    REOPENED,
    SENT_BACK,
    SUBMITTED,
    CellMessage,
    CountyMonth,
    MonthlyReturn,
    ReturnVersion,
    Seal,
)
from villages.areas import posted_at
from villages.models import County, Village
from workers.reading import rules_of


@dataclass(frozen=True)
class Step:
    """From which states to which, by which power, under which word in the trail."""

    before: tuple[str, ...]
    after: str
    verb: str


STEPS = {
    "submit": Step((DRAFT, SENT_BACK, REOPENED), SUBMITTED, "submitted"),
    "approve": Step((SUBMITTED,), APPROVED, "approved"),
    "send_back": Step((SUBMITTED, APPROVED), SENT_BACK, "sent back"),
    "lock": Step((APPROVED,), LOCKED, "locked"),
}

By = Officer | Callable[[MonthlyReturn], Officer]


class NotSubmitted(Refusal):
    """A return that a check holds back; `findings` says where."""

    def __init__(self, ret, findings):
        self.ret, self.findings = ret, findings
        super().__init__(
            _("%(village)s: %(text)s") % {"village": ret.village.label, "text": " ".join(f.text for f in findings)}
        )


@transaction.atomic
def open_month(county: County, month: Month, *, by: Officer | None = None) -> int:
    """A draft for every village that files in the month; how many were new. Safe to run twice."""
    if by:
        by.must("open months", at=county)
    first = filing.first_month(county)
    if first and month > first and not county.months.filter(month=month.previous).exists():
        raise Refusal(_("Open %(month)s first.") % {"month": month.previous.label})
    if first and month < first:
        raise Refusal(_("%(month)s lies before the county's first month.") % {"month": month.label})
    if county.first_day(month) > clock.today():
        raise Refusal(_("%(day)s lies in the future.") % {"day": month.label})
    opened, is_new = CountyMonth.objects.get_or_create(
        county=county, month=month, defaults={"opened_at": clock.now(), "opened_by": by}
    )
    there = set(MonthlyReturn.objects.filter(county=county, month=month).values_list("village_id", flat=True))
    fresh = [
        MonthlyReturn(county=county, village=village, month=month)
        for village in Village.objects.under(county.code).filing_in(month)
        if village.code not in there
    ]
    MonthlyReturn.objects.bulk_create(fresh, batch_size=500)
    if is_new or fresh:
        detail = {"month": str(month), "drafts": len(fresh)}
        audit.record("opened month", opened, by=by, place=county.code, detail=detail)
    return len(fresh)


def case_of(ret: MonthlyReturn, count, *, is_nil=None, others=None) -> checks.Case:
    """What the checks look at; `others` spares the queries when many returns are checked at once."""
    others = others or _others([ret])
    previous, last_year, without, questions = (found.get(ret.village_id) for found in others)
    return checks.Case(
        figures=count.figures, lines=count.lines, rules=rules_of(ret.county)(ret.month), is_nil=is_nil,
        previous=_filed(previous), last_year=_filed(last_year),
        previous_is_in=previous is None or previous["state"] in MonthlyReturn.IN or bool(without), open_questions=questions or [],
    )


# What the checks ask of an earlier return; its other hundred columns stay in the database.
LOOKED_BACK_AT = ["away", "income", "transferred"]


def _filed(earlier: dict | None) -> dict[str, int] | None:
    return {key: earlier[f"newest__{key}"] for key in LOOKED_BACK_AT} if earlier and earlier["newest_id"] else None


def _others(returns):
    """By village: last month's return, last year's, whether last month was locked without it, open questions."""
    month, codes = returns[0].month, [ret.village_id for ret in returns]

    def of(when):
        rows = MonthlyReturn.objects.filter(village_id__in=codes, month=when)
        columns = ["village_id", "state", "newest_id", *(f"newest__{key}" for key in LOOKED_BACK_AT)]
        return {row["village_id"]: row for row in rows.values(*columns)}

    without = {
        code: True
        for seal in Seal.objects.filter(county_id=returns[0].county_id, month=month.previous)
        for code in seal.missing
    }
    questions: dict[str, list] = {}
    numbers = [ret.pk for ret in returns if ret.pk]
    for question in CellMessage.objects.filter(ret__in=numbers, answered_at__isnull=True).select_related("ret"):
        questions.setdefault(question.ret.village_id, []).append(question)
    return of(month.previous), of(month.a_year_before), without, questions


# For scripts: warnings are explained in the same words for all.
AS_IN_THE_LEDGER = gettext_noop("As in the ledger.")


@transaction.atomic
def submit(
    returns: Iterable[MonthlyReturn], *, by: By, explanations=None, filed_for_reason="", is_nil=None, seen=None
) -> list[ReturnVersion]:
    """Freeze what the ledger says and hand it to the station.

    `explanations`: {check: text}, or one text for every warning. `is_nil`: the officer's word that nothing is to be
    reported; None states it from the figures, for scripts. `seen`: the fingerprint of the figures that the officer
    looked at, where one did. Raises NotSubmitted with every finding that stands.
    """
    returns = _claim("submit", returns)
    author = _each(by)
    _refuse_sealed(returns)
    for ret in returns:
        _may_submit(ret, author(ret), filed_for_reason)
    counts = filing.count_villages(returns[0].county, returns[0].month, [ret.village_id for ret in returns])
    if seen is not None and any(filing.fingerprint(count.figures) != seen for count in counts.values()):
        raise Refusal(_("The ledger changed since you looked. Look at the figures again, then submit."))
    others, stated, said = _others(returns), {}, {}
    for ret in returns:
        case = case_of(ret, counts[ret.village_id], others=others)
        case.is_nil = stated[ret.pk] = case.is_unchanged if is_nil is None else is_nil
        said[ret.pk] = _explained(ret, checks.findings(case), explanations)
    versions = filing.freeze(
        returns, counts, submitted_by=author, rules=_rules_as_counted(returns[0]), is_nil=lambda r: stated[r.pk],
        explanations=lambda r: said[r.pk], filed_for_reason=lambda r: filed_for_reason,
    )
    # Held before the head of the trail is, as every other step holds them.
    following = _following(returns)
    _step("submit", returns, author, {v.ret_id: v for v in versions})
    _reset(following, {ret.village_id: author(ret) for ret in returns})
    filing.forget_superseded([ret.village_id for ret in returns], returns[0].month)
    return versions


def _claim(name: str, returns) -> list[MonthlyReturn]:
    """The returns as they are now, held until the step is done; the second of two clicks is refused here."""
    returns = list(returns)
    if not returns:
        raise Refusal(_("There is no return to work on."))
    rows = MonthlyReturn.objects.select_for_update(of=("self",)).filter(pk__in=[ret.pk for ret in returns])
    # Prefetched, the county is one object for all of them, so that its settings are asked once.
    rows = list(rows.select_related("village").prefetch_related("county"))
    if any(ret.state not in STEPS[name].before for ret in rows):
        raise Refusal(_already(rows))
    return _as_looked_at(returns, rows)


def _as_looked_at(returns, held: list[MonthlyReturn]) -> list[MonthlyReturn]:
    """Those of the held returns that the officer looked at; refused where one has a newer version by now."""
    looked_at = {ret.pk: ret.newest_id for ret in returns}
    found = [ret for ret in held if ret.pk in looked_at]
    if {ret.pk: ret.newest_id for ret in found} != looked_at:
        raise Refusal(_("Some of these returns were changed meanwhile; look again."))
    return found


def _each(by: By):
    return by if not isinstance(by, Officer) else lambda ret: by


def _rules_as_counted(ret):
    rules = ret.county.rules_from(ret.month).as_counted()
    return lambda _ret: rules


def _refuse_sealed(returns):
    """A sealed month takes in nothing but what was locked and reopened; the rest is counted late in the next month."""
    first = returns[0]
    if not Seal.objects.filter(county_id=first.county_id, month=first.month).exists():
        return
    locked = ReturnVersion.objects.filter(ret__in=returns, locked_at__isnull=False)
    if set(locked.values_list("ret_id", flat=True)) != {ret.pk for ret in returns}:
        raise Refusal(_("%(month)s is sealed. What changed since is counted as late in the next month.") % {
            "month": first.month.label,
        })


def _may_submit(ret: MonthlyReturn, by: Officer, reason: str):
    days = deadlines(ret.county, ret.month)
    village, month = ret.village, ret.month.label
    if not by.may("submit for a village", at=village):
        by.must("submit", at=village)
        if days.is_closed:
            raise Refusal(_("%(month)s closed for %(village)s on %(day)s; now only the station can submit it.") % {
                "month": month, "village": village.label, "day": days.closes_on,
            })
    elif not reason:
        raise Refusal(_("Say why the station submits for the village."))
    elif not days.is_closed and posted_at([village.code]).get(village.code):
        raise Refusal(_("%(village)s has an officer, who can submit until %(day)s.") % {
            "village": village.label, "day": days.closes_on,
        })
    if not days.is_open:
        raise Refusal(_("%(month)s can be submitted from %(day)s on.") % {"month": month, "day": days.opens_on})


def _explained(ret, found, explanations) -> dict[str, str]:
    """The explanation of every warning; raises with what blocks, or with the warnings that nobody explained."""
    blocking = [f for f in found if f.severity == checks.BLOCK]
    if blocking:
        raise NotSubmitted(ret, blocking)
    warnings = [f for f in found if f.severity == checks.WARN]
    if isinstance(explanations, str):
        explanations = {f.name: explanations for f in warnings}
    said = {f.name: (explanations or {}).get(f.name, "").strip() for f in warnings}
    silent = [f for f in warnings if not said[f.name]]
    if silent:
        raise NotSubmitted(ret, silent)
    return said


def _step(name: str, returns, author, versions=None, detail=None):
    """Move returns from one state to the next in one conditional UPDATE; the second of two clicks finds no row."""
    step = STEPS[name]
    rows = MonthlyReturn.objects.filter(pk__in=[ret.pk for ret in returns], state__in=step.before)
    changes = {"state": step.after}
    if name == "send_back":
        changes["counted"] = None
    if versions:
        newest = ReturnVersion.objects.filter(ret=OuterRef("pk")).order_by("-number").values("pk")
        changes |= {"counted": newest[:1], "newest": newest[:1]}
    if rows.update(**changes) != len(returns):
        raise Refusal(_already(returns))
    entries = [
        (step.verb, ret, ret.village_id, {"month": str(ret.month)} | (detail or {}), author(ret)) for ret in returns
    ]
    audit.record_many(entries)
    for ret in returns:
        ret.state = step.after
        if versions:
            ret.counted = ret.newest = versions[ret.pk]
        elif name == "send_back":
            ret.counted = None


def _already(returns) -> str:
    if len(returns) > 1:
        return _("Some of these returns were changed meanwhile; look again.")
    return _("This return was changed meanwhile; it is now: %(state)s.") % {"state": returns[0].get_state_display()}


def _following(returns) -> list[MonthlyReturn]:
    """The next month's returns of the same villages that are in and not locked, held."""
    rows = MonthlyReturn.objects.select_for_update(of=("self",)).filter(
        village_id__in=[ret.village_id for ret in returns], month=returns[0].month.next, state__in=[SUBMITTED, APPROVED]
    )
    return list(rows.select_related("newest__submitted_by", "village"))


def _reset(following: list[MonthlyReturn], by: dict[str, Officer]):
    """When a month changes, a not yet locked later month opens from other numbers: back to draft, with a message."""
    if not following:
        return
    MonthlyReturn.objects.filter(pk__in=[later.pk for later in following]).update(state=DRAFT, counted=None)
    audit.record_many([
        ("set back to draft", later, later.village_id, {"month": str(later.month)}, by[later.village_id])
        for later in following
    ])
    for later in following:
        values = {
            "before": str(later.month.previous), "village": later.village.short_name, "month": str(later.month)
        }
        messages.send(
            [later.newest.submitted_by],
            gettext_noop("%(before)s of %(village)s changed, so %(month)s opens from other numbers: submit it again."),
            values=values, url=return_url(later),
        )


def stops_submitting(ret: MonthlyReturn, *, by: Officer) -> str:
    """Why the officer cannot submit it now, whatever it says; "" where nothing stops it."""
    return _said_by(_may_submit, ret, by, "with a reason")


def held_back(returns: list[MonthlyReturn], *, by: Officer) -> dict[int, str]:
    """Of many that wait, those that the officer cannot approve now, by number, and why."""
    if not returns:
        return {}
    authors, not_in = _authors(returns), _previous_not_approved(returns)
    said = {ret.pk: _said_by(_may_approve, ret, by, authors.get(ret.pk, set()), not_in) for ret in returns}
    return {pk: why for pk, why in said.items() if why}


def must_be_newest(ret: MonthlyReturn, number: int | None):
    """The officer judges the version that the page showed, not one that came in meanwhile."""
    if not ret.newest or ret.newest.number != number:
        raise Refusal(_("This return was changed meanwhile; look at its newest version."))


def _said_by(rule, *args) -> str:
    try:
        rule(*args)
    except Refusal as refusal:
        return str(refusal.message)
    return ""


def return_url(ret: MonthlyReturn) -> str:
    return reverse("return", args=[ret.village_id, ret.month])


@transaction.atomic
def approve(returns: Iterable[MonthlyReturn], *, by: By):
    """The station vouches for what was submitted; never for what the same officer submitted."""
    returns = _claim("approve", returns)
    approver = _each(by)
    authors = _authors(returns)
    not_in = _previous_not_approved(returns)
    for ret in returns:
        _may_approve(ret, approver(ret), authors.get(ret.pk, set()), not_in)
    _step("approve", returns, approver)
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
    reason = _without_numbers(reason)
    if not reason:
        raise Refusal(_("Say why the return is sent back."))
    [ret] = _claim("send_back", [ret])
    if by.role != roles.COUNTY and ret.state == APPROVED:
        raise Refusal(_("It is approved already; only the county can send it back."))
    version = ret.newest
    _step("send_back", [ret], _each(by), detail={"reason": reason})
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


def _without_numbers(reason: str) -> str:
    """It goes into the trail, which keeps everything: nobody's ID number or phone."""
    with plain_words():
        return clean_words(reason, length=300)


@transaction.atomic
def answer(question: CellMessage, *, by: Officer, text: str):
    """The village, or the station where it submits in its place, says what became of a question."""
    village = question.ret.village_id
    if by.may("submit for a village", at=village):
        _may_submit(question.ret, by, "with a reason")
    else:
        by.must("submit", at=village)
    if not text.strip():
        raise Refusal(_("Write an answer."))
    fresh = CellMessage.objects.filter(pk=question.pk, answered_at__isnull=True)
    if not fresh.update(answer=text.strip(), answered_by=by, answered_at=clock.now()):
        raise Refusal(_("This question was answered meanwhile."))
    audit.record("answered", question.ret, by=by, place=question.ret.village_id, detail={"figure": question.figure})


@transaction.atomic
def lock(
    county: County, month: Month, *, by: Officer, returns=None, missing: dict[str, str] | None = None
) -> Seal | None:
    """Lock approved returns (all of the month, or those given); seal it once none is missing without a reason."""
    by.must("lock", at=county)
    missing = {code: _without_numbers(reason) for code, reason in (missing or {}).items()}
    # All of the month are held: meanwhile nothing comes in, and of two who lock the second sees what the first did.
    held = list(MonthlyReturn.objects.select_for_update().filter(county=county, month=month))
    _may_lock(county, month)
    chosen = [ret for ret in held if ret.state == APPROVED] if returns is None else _as_looked_at(returns, held)
    if chosen:
        _step("lock", chosen, _each(by))
        newest = ReturnVersion.objects.filter(pk__in=[ret.newest_id for ret in chosen])
        newest.update(locked_by=by, locked_at=clock.now())
    elif not missing and sealing.waiting(county, month):
        raise Refusal(_("No return of %(month)s is waiting to be locked.") % {"month": month.label})
    return sealing.seal_if_complete(county, month, by=by, missing=missing)


def _may_lock(county: County, month: Month):
    if not county.months.filter(month=month).exists():
        raise Refusal(_("%(month)s is not opened.") % {"month": month.label})
    before = county.months.filter(month__lt=month).values_list("month", flat=True)
    sealed = set(Seal.objects.filter(county=county).values_list("month", flat=True))
    for earlier in sorted(before):
        if earlier not in sealed:
            raise Refusal(_("Lock %(month)s first.") % {"month": earlier.label})
    if month in sealed:
        raise Refusal(_("%(month)s is locked already.") % {"month": month.label})
