"""A second person lets out what one alone may not: GB/T 35273-2020, 7.1 c asks for it where much is copied or downloaded.

Above the county's limit of rows a list is asked for; another officer, of the county bureau, approves or refuses it. An
approved one is written once, within three days, by who asked, unless it has grown. Numbers in full are sensitive
(3.2 and 7.1 e): of them a tenth of the rows is many.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg import clock
from laborreg.refusals import Refusal
from officers import audit, hands, messages
from officers.models import Officer
from villages import accounts
from villages.models import County, CountySettings
from workers.actions.keeping import cleaned_reason, one_at_a_time
from workers.models import ExportRequest

TENTH = 10
GROWN_PERCENT = 10


class Listed(NamedTuple):
    """What a list is to hold, whether a roster or another: the same again is the same list."""

    kind: str
    narrowed: dict
    columns: list[str]
    is_full: bool
    file_type: str


class NeedsApproval(Refusal):
    """So many rows leave only with a second person's word."""


def of_roster(wanted) -> Listed:
    columns = [column.name for column in wanted.shown]
    return Listed(wanted.kind, wanted.narrowed, columns, wanted.is_full, wanted.file_type)


def limit(county_code, *, is_full: bool) -> int:
    """Rows that leave without a second person."""
    county = County.objects.filter(pk=county_code).first()
    rules = county.rules_from(county.month_of(clock.today())) if county else CountySettings()
    rows = rules.export_limit
    return rows // TENTH if is_full else rows


def must_be_allowed(listed: Listed, rows: int, *, by, place: str) -> ExportRequest | None:
    """The approval under which the list of a place leaves; None for one that needs none."""
    most = limit(by.county_code, is_full=listed.is_full)
    if rows <= most:
        return None
    approved = ExportRequest.objects.usable().filter(asked_by=by, place_code=place, kind=listed.kind)
    for each in approved.filter(is_full=listed.is_full, file_type=listed.file_type):
        if (each.narrowed, each.columns) == (listed.narrowed, listed.columns):
            return not_grown(each, rows)
    words = {"rows": rows, "limit": most}
    if listed.is_full:
        raise NeedsApproval(_(
            "%(rows)s rows with numbers in full: more than %(limit)s leave only when a second person, at the county bureau,"
            " has approved it. Ask for it with the reason."
        ) % words)
    raise NeedsApproval(_(
        "%(rows)s rows: more than %(limit)s leave only when a second person, at the county bureau, has approved it."
        " Ask for it with the reason."
    ) % words)


def not_grown(approved, rows) -> ExportRequest:
    """The approval, if the list is still the one that was approved."""
    if rows * 100 > approved.rows * (100 + GROWN_PERCENT):
        raise NeedsApproval(_(
            "The list has grown since it was approved, from %(before)s to %(now)s rows. Ask for it once more."
        ) % {"before": approved.rows, "now": rows})
    return approved


@transaction.atomic
def let_out(listed: Listed, rows: int, write: Callable[[], bytes], *, by) -> tuple[bytes, dict]:
    """A file of the officer's places, handed out at once, and what the trail says of it; an approval it needed is used up."""
    approved = must_be_allowed(listed, rows, by=by, place=by.posts[0])
    content = write()
    if approved:
        use(approved)
    return content, {"rows": rows} | numbers_of(listed) | told_of(approved)


@transaction.atomic
def ask(listed: Listed, rows: int, *, by, place: str, reason) -> ExportRequest:
    """A list put before the county bureau; the same one asked for twice waits once.

    `place` stands over all places of the list, and may itself be none of the officer's.
    """
    by.must("export rosters")
    reason = cleaned_reason(reason)
    one_at_a_time(by)
    for each in ExportRequest.objects.waiting().filter(asked_by=by, kind=listed.kind):
        if _listed(each) == listed:
            return each
    found = ExportRequest.objects.create(
        county_id=by.county_code, place_code=place, **listed._asdict(), rows=rows, reason=reason, asked_by=by,
        asked_at=clock.now(),
    )
    messages.send(
        _must_be_somebody(deciders(found)), gettext_noop("%(officer)s asks to export %(rows)s rows. Approve or refuse it."),
        values={"officer": by.name, "rows": rows}, url=_address(found),
    )
    audit.record("asked for an export", found, by=by, place=place, detail=_told(found) | {"reason": reason})
    return found


