"""The steps of a return as one table, and what each has in common: held, moved once, told in the trail."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg.columns import clean_words
from laborreg.refusals import Refusal, plain_words
from officers import audit, messages
from officers.models import Officer
from reports.models import (
    APPROVED,
    DRAFT,
    LOCKED,
    OPEN_AGAIN,
    REOPENED,
    SENT_BACK,
    SUBMITTED,
    MonthlyReturn,
    ReturnVersion,
)


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
    "reopen": Step((LOCKED,), REOPENED, "reopened"),
    "close": Step((REOPENED,), LOCKED, "closed unchanged"),
}

By = Officer | Callable[[MonthlyReturn], Officer]


def claim(name: str, returns) -> list[MonthlyReturn]:
    """The returns as they are now, held until the step is done; the second of two clicks is refused here."""
    returns = list(returns)
    if not returns:
        raise Refusal(_("There is no return to work on."))
    rows = MonthlyReturn.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[ret.pk for ret in returns])
    # Prefetched, the county is one object for all of them, so that its settings are asked once.
    rows = list(rows.select_related("village").prefetch_related("county"))
    if any(ret.state not in STEPS[name].before for ret in rows):
        raise Refusal(already(rows))
    return as_looked_at(returns, rows)


def as_looked_at(returns, held: list[MonthlyReturn]) -> list[MonthlyReturn]:
    """Those of the held returns that the officer looked at; refused where one has a newer version by now."""
    looked_at = {ret.pk: ret.newest_id for ret in returns}
    found = [ret for ret in held if ret.pk in looked_at]
    if {ret.pk: ret.newest_id for ret in found} != looked_at:
        raise Refusal(_("Some of these returns were changed meanwhile; look again."))
    return found


def each(by: By):
    return by if not isinstance(by, Officer) else lambda ret: by


def take(name: str, returns, author, versions=None, detail=None):
    """Move returns from one state to the next in one conditional UPDATE; the second of two clicks finds no row."""
    step = STEPS[name]
    rows = MonthlyReturn.objects.filter(pk__in=[ret.pk for ret in returns], state__in=step.before)
    if rows.update(**{"state": step.after} | CHANGES.get(name, {})) != len(returns):
        raise Refusal(already(returns))
    entries = [
        (step.verb, ret, ret.village_id, {"month": str(ret.month)} | (detail or {}), author(ret)) for ret in returns
    ]
    audit.record_many(entries)
    for ret in returns:
        _follow(ret, name, versions)


_filed_last = Subquery(ReturnVersion.objects.filter(ret=OuterRef("pk")).order_by("-number").values("pk")[:1])
# What a step changes beside the state.
CHANGES = {
    "submit": {"newest": _filed_last, "counted": Case(When(state=REOPENED, then=F("counted")), default=_filed_last)},
    "send_back": {
        "state": Case(When(OPEN_AGAIN, then=Value(REOPENED)), default=Value(SENT_BACK)),
        "counted": Case(When(OPEN_AGAIN, then=F("counted")), default=None),
    },
    "lock": {"counted": F("newest")},
    "close": {"newest": F("counted")},
}


def _follow(ret, name, versions):
    """The object says what the row says by now."""
    if name == "submit":
        ret.newest = versions[ret.pk]
        ret.counted = ret.counted if ret.state == REOPENED else ret.newest
    ret.state = STEPS[name].after
    if name == "send_back":
        ret.refresh_from_db(fields=["state", "counted"])
    elif name == "lock":
        ret.counted_id = ret.newest_id
    elif name == "close":
        ret.newest_id = ret.counted_id


def already(returns) -> str:
    if len(returns) > 1:
        return _("Some of these returns were changed meanwhile; look again.")
    return _("This return was changed meanwhile; it is now: %(state)s.") % {"state": returns[0].get_state_display()}


def following_of(returns) -> list[MonthlyReturn]:
    """The next month's returns of the same villages that are in and were never locked, held."""
    rows = MonthlyReturn.objects.select_for_update(no_key=True, of=("self",)).exclude(OPEN_AGAIN).filter(
        village_id__in=[ret.village_id for ret in returns], month=returns[0].month.next, state__in=[SUBMITTED, APPROVED]
    )
    return list(rows.select_related("newest__submitted_by", "village"))


def reset(following: list[MonthlyReturn], by: dict[str, Officer]):
    """When a month changes, a not yet locked later month opens from other numbers: back to draft, with a message."""
    if not following:
        return
    MonthlyReturn.objects.filter(pk__in=[later.pk for later in following]).update(state=DRAFT, counted=None)
    audit.record_many([
        ("set back to draft", later, later.village_id, {"month": str(later.month)}, by[later.village_id])
        for later in following
    ])
    text = gettext_noop("%(before)s of %(village)s changed, so %(month)s opens from other numbers: submit it again.")
    messages.send_many(
        messages.Letter([later.newest.submitted_by], text, {
            "before": str(later.month.previous), "village": later.village.short_name, "month": str(later.month),
        }, return_url(later))
        for later in following
    )


def said_by(rule, *args) -> str:
    try:
        rule(*args)
    except Refusal as refusal:
        return str(refusal.message)
    return ""


def without_numbers(reason: str) -> str:
    """It goes into the trail, which keeps everything: nobody's ID number or phone."""
    with plain_words():
        return clean_words(reason, length=300)


def return_url(ret: MonthlyReturn) -> str:
    return reverse("return", args=[ret.village_id, ret.month])
