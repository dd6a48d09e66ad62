"""The returns that stand behind what a township lost in the assessment, a list for each component that counts returns."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from laborreg import clock
from reports import assessment as assessing
from reports.deadlines import deadlines
from reports.models import MonthlyReturn
from workers.ledger import BY_KEY


def _rows(county, township, months):
    rows = assessing.returns(county, months).filter(village__township=township)
    return rows.select_related("village", "newest", "counted").order_by("month", "village_id")


def _not_on_time(county, township, months) -> list[dict]:
    """Late, or not there though the day is over."""
    found = []
    for ret in _rows(county, township, months).prefetch_related("versions"):
        due = deadlines(county, ret.month, ret.village_id).due_on
        first = min((timezone.localdate(version.submitted_at) for version in ret.versions.all()), default=None)
        if (first or clock.today()) > due:
            told = _("first submitted %(day)s") % {"day": first.isoformat()} if first else _("not submitted")
            found.append(_line(ret, _("due %(day)s, %(what)s") % {"day": due.isoformat(), "what": told}))
    return found


def _not_in(county, township, months) -> list[dict]:
    rows = _rows(county, township, months).exclude(state__in=MonthlyReturn.IN)
    return [_line(ret, ret.get_state_display()) for ret in rows]


def _sent_back(county, township, months) -> list[dict]:
    versions = assessing.corrections(county, months).filter(village__township=township)
    versions = versions.select_related("ret__village", "sent_back_by").order_by("month", "village_id", "number")
    return [_line(version.ret, _told_of(version)) for version in versions]


def _told_of(version) -> str:
    said = {"n": version.number}
    if version.sent_back_at is None:
        return _("version %(n)d was locked and reopened") % said
    said |= {"day": timezone.localdate(version.sent_back_at).isoformat(), "reason": version.send_back_reason}
    return _("version %(n)d was sent back on %(day)s: %(reason)s") % said


def _late(county, township, months) -> list[dict]:
    rows = _rows(county, township, months).exclude(**{f"counted__{BY_KEY['late'].column}": 0}).filter(counted__isnull=False)
    found = []
    for ret in rows:
        late = getattr(ret.counted, BY_KEY["late"].column)
        url = reverse("cell", args=[ret.village_id, ret.month, "late"])
        found.append(_line(ret, _("%(n)+d persons recorded late") % {"n": late}) | {"url": url})
    return found


def _line(ret, what) -> dict:
    url = reverse("return", args=[ret.village_id, ret.month])
    return {"village": ret.village, "month": ret.month, "what": what, "url": url}


LISTS = {assessing.ON_TIME: _not_on_time, assessing.COMPLETE: _not_in, assessing.SENT_BACK: _sent_back, assessing.LATE: _late}