def _listed(request) -> Listed:
    return Listed(request.kind, request.narrowed, request.columns, request.is_full, request.file_type)


def deciders(request) -> list[Officer]:
    """At the county bureau, another than who asks, and nobody through whose hands that account went lately."""
    return _others(request.county_id, request.asked_by)


def _others(county_code, officer) -> list[Officer]:
    shared = hands.shared_with(officer) | {officer.pk}
    return [other for other in accounts.of_bureau(county_code) if other.pk not in shared]


def why_nobody(officer) -> str:
    """Why asking would lead nowhere, told before the officer asks; nothing where somebody can approve."""
    return "" if _others(officer.county_code, officer) else _nobody()


def _nobody() -> str:
    return _(
        "Nobody else at the county bureau can approve it: not the system administrator, who sees no personal data, and for"
        " %(days)s days nobody who opened your account or set its password. Have a second account of the county bureau"
        " opened, or narrow the list."
    ) % {"days": hands.DAYS}


def _must_be_somebody(officers) -> list[Officer]:
    if not officers:
        raise Refusal(_nobody())
    return officers


def may_decide(request, officer) -> bool:
    return (
        request.state == "asked" and request.asked_by_id != officer.pk
        and officer.may("approve exports", at=request.county_id)
        and request.asked_by_id not in hands.shared_with(officer)
    )


@transaction.atomic
def approve(request, *, by) -> ExportRequest:
    """Who asked may write it, once, within three days."""
    return _decide(request, by, "approved", "approved an export", gettext_noop(
        "Your list of %(rows)s rows is approved. Write it within three days."
    ))


@transaction.atomic
def refuse(request, *, by, reason) -> ExportRequest:
    return _decide(request, by, "refused", "refused an export", gettext_noop(
        "Your list of %(rows)s rows is not approved: %(reason)s"
    ), cleaned_reason(reason))


def _decide(request, by, state, verb, sentence, reason="") -> ExportRequest:
    by.must("approve exports", at=request.county_id)
    if request.asked_by_id == by.pk:
        raise Refusal(_("You asked for this list yourself. Another officer of the county bureau decides."))
    if request.asked_by_id in hands.shared_with(by):
        raise Refusal(_(
            "Within %(days)s days one of you opened the other's account or set its password. Another officer of the county"
            " bureau decides."
        ) % {"days": hands.DAYS})
    decided = {"state": state, "decided_by": by, "decided_at": clock.now(), "answer": reason}
    if not ExportRequest.objects.waiting().filter(pk=request.pk).update(**decided):
        raise Refusal(_("Somebody decided on this list before you."))
    request.refresh_from_db()
    values = {"rows": request.rows, "reason": reason}
    messages.send([request.asked_by], sentence, values=values, url=_address(request))
    detail = _told(request) | ({"reason": reason} if reason else {})
    audit.record(verb, request, by=by, place=request.place_code, detail=detail)
    return request


def use(request, roster=None):
    """The list is being written: nobody writes it a second time."""
    if not ExportRequest.objects.usable().filter(pk=request.pk).update(state="written", roster=roster):
        raise Refusal(_("This list was written already, or its three days are over. Ask for it once more."))


def give_back(roster):
    """Nothing came of the writing: the list may be written once still."""
    ExportRequest.objects.filter(roster=roster, state="written").update(state="approved", roster=None)


def told_of(request) -> dict:
    """What the trail of the file says of the second person, and for what it was let out."""
    if request is None:
        return {}
    return {"request": request.pk, "approved_by": request.decided_by.username, "reason": request.reason}


def has_numbers(kind) -> bool:
    """Whether a list tells ID numbers and phones, in full or masked."""
    return kind != "ranking"


def numbers_of(listed) -> dict:
    """How the trail tells it."""
    return {"numbers": "full" if listed.is_full else "masked"} if has_numbers(listed.kind) else {}


def _told(request) -> dict:
    return {
        "kind": request.kind, "rows": request.rows, "filter": filter_in_the_trail(request.narrowed),
        "columns": " ".join(request.columns),
    } | numbers_of(request)


def filter_in_the_trail(narrowed) -> str:
    """How a list was narrowed; of words that were searched for, only that they were."""
    told = {"ticked": "ticked rows", "chosen": "ticked rows", "q": f"q={audit.HIDDEN}"}
    return " ".join(told.get(name, f"{name}={value}") for name, value in narrowed.items())


def _address(request) -> str:
    return reverse("export_request", args=[request.pk])
