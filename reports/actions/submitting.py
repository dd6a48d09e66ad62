"""Submitting: what the ledger says is frozen and handed to the station; answering what it asked."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit
from officers.models import Officer
from reports import checks, filing
from reports.actions.steps import By, claim, each, following_of, reset, said_by, take
from reports.deadlines import deadlines
from reports.models import REOPENED, CellMessage, MonthlyReturn, ReturnVersion, Seal
from villages.areas import posted_at
from workers.reading import rules_of


class NotSubmitted(Refusal):
    """A return that a check holds back; `findings` says where."""

    def __init__(self, ret, findings):
        self.ret, self.findings = ret, findings
        super().__init__(
            _("%(village)s: %(text)s") % {"village": ret.village.label, "text": " ".join(f.text for f in findings)}
        )


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
    returns: Iterable[MonthlyReturn], *, by: By, explanations=None, filed_for_reason="", is_nil=None, seen=None,
    counted=filing.counted,
) -> list[ReturnVersion]:
    """Freeze what the ledger says and hand it to the station.

    `explanations`: {check: text}, or one text for every warning. `is_nil`: the officer's word that nothing is to be
    reported; None states it from the figures, for scripts. `seen`: the fingerprint of the figures that the officer
    looked at, where one did. `counted`: how the villages are counted, township by township. Raises NotSubmitted with
    every finding that stands.
    """
    returns = claim("submit", returns)
    author = each(by)
    _refuse_sealed(returns)
    for ret in returns:
        may_submit(ret, author(ret), filed_for_reason)
    others, versions = _others(returns), []
    for counts in counted(returns[0].county, returns[0].month, [ret.village_id for ret in returns]):
        if seen is not None and any(filing.fingerprint(count.figures) != seen for count in counts.values()):
            raise Refusal(_("The ledger changed since you looked. Look at the figures again, then submit."))
        some = [ret for ret in returns if ret.village_id in counts]
        stated, said = _checked(some, counts, others, is_nil, explanations)
        versions += filing.freeze(
            some, counts, submitted_by=author, rules=_rules_as_counted(returns[0]), is_nil=stated, explanations=said,
            filed_for_reason=lambda ret: filed_for_reason,
        )
    # Held before the head of the trail is, as every other step holds them.
    following = following_of(returns)
    take("submit", returns, author, {v.ret_id: v for v in versions})
    reset(following, {ret.village_id: author(ret) for ret in returns})
    filing.forget_superseded([ret.village_id for ret in returns], returns[0].month)
    return versions


def _checked(returns, counts, others, is_nil, explanations):
    """Of each return whether it is nil and what explains its warnings, as functions; raises with what stands."""
    stated, said = {}, {}
    for ret in returns:
        case = case_of(ret, counts[ret.village_id], others=others)
        case.is_nil = stated[ret] = case.is_unchanged if is_nil is None else is_nil
        said[ret] = _explained(ret, checks.findings(case), explanations)
    return stated.get, said.get


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


def may_submit(ret: MonthlyReturn, by: Officer, reason: str):
    days = deadlines(ret.county, ret.month, ret.village_id)
    village, month = ret.village, ret.month.label
    if not by.may("submit for a village", at=village):
        by.must("submit", at=village)
        if days.is_closed and ret.state != REOPENED:
            raise Refusal(_("%(month)s closed for %(village)s on %(day)s; now only the station can submit it.") % {
                "month": month, "village": village.label, "day": days.closes_on,
            })
    elif not reason:
        raise Refusal(_("Say why the station submits for the village."))
    elif not days.is_closed and ret.state != REOPENED and posted_at([village.code]).get(village.code):
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


def stops_submitting(ret: MonthlyReturn, *, by: Officer) -> str:
    """Why the officer cannot submit it now, whatever it says; "" where nothing stops it."""
    return said_by(may_submit, ret, by, "with a reason")


@transaction.atomic
def answer(question: CellMessage, *, by: Officer, text: str):
    """The village, or the station where it submits in its place, says what became of a question."""
    village = question.ret.village_id
    if by.may("submit for a village", at=village):
        may_submit(question.ret, by, "with a reason")
    else:
        by.must("submit", at=village)
    if not text.strip():
        raise Refusal(_("Write an answer."))
    fresh = CellMessage.objects.filter(pk=question.pk, answered_at__isnull=True)
    if not fresh.update(answer=text.strip(), answered_by=by, answered_at=clock.now()):
        raise Refusal(_("This question was answered meanwhile."))
    audit.record("answered", question.ret, by=by, place=question.ret.village_id, detail={"figure": question.figure})
