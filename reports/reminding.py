"""Reminding: word to the villages that are not in, once a day at most, and to their stations which ones."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from laborreg import clock
from laborreg.codes import under_any
from laborreg.months import Month
from laborreg.refusals import Refusal
from officers import audit, messages
from officers.messages import Letter
from officers.models import Message, Officer
from officers.roles import TOWNSHIP
from reports.actions import return_url
from reports.deadlines import deadlines
from reports.models import CountyMonth, MonthlyReturn, Reminder, Seal
from reports.progress import Missing, by_station, missing
from villages.areas import posted_at
from villages.models import County, Township, Village

NOT_IN = gettext_noop("%(month)s of %(village)s is not in yet: due on %(due)s, open until %(closes)s.")
SENT_BACK_AND_NOT_IN = gettext_noop("%(month)s of %(village)s was sent back and is not in again: open until %(closes)s.")
CLOSED_AND_NOT_IN = gettext_noop("%(month)s of %(village)s is not in, and it closed on %(closes)s: call the station.")
OF_STATION = gettext_noop("Not in yet for %(month)s: %(villages)s.")


@dataclass
class Reminded:
    """What one reminding did."""

    villages: list[str] = field(default_factory=list)
    officers: int = 0
    # Missing as well: told today already, or without anybody to tell.
    already: int = 0
    without_officer: int = 0

    @property
    def text(self) -> str:
        said = [ngettext("%(n)d village is reminded", "%(n)d villages are reminded", len(self.villages)) % {
            "n": len(self.villages),
        }]
        if self.already:
            said.append(ngettext(
                "%(n)d was reminded today already", "%(n)d were reminded today already", self.already,
            ) % {"n": self.already})
        if self.without_officer:
            said.append(ngettext(
                "%(n)d has nobody to remind", "%(n)d have nobody to remind", self.without_officer,
            ) % {"n": self.without_officer})
        return _("%(what)s.") % {"what": _(", ").join(said)}


@transaction.atomic
def remind(county: County, month: Month, *, by: Officer | None, areas: Iterable[str]) -> Reminded:
    """Tell the officers of each village under the areas that is not in; nobody twice a day. `by` None: the command."""
    areas = list(areas)
    if by:
        for area in areas:
            by.must("approve", at=area)
    # Of two who remind at once, the second sees what the first did.
    if not CountyMonth.objects.select_for_update(no_key=True).filter(county=county, month=month).first():
        raise Refusal(_("%(month)s is not opened.") % {"month": month.label})
    _may_remind(county, month)
    rows = [row for area in areas for row in missing(MonthlyReturn.objects.under(area).filter(month=month))]
    told = set(Reminder.objects.filter(county=county, on=clock.today()).values_list("ret_id", flat=True))
    fresh = [row for row in rows if row.ret.pk not in told]
    done = Reminded(
        [row.village.code for row in fresh if row.officers], sum(len(row.officers) for row in fresh),
        len(rows) - len(fresh), sum(1 for row in fresh if not row.officers),
    )
    _send(county, month, [row for row in fresh if row.officers], by)
    return done


def _may_remind(county, month):
    days = deadlines(county, month)
    if not days.is_open:
        raise Refusal(_("%(month)s can be submitted from %(day)s on.") % {"month": month.label, "day": days.opens_on})
    if Seal.objects.filter(county=county, month=month).exists():
        raise Refusal(_("%(month)s is locked already.") % {"month": month.label})


def _send(county, month, rows: list[Missing], by):
    if not rows:
        return
    to_stations = _to_stations(month, rows) if not by or by.role != TOWNSHIP else []
    messages.send_many([*(_to_village(county, month, row) for row in rows), *to_stations])
    today, now = clock.today(), clock.now()
    Reminder.objects.bulk_create([
        Reminder(county=county, ret=row.ret, on=today, told=len(row.officers), by=by, at=now) for row in rows
    ])
    audit.record("reminded", county, by=by, place=county.code, detail={
        "month": str(month), "villages": [row.village.code for row in rows],
    })


def _to_village(county, month, row: Missing) -> Letter:
    days = deadlines(county, month, row.village.code)
    text = CLOSED_AND_NOT_IN if days.is_closed else SENT_BACK_AND_NOT_IN if row.is_sent_back else NOT_IN
    return Letter(
        row.officers, text, url=return_url(row.ret),
        values={
            "month": month, "village": row.village.short_name, "due": days.due_on, "closes": days.closes_on,
        },
    )


def _to_stations(month, rows: list[Missing]) -> list[Letter]:
    stations = by_station(rows)
    officers = posted_at([township.code for township in stations])
    url = reverse("queue", args=[month]) + "?tab=missing"
    return [
        Letter(
            officers[township.code], OF_STATION,
            {"month": month, "villages": "、".join(row.village.short_name for row in of_township)}, url,
        )
        for township, of_township in stations.items()
    ]


def history(areas: Iterable[str], county: County, month: Month) -> list[dict]:
    """Who reminded when, and how many villages and officers under the areas; the newest first."""
    rows = Reminder.objects.filter(under_any("ret__village_id", areas), county=county, ret__month=month)
    found = rows.values("at", "by__name").annotate(villages=Count("pk"), officers=Sum("told")).order_by("-at")
    return [_entry(row) for row in found]


def _entry(row) -> dict:
    said = ngettext("reminded %(n)d village", "reminded %(n)d villages", row["villages"]) % {"n": row["villages"]}
    return {"who": row["by__name"] or _("The system"), "what": said, "when": row["at"]}


@dataclass(frozen=True)
class Sent:
    """A reminder of one village, in the words that its officers read."""

    reminder: Reminder
    text: str

    @property
    def village(self) -> Village:
        return self.reminder.ret.village


def sent(returns) -> list[Sent]:
    """The reminders of some returns of one month, the newest first; `returns` is a query. Two queries."""
    found = Reminder.objects.filter(ret__in=returns).select_related("ret__village__township", "by")
    rows = list(found.order_by("-at", "ret__village_id"))
    words = _words_of({return_url(row.ret) for row in rows})
    return [Sent(row, words.get((return_url(row.ret), row.on), "")) for row in rows]


def _words_of(urls) -> dict[tuple[str, date], str]:
    """(address of the return, day): the message as it was sent; the officers of a village have the same."""
    found = Message.objects.filter(url__in=urls, text__in=[NOT_IN, SENT_BACK_AND_NOT_IN, CLOSED_AND_NOT_IN])
    return {(message.url, localdate(message.at)): str(message) for message in found}


def by_township(rows: list[Sent]) -> dict[Township, list[Sent]]:
    found: dict[Township, list[Sent]] = {}
    for row in sorted(rows, key=lambda row: row.village.code[:9]):
        found.setdefault(row.village.township, []).append(row)
    return found
