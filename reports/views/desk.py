"""One return as an officer has it on the desk: figures, checks, steps, history, and what may be done with it."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from officers import audit
from officers.models import Officer
from reports import actions, checks, filing, layout, spot_checks
from reports.behind import Live
from reports.deadlines import Deadlines, deadlines
from reports.forms import AnswerForm, SendBackForm, SubmitForm
from reports.models import APPROVED, DRAFT, LOCKED, REOPENED, SENT_BACK, SUBMITTED, MonthlyReturn
from reports.progress import TAGS
from reports.views.finding import source_of
from workers.ledger import BY_KEY, KEYS

# Of what differs between the ledger and a filed version, these are told first.
FIRST = ["away", "left", "came_home", "moved", "labor_force", "households", "income_month"]
# What the trail's words are on this page.
WORDS = {
    "submitted": lambda: _("submitted it"), "approved": lambda: _("approved it"),
    "sent back": lambda: _("sent it back"), "locked": lambda: _("locked it"), "reopened": lambda: _("reopened it"),
    "closed unchanged": lambda: _("closed it unchanged"),
    "answered": lambda: _("answered a question"),
    "set back to draft": lambda: _("changed the month before: a draft again"),
}


class Desk:
    """One return with all that its page says, for the officer who looks at it."""

    def __init__(self, request, ret: MonthlyReturn, version: int | None = None):
        """`version`: what is shown where the address names none."""
        self.request, self.ret, self.officer = request, ret, request.user
        self.village, self.month, self.county = ret.village, ret.month, ret.county
        self.days = deadlines(ret.county, ret.month, ret.village_id)
        self.source = source_of(request, ret, version)
        self.figures = self.source.figures
        self.is_live = isinstance(self.source, Live)
        # The return as it stands, not one of its versions nor what would be said today of what was filed.
        self.is_current = self.is_live == ret.is_open and not request.GET.get("version")
        self.previous, self.last_year = self._neighbors()
        self.found = self.source.findings() if self.is_live else self.source.findings(ret)

    def _neighbors(self):
        rows = MonthlyReturn.objects.visible_to(self.officer).filter(
            village=self.village, month__in=[self.month.previous, self.month.a_year_before]
        ).select_related("newest")
        by_month = {row.month: row for row in rows}
        return by_month.get(self.month.previous), by_month.get(self.month.a_year_before)

    @property
    def version(self):
        return self.source.version

    @property
    def title(self):
        return _("Return for %(month)s") % {"month": self.month.label}

    @property
    def tag(self):
        return tag_of(self.ret, self.days)

    @cached_property
    def checked(self) -> list:
        """(figure, factor) of the spot checks of this village's month that are finished."""
        return [(layout.full_label(key), factor) for key, factor in spot_checks.of_village(self.village, self.month)]

    @property
    def query(self) -> str:
        """What a cell's address carries so that it opens the same figures as the page shows."""
        if self.request.GET.get("version"):
            return f"?version={self.version.number}"
        return "?as=now" if self.is_live and not self.ret.is_open else ""

    def cell(self, key) -> str:
        return reverse("cell", args=[self.village.pk, self.month, key]) + self.query

    # The figures

    @property
    def terms(self):
        """opening + left − came home ± moved ± late = away; what is 0 of the last two is left out."""
        f = self.figures
        terms = [("", f["opening"], pgettext("equation", "start"), "opening"),
                 ("+", f["left"], pgettext("equation", "left"), "left"),
                 ("−", f["came_home"], pgettext("equation", "came home"), "came_home")]
        rare = (("moved", pgettext("equation", "moved")), ("late", pgettext("equation", "late")))
        terms += [("+" if f[key] > 0 else "−", abs(f[key]), label, key) for key, label in rare if f[key]]
        terms.append(("=", f["away"], pgettext("equation", "away"), "away"))
        return [
            {"sign": sign, "value": f"{value:,}", "label": label, "url": self.cell(key)}
            for sign, value, label, key in terms
        ]

    @property
    def derived(self):
        before = self.previous.newest.figures if self.previous and self.previous.newest else None
        return layout.derived_figures(self.figures, before)

    @property
    def beside(self):
        """The version that a correction is compared with: what was sent back, reopened, or set back to draft."""
        return self.ret.newest if self.is_live and self.ret.newest else None

    @cached_property
    def sides(self):
        """The cards of figures, in two columns."""
        beside = self.beside.figures if self.beside else None
        sets = [self.figures, _figures_of(self.previous), _figures_of(self.last_year), beside]
        marks = {layout.card_of(finding.figure): finding for finding in reversed(self.found) if finding.figure}
        return [[self._card(card, sets, marks) for card in side] for side in (layout.LEFT_SIDE, layout.RIGHT_SIDE)]

    def _card(self, card, sets, marks):
        finding = marks.get(card.name)
        return {
            "name": card.name, "title": card.title, "head": self.figures[card.head], "finding": finding,
            "is_money": card.head == "income",
            "state": "ok" if finding is None else "bad" if finding.severity == checks.BLOCK else "warn",
            "rows": [(row, self.cell(row.key) if row.key else "") for row in layout.rows(card, *sets)],
        }

    @property
    def cards(self):
        return [card for side in self.sides for card in side]

    @property
    def differences(self):
        """What the ledger says otherwise by now than the version that counts: (words, filed, now)."""
        if self.is_live or not self.is_current:
            return []
        now = Live(self.ret).figures
        return [
            {"label": layout.full_label(key), "filed": self.figures[key], "now": now[key]}
            for key in [*FIRST, *(key for key in KEYS if key not in FIRST)] if now[key] != self.figures[key]
        ]

    @property
    def heads(self):
        """Over the columns: this month, last month, and the version that is corrected or else a year before."""
        beside = _("Version %(n)d") % {"n": self.beside.number} if self.beside else str(self.month.a_year_before)
        return [self.month.short_label, self.month.previous.short_label, beside]

    @property
    def definitions(self):
        rules = self.version.rules if self.version else self.county.rules_from(self.month).as_counted()
        return layout.definitions(rules, self.days.first_day, self.days.last_day)

    # The checks

    @property
    def checks(self):
        """Every check: those that do not hold first, each with where to look and how it was explained."""
        said = self.version.explanations if self.version else {}
        items = []
        for name, severity, _function in checks.CHECKS:
            here = [finding for finding in self.found if finding.name == name]
            for finding in here:
                items.append({
                    "state": "bad" if severity == checks.BLOCK else "warn", "title": checks.TITLES[name],
                    "detail": finding.text, "said": said.get(name, ""),
                    "url": self.cell(finding.figure) if finding.figure in BY_KEY else "",
                })
            if not here:
                items.append({"state": "ok", "title": checks.TITLES[name]})
        return sorted(items, key=lambda item: ["bad", "warn", "ok"].index(item["state"]))

    @property
    def blocking(self):
        return [finding for finding in self.found if finding.severity == checks.BLOCK]

    @property
    def warnings(self):
        return [finding for finding in self.found if finding.severity == checks.WARN]

    # Steps and history

    @property
    def steps(self):
        return steps_of(self.ret, self.days)

    @property
    def timeline(self):
        if self.ret.pk is None:
            return []
        return [
            {
                "who": event.by.name if event.by else _("By itself"),
                "what": WORDS[event.verb]() if event.verb in WORDS else event.verb,
                "when": _moment(event.at), "note": event.detail.get("reason", ""),
            }
            for event in reversed(list(audit.trail(self.ret)))
        ]

    @property
    def versions(self):
        """Newest first; a list of one says nothing that the page does not."""
        if self.ret.newest is None or (self.ret.newest.number == 1 and not self.ret.is_open):
            return []
        return list(self.ret.versions.select_related("submitted_by").order_by("-number"))

    def questions(self, answered_pk=None, answer_form=None):
        """Questions of the station, each with a form to answer it where it waits for this officer's answer."""
        if self.ret.pk is None:
            return []
        may_answer = self.ret.state in (SENT_BACK, REOPENED) and self._may_file
        # The station answers only where it is the one to submit.
        may_answer = may_answer and not (self.files_for_village and self.stops_submitting)
        return [
            {
                "question": question, "label": _label(question.figure),
                "url": self.cell(question.figure) if question.figure in BY_KEY else "",
                "form": (answer_form if question.pk == answered_pk else AnswerForm(prefix=f"q{question.pk}"))
                if may_answer and not question.answered_at else None,
            }
            for question in self.ret.cell_messages.select_related("by", "answered_by")
        ]

    # What the officer may do here

    @property
    def _may_file(self) -> bool:
        at = self.village.pk
        return self.officer.may("submit", at=at) or self.officer.may("submit for a village", at=at)

    @property
    def files_for_village(self) -> bool:
        return self.officer.role != "village" and self.officer.may("submit for a village", at=self.village.pk)

    @cached_property
    def reopened(self):
        """The event that opened it after it was locked; None while it is not open again."""
        if not self.ret.is_reopened:
            return None
        return next((event for event in reversed(list(audit.trail(self.ret))) if event.verb == "reopened"), None)

    @property
    def may_reopen(self) -> bool:
        """The county, of the newest locked month: to open it, or to close it as it was."""
        if not self.is_current or not self.officer.may("lock", at=self.county):
            return False
        is_newest = self.month == actions.newest_locked_month(self.county)
        return is_newest and self.ret.state in (LOCKED, REOPENED)

    @cached_property
    def stops_submitting(self) -> str:
        return actions.stops_submitting(self.ret, by=self.officer) if self._is_asked_to_file else ""

    @property
    def _is_asked_to_file(self) -> bool:
        return self.ret.is_open and self.is_current and self._may_file

    @property
    def changed_meanwhile(self) -> str:
        return _("This return was changed meanwhile; it is now: %(state)s.") % {
            "state": self.ret.get_state_display()
        }

    @property
    def is_unchanged(self) -> bool:
        return not any(self.figures[key] for key in checks.EVENTS)

    def submit_form(self, data=None) -> SubmitForm | None:
        """None where the officer cannot submit this return now."""
        if self.ret.pk is None or not self._is_asked_to_file or self.stops_submitting:
            return None
        return SubmitForm(data, warnings=self.warnings, needs_reason=self.files_for_village, prefix="submit")

    @property
    def fingerprint(self) -> str:
        return filing.fingerprint(self.figures)

    def review(self, form=None):
        """What a station or the county does with it; None for everybody else."""
        ret, by = self.ret, self.officer
        if ret.state not in (SUBMITTED, APPROVED) or not self.is_current or not by.may("send back", at=self.village.pk):
            return None
        if ret.state == APPROVED and by.role != "county":
            return None
        return {
            "queue": Queue(by, ret), "may_approve": ret.state == SUBMITTED,
            "stops": actions.held_back([ret], by=by).get(ret.pk, "") if ret.state == SUBMITTED else "",
            "form": form or SendBackForm(initial={"version": ret.newest.number}), "is_open": form is not None,
        }


