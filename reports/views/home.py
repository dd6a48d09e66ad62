"""The first page of each role: the village's own month and tasks; the others go on to their pages."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from laborreg import clock
from officers import audit, doors, roles
from officers.pages import page
from officers.views import door
from reports import actions, checks
from reports.behind import Live
from reports.deadlines import deadlines
from reports.models import DRAFT, REOPENED, SENT_BACK, CellMessage, MonthlyReturn
from reports.views.desk import tag_of
from reports.views.finding import may_preview, preview
from villages.models import Lineage, Village
from workers import duplicates, standing, visits
from workers.doubts import BY_CODE, SUSPECT, WRONG, of_severity
from workers.models import Doubt, MoveRequest, Transfer, UnnamedGroup, Worker

HOME_OF = {
    roles.TOWNSHIP: "queue_home", roles.COUNTY: "totals_home", roles.LEADER: "totals_home", roles.ADMIN: "accounts",
}

# Of these the village may still change what it files.
OPEN = [DRAFT, SENT_BACK, REOPENED]


def front_door(request):
    """What a visitor sees who is not signed in."""
    return door(request) if doors.are_open(request) else redirect("sign_in")


@page(signed_out=front_door)
def home(request):
    if request.user.role in HOME_OF:
        return redirect(HOME_OF[request.user.role])
    villages = list(_to_keep(request.user).select_related("township__county").order_by("code"))
    if not villages:
        return render(request, "reports/home_nowhere.html")
    village = next((v for v in villages if v.pk == request.GET.get("village")), villages[0])
    context = {"villages": villages, "village": village} | _month(request, village)
    return render(request, "reports/home_village.html", context)


def _to_keep(officer):
    """The officer's villages; one that was merged or got a new code only while a return of it is open."""
    still_open = MonthlyReturn.objects.filter(village=OuterRef("pk"), state__in=OPEN)
    ended = Lineage.objects.filter(old=OuterRef("pk"), kind__in=Lineage.ENDING)
    return Village.objects.visible_to(officer).filter(~Exists(ended) | Exists(still_open))


def _month(request, village) -> dict:
    """The month card, the strip and the tasks of one village."""
    running = _running(request, village)
    open_returns = _over_and_open(request, village)
    ret = open_returns[0] if open_returns else running
    card = MonthCard(ret, Live(ret)) if ret else None
    tasks = [*(_return_task(each) for each in open_returns), *_people_tasks(request.user, village)]
    return {"card": card, "strip": _strip(card, running or ret) if card else [], "tasks": tasks}


def _running(request, village) -> MonthlyReturn | None:
    """The return of the month that runs today; where the county has not opened it yet, a preview."""
    month = village.township.county.month_of(clock.today())
    rows = MonthlyReturn.objects.visible_to(request.user).select_related("newest")
    ret = rows.filter(village=village, month=month).first()
    if ret is None:
        return preview(village, month) if may_preview(village, month) else None
    return _at(ret, village)


def _over_and_open(request, village) -> list[MonthlyReturn]:
    """Returns that the village still has to submit, the oldest first."""
    rows = MonthlyReturn.objects.visible_to(request.user).filter(village=village, state__in=OPEN)
    returns = [_at(ret, village) for ret in rows.select_related("newest").order_by("month")]
    return [ret for ret in returns if deadlines(ret.county, ret.month, ret.village_id).is_open]


def _at(ret, village):
    ret.village, ret.county = village, village.township.county
    return ret


