"""Following up a fall: taking a case up, changing it, closing it with what came of it."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from laborreg import clock
from laborreg.columns import words
from laborreg.months import Month
from laborreg.refusals import Refusal, Stale, plain_words
from officers import audit, messages
from reports import alarms, totals
from reports.models import DropCase
from villages.areas import area_at, posted_at
from villages.models import County

FACTS = ["cause", "doing", "who", "until_on"]


@transaction.atomic
def follow(county: County, month: Month, *, by, area_code: str, cause: str, doing: str, who: str, until_on: date,
           version: int = 0) -> DropCase:
    """Take a fall up, or change what is done about it; a closed case is open again. `version` 0: there is no case yet."""
    by.must("check quality", at=area_code)
    facts = _facts(cause, doing, who, until_on)
    # Held, so that of two who do it at the same moment the second finds what the first did.
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    rows = DropCase.objects.select_for_update(no_key=True).filter(county=county, area_code=area_code, month=month)
    case = rows.first()
    if (case.version if case else 0) != version:
        raise Stale(case) if case else Refusal(_("This case is not there any more."))
    if case is None:
        if not alarms.fallen(county, area_code, month):
            raise Refusal(_("There is no alarm for this place and month."))
        case = DropCase(county=county, area_code=area_code, month=month, taken_up_by=by, taken_up_at=clock.now(), version=0)
    verb = "took up a fall" if case.pk is None else "reopened a fall" if not case.is_open else "changed a fall"
    for name, value in facts.items():
        setattr(case, name, value)
    case.closed_by, case.closed_at, case.outcome, case.away_then = None, None, "", None
    case.version += 1
    case.save()
    _tell(case, by)
    _record(verb, case, by, {name: str(value) for name, value in facts.items()})
    return case


def _facts(cause, doing, who, until_on) -> dict:
    with plain_words():
        found = {
            "cause": words(300, missing=_("Say why it fell, or that it is not known yet."))(cause),
            "doing": words(300, missing=_("Say what is done about it."))(doing),
            "who": words(50, missing=_("Say who does it."))(who),
        }
    if until_on is None or until_on < clock.today():
        raise Refusal(_("Choose a day from today on until when it is done."))
    return found | {"until_on": until_on}


@transaction.atomic
def close(case: DropCase, *, by, outcome: str, version: int) -> DropCase:
    """Done, with what came of it. Should the figure fall below what it is now, the case asks for attention again."""
    by.must("check quality", at=case.area_code)
    with plain_words():
        outcome = words(300, missing=_("Say what came of it."))(outcome)
    case = DropCase.objects.select_for_update(no_key=True).get(pk=case.pk)
    if case.version != version:
        raise Stale(case)
    if not case.is_open:
        raise Refusal(_("This case is closed already."))
    figures = totals.sums_of_returns(case.area_code, case.month, at=len(case.area_code)).get(case.area_code)
    case.outcome, case.away_then = outcome, figures["away"] if figures else 0
    case.closed_by, case.closed_at, case.version = by, clock.now(), case.version + 1
    case.save()
    _tell(case, by)
    _record("closed a fall", case, by, {"outcome": outcome})
    return case


def _tell(case: DropCase, by):
    """The village and its station, or the station; not who did it."""
    area = area_at(case.area_code)
    officers = {each for found in posted_at({case.area_code, case.area_code[:9]}).values() for each in found} - {by}
    said = {"area": area.short_name, "month": case.month, "who": case.who, "until": case.until_on}
    if case.is_open:
        text = gettext_noop("Fewer people away in %(area)s, %(month)s: %(doing)s (%(who)s, until %(until)s)")
        said["doing"] = case.doing
    else:
        text = gettext_noop("The fall of %(area)s in %(month)s is settled: %(outcome)s")
        said["outcome"] = case.outcome
    messages.send(officers, text, values=said, url=reverse("alarm", args=[case.month, case.area_code]))


def _record(verb, case, by, detail):
    audit.record(verb, case, by=by, place=case.area_code, detail={"month": str(case.month)} | detail)