def _figures_of(ret):
    return ret.newest.figures if ret and ret.newest else None


def _label(figure):
    return layout.full_label(figure) if figure in BY_KEY else figure


def _moment(at) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def tag_of(ret: MonthlyReturn, days: Deadlines | None = None) -> dict:
    """The state of a return as the context of _parts/status_tag.html."""
    tone, icon = TAGS[ret.state]
    is_running = ret.state == DRAFT and days is not None and not days.is_open
    label = _("Month not over") if is_running else ret.get_state_display()
    return {"label": label, "tone": tone, "icon": icon, "state": ret.state}


def steps_of(ret: MonthlyReturn, days: Deadlines) -> list[dict]:
    """Ledger, village, station, county: who did it and when, or until when it is to be done."""
    version = ret.newest
    place = {SUBMITTED: 2, APPROVED: 3, LOCKED: 4}.get(ret.state, 1 if days.is_open else 0)
    done = version if ret.is_in and ret.state != REOPENED else None
    is_late = place == 1 and days.days_left < 0
    due = _("was due on %(day)s") if is_late else _("due on %(day)s")
    filed_for = done and done.filed_for_reason
    steps = [
        (_("From the ledger"), _("%(first)s to %(last)s") % {"first": days.first_day, "last": days.last_day}, "table"),
        (_("Station submits") if filed_for else _("Village submits"),
         _who(done and done.submitted_by, done and done.submitted_at) or due % {"day": days.due_on}, "send"),
        (_("Station approves"), _who(done and done.approved_by, done and done.approved_at)
         or ret.village.township.label, "stamp"),
        (_("County locks"), _who(done and done.locked_by, done and done.locked_at)
         or _("due on %(day)s") % {"day": days.county_due_on}, "lock"),
    ]
    is_wrong = ret.state == SENT_BACK or is_late
    return [
        {"label": label, "note": note, "icon": icon,
         "state": "done" if number < place else "todo" if number > place else "bad" if is_wrong else "now"}
        for number, (label, note, icon) in enumerate(steps)
    ]


def _who(officer: Officer | None, at) -> str:
    return f"{officer.name} · {timezone.localtime(at):%Y-%m-%d}" if officer else ""


class Queue:
    """The returns of the month that wait for the officer, around one of them."""

    def __init__(self, officer: Officer, ret: MonthlyReturn):
        rows = MonthlyReturn.objects.visible_to(officer).filter(month=ret.month, state=SUBMITTED).exclude(pk=ret.pk)
        self._rows = list(rows.select_related("village").order_by("village_id"))
        self._code = ret.village_id

    @property
    def waiting(self) -> int:
        return len(self._rows)

    @property
    def next(self) -> MonthlyReturn | None:
        return next((row for row in self._rows if row.village_id > self._code), None)

    @property
    def previous(self) -> MonthlyReturn | None:
        return next((row for row in reversed(self._rows) if row.village_id < self._code), None)