class MonthCard:
    """The one thing to do this month."""

    def __init__(self, ret: MonthlyReturn, live: Live):
        self.ret, self.figures = ret, live.figures
        self.days = deadlines(ret.county, ret.month, ret.village_id)
        self.url = actions.return_url(ret)
        wrong = {finding.name for finding in live.findings()}
        self.all_checks, self.wrong = len(checks.CHECKS), len(wrong)
        self.holding = self.all_checks - self.wrong
        self.tag = tag_of(ret, self.days)

    @property
    def deadline(self) -> dict:
        """How long there is left, with the tone of its tag."""
        left = self.days.days_left
        if self.ret.state == REOPENED:
            return self.tag
        if not self.days.is_open:
            words = _("Runs until %(day)s") % {"day": self.days.last_day}
            return {"label": words, "tone": "info", "icon": "calendar-days"}
        if self.days.is_closed:
            return {"label": _("Closed"), "tone": "bad", "icon": "lock"}
        if left < 0:
            if self.days.extended_by:
                words = _("Open until %(day)s") % {"day": self.days.closes_on}
                return {"label": words, "tone": "warn", "icon": "calendar-days"}
            words = ngettext("%(n)d day overdue", "%(n)d days overdue", -left) % {"n": -left}
            return {"label": words, "tone": "bad", "icon": "calendar-days"}
        if left == 0:
            return {"label": _("Due today"), "tone": "warn", "icon": "calendar-days"}
        words = ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left}
        return {"label": words, "tone": "warn", "icon": "calendar-days"}

    @property
    def note(self) -> str:
        """Until when, and by whom."""
        if self.ret.state == REOPENED:
            return _("The locked version counts until it is locked again")
        if not self.days.is_open:
            return _("To be submitted from %(day)s") % {"day": self.days.opens_on}
        if self.days.is_closed:
            return _("Now only the station can submit it")
        if self.days.days_left < 0:
            return _("Closes after %(day)s") % {"day": self.days.closes_on}
        if self.days.extended_by:
            return _("Due on %(day)s, put off: %(reason)s") % {
                "day": self.days.due_on, "reason": self.days.extended_by[-1].reason,
            }
        return _("Due on %(day)s") % {"day": self.days.due_on}

    @property
    def is_to_do(self) -> bool:
        return self.ret.is_open and self.days.is_open and (not self.days.is_closed or self.ret.state == REOPENED)


def _strip(card: MonthCard, running: MonthlyReturn) -> list[dict]:
    """Away as of today; the others in the month of the card."""
    month = {"month": card.ret.month.short_label}
    away = standing.away_count(running.village_id, clock.today())
    return [
        _term(card.ret, "labor_force", card.figures["labor_force"], _("labor force")),
        _term(running, "away", away, _("away now (%(month)s)") % {"month": running.month.short_label}),
        _term(card.ret, "left", card.figures["left"], _("left in %(month)s") % month),
        _term(card.ret, "came_home", card.figures["came_home"], _("came home in %(month)s") % month),
    ]


def _term(ret, key, value, label) -> dict:
    return {"value": f"{value:,}", "label": label, "url": reverse("cell", args=[ret.village_id, ret.month, key])}


@dataclass
class Task:
    """One line of what needs attention."""

    count: int
    tone: str
    title: str
    detail: str
    url: str


def _return_task(ret: MonthlyReturn) -> Task:
    month, url = ret.month.label, actions.return_url(ret)
    if ret.state == DRAFT:
        days = deadlines(ret.county, ret.month, ret.village_id)
        tone = "bad" if days.days_left < 0 else "warn"
        return Task(1, tone, _("Submit the return for %(month)s") % {"month": month},
                    _("Due on %(day)s, closes after %(end)s") % {"day": days.due_on, "end": days.closes_on}, url)
    asked = CellMessage.objects.filter(ret=ret, answered_at__isnull=True).count()
    words = ngettext("%(n)d question to answer", "%(n)d questions to answer", asked) % {"n": asked}
    title, reason = _why_again(ret)
    detail = " · ".join(filter(None, [reason, words if asked else ""]))
    return Task(max(asked, 1), "bad", title % {"month": month}, detail, url)


def _why_again(ret: MonthlyReturn) -> tuple[str, str]:
    """What was done with a return that was in already, and the reason that was given."""
    if ret.state == SENT_BACK or ret.newest_id != ret.counted_id:
        return _("%(month)s was sent back, please correct it"), ret.newest.send_back_reason
    event = audit.trail(ret).filter(verb="reopened").order_by("-number").first()
    return _("%(month)s was reopened, please correct it"), event.detail.get("reason", "") if event else ""


def _people_tasks(officer, village) -> list[Task]:
    return [task for task in (
        _moves(officer, village), _without_id(officer, village), _unheard(officer, village),
        _contracts(officer, village), _unnamed(officer, village), _doubts(officer, village), _twins(officer, village),
    ) if task]


def _moves(officer, village) -> Task | None:
    asked = [each for each in MoveRequest.objects.visible_to(officer).open() if each.other_village_id == village.pk]
    names = [each.name for each in asked if each.asked_by_id != officer.pk]
    if not names:
        return None
    title = ngettext("%(n)d move to answer", "%(n)d moves to answer", len(names)) % {"n": len(names)}
    return Task(len(names), "warn", title % {"n": len(names)}, _named(names), reverse("moves"))


def _without_id(officer, village) -> Task | None:
    people = Worker.objects.valid().visible_to(officer).filter(village=village, no_id_reason="not_at_hand")
    names = list(standing.registered(people, clock.today()).values_list("name", flat=True))
    if not names:
        return None
    title = ngettext("%(n)d person without an ID number", "%(n)d people without an ID number", len(names))
    return Task(len(names), "warn", title % {"n": len(names)}, _named(names), reverse("people") + "?view=no_id")


def _unheard(officer, village) -> Task | None:
    day = clock.today()
    days = visits.visit_days(village.township.county, day)
    away = visits.stale(Transfer.objects.visible_to(officer).filter(village=village), day, days)
    names = list(away.values_list("worker__name", flat=True))
    if not names:
        return None
    title = ngettext(
        "%(n)d person not asked for %(days)d days", "%(n)d people not asked for %(days)d days", len(names)
    ) % {"n": len(names), "days": days}
    url = f"{reverse('visit_round')}?village={village.pk}"
    return Task(len(names), "warn", title, _named(names), url)


def _contracts(officer, village) -> Task | None:
    people = Worker.objects.valid().visible_to(officer).filter(village=village)
    names = list(standing.contract_ending(people, clock.today()).values_list("name", flat=True))
    if not names:
        return None
    title = ngettext("%(n)d contract ends within 30 days", "%(n)d contracts end within 30 days", len(names))
    return Task(len(names), "info", title % {"n": len(names)}, _named(names), reverse("people") + "?view=contract")


def _unnamed(officer, village) -> Task | None:
    groups = UnnamedGroup.objects.visible_to(officer).filter(village=village, voided_at__isnull=True)
    still_out = groups.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=clock.today()))
    found = standing.with_named(still_out)
    unnamed = [group.persons - group.named for group in found if group.persons > group.named]
    if not unnamed:
        return None
    title = ngettext("%(n)d group without names", "%(n)d groups without names", len(unnamed)) % {"n": len(unnamed)}
    persons = sum(unnamed)
    detail = ngettext("%(n)d person to name", "%(n)d persons to name", persons) % {"n": persons}
    return Task(persons, "warn", title, detail, reverse("groups"))


def _doubts(officer, village) -> Task | None:
    """Wrong or doubtful; what is only missing stands on the page of data quality."""
    grave = [*of_severity(WRONG), *of_severity(SUSPECT)]
    rows = Doubt.objects.visible_to(officer).filter(village=village).open().filter(rule__in=grave).order_by("pk")
    found = list(rows.values_list("worker__name", "rule"))
    if not found:
        return None
    title = ngettext("%(n)d doubt in the ledger", "%(n)d doubts in the ledger", len(found)) % {"n": len(found)}
    names = list(dict.fromkeys(name or str(BY_CODE[rule].title) for name, rule in found))
    return Task(len(found), "warn", title, _named(names), reverse("quality", args=[village.pk]))


def _twins(officer, village) -> Task | None:
    """Pairs of entries of the village that may be one person."""
    n = duplicates.waiting(officer, village.pk)
    if not n:
        return None
    return Task(n, "info", duplicates.told_of(n), _("Look at both, make them one or tell them apart"), reverse("duplicates"))


def _named(names) -> str:
    """The first three, and how many more."""
    shown = _(", ").join(names[:3])
    return shown if len(names) <= 3 else _("%(names)s and %(n)d more") % {"names": shown, "n": len(names) - 3}
