"""The names behind one figure of a return."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from officers.pages import page
from reports import actions, layout
from reports.behind import HOUSEHOLDS, OPENING, Behind
from reports.deadlines import deadlines
from reports.views.desk import tag_of
from reports.views.finding import return_or_404, source_of
from workers import codes, places
from workers.ledger import BY_KEY, YUAN, Event
from workers.models import Household, Transfer, Worker
from workers.regions import REGIONS

PAGE = 100
PEOPLE, EVENTS, LATE, IN_HOUSEHOLDS = "people", "events", "late", "households"
LATE_FIGURES = ("late", "late.left", "late.came_home", "late.income")


@page("see people")
def cell(request, village, month, key):
    if key not in BY_KEY:
        raise Http404
    ret = return_or_404(request, village, month)
    source = source_of(request, ret)
    kind = _kind(key)
    behind = source.behind(key)
    names = Names(request.user, behind, kind)
    rows = Paginator(names.in_order(), PAGE).get_page(request.GET.get("page"))
    rows.object_list = [names.row(each) for each in rows.object_list]
    total = sum(each.share for each in behind)
    days = deadlines(ret.county, ret.month, ret.village_id)
    context = {
        "ret": ret, "figure": BY_KEY[key], "label": layout.full_label(key), "unit": layout.unit_of(key), "kind": kind,
        "value": source.figures[key], "total": total, "page_obj": rows, "source": source, "key": key,
        # Of a version that was corrected only the figures are kept.
        "names_are_gone": source.version is not None and total != source.figures[key],
        "is_money": BY_KEY[key].unit == YUAN, "headings": HEADINGS[kind],
        "tag": tag_of(ret, days), "days": days, "back": actions.return_url(ret) + _query(request),
        "opening": source.opening_version if key == OPENING else None,
    }
    return render(request, "reports/cell.html", context)


def _kind(key: str) -> str:
    if key in HOUSEHOLDS:
        return IN_HOUSEHOLDS
    if key in LATE_FIGURES:
        return LATE
    return EVENTS if BY_KEY[key].of is Event else PEOPLE


def _query(request) -> str:
    """Back to the same figures; `source_of` has read the version as a number."""
    if number := request.GET.get("version"):
        return f"?version={int(number)}"
    return "?as=now" if request.GET.get("as") == "now" else ""


# The columns of each kind of list, between the name and the share.
HEADINGS = {
    PEOPLE: [_l("Place of work"), _l("Since"), _l("Work"), _l("How they found it"), _l("Monthly pay, yuan")],
    EVENTS: [_l("Day"), _l("Where"), _l("Why")],
    LATE: [_l("Month concerned")],
    IN_HOUSEHOLDS: [_l("Members")],
}


@dataclass
class Row:
    """One row of the list, in words; `cells` are (heading, words, smaller words below), as HEADINGS has them."""

    name: str
    url: str
    facts: str
    share: int
    is_group: bool
    cells: list


class Names:
    """The rows behind a figure, and which of them still lead to a page that the officer may see."""

    def __init__(self, officer, behind: list[Behind], kind: str):
        self.behind, self.kind = behind, kind
        numbers = [each.key[1] for each in behind if not each.is_group]
        people = Worker.objects.valid().visible_to(officer).filter(pk__in=numbers)
        trips = Transfer.objects.valid().visible_to(officer).filter(worker__in=numbers, month_only=True)
        self.month_only = set(trips.values_list("worker", "started_on"))
        self.pinyin = dict(people.values_list("pk", "name_pinyin"))
        self.heads = self._heads(officer) if kind == IN_HOUSEHOLDS else {}

    def _heads(self, officer):
        """Household → the name of its head, where household and head are the officer's to see."""
        households = Household.objects.visible_to(officer).filter(pk__in=[each.household for each in self.behind])
        heads = Worker.objects.valid().visible_to(officer).filter(household__in=households, relation="head")
        return dict.fromkeys(households.values_list("pk", flat=True), "") | dict(
            heads.values_list("household_id", "name")
        )

    def in_order(self) -> list[Behind]:
        """Events by day, money by amount, people by name; groups stand last."""
        return sorted(self.behind, key=lambda each: (each.is_group, self._place(each), each.key))

    def _place(self, each: Behind):
        if self.kind == EVENTS:
            return str(each.on), ""
        by_name = self.pinyin.get(each.key[1]) or each.name
        return (str(each.month) if self.kind == LATE else "", by_name)

    def row(self, each: Behind) -> Row:
        words = {PEOPLE: self._work, EVENTS: self._event, LATE: _late, IN_HOUSEHOLDS: self._members}[self.kind](each)
        cells = [(heading, *said) for heading, said in zip(HEADINGS[self.kind], words, strict=True)]
        return Row(self._name(each), self._url(each), _facts(each.line), each.share, each.is_group, cells)

    def _work(self, each: Behind):
        line = each.line
        if not line.destination:
            return [("", "")] * len(HEADINGS[PEOPLE])
        return [
            _place(each), self._day(each, line.started_on), (_word(codes.SECTIONS, line.section), _word(codes.JOBS, line.job)),
            (_word(codes.CHANNELS, line.channel), line.bearer),
            (f"{line.pay:,}" if line.pay is not None else "", ""),
        ]

    def _event(self, each: Behind):
        return [self._day(each, each.on), _place(each), (_word(codes.REASONS, each.reason), "")]

    def _day(self, each: Behind, day):
        """A departure of which only the month is known says so, as far as the ledger still knows it."""
        if not day:
            return "", ""
        if not each.is_group and not each.reason and (each.key[1], day) in self.month_only:
            return f"{day:%Y-%m}", _("only the month is known")
        return day.isoformat(), ""

    def _members(self, each: Behind):
        head = self.heads.get(each.household)
        return [(_(", ").join(name for name in each.members if name != (head or each.name)), "")]

    def _name(self, each: Behind) -> str:
        if not each.is_group:
            return self.heads.get(each.household) or each.name
        if each.kind == "late.income":
            return _("People not yet named")
        return ngettext("%(n)d person not yet named", "%(n)d persons not yet named", each.persons) % {"n": each.persons}

    def _url(self, each: Behind) -> str:
        if self.kind == IN_HOUSEHOLDS:
            return reverse("household", args=[each.household]) if each.household in self.heads else ""
        if each.is_group:
            return reverse("groups")
        return reverse("person", args=[each.key[1]]) if each.key[1] in self.pinyin else ""


def _facts(line) -> str:
    """Sex and age, as far as known."""
    if line is None:
        return ""
    age = str(line.age) if line.age is not None else dict(codes.AGE_BANDS).get(line.age_band, "")
    return " · ".join(str(part) for part in (dict(codes.SEXES).get(line.sex, ""), age) if part)


def _late(each: Behind):
    return [(each.month.label, "")]


def _place(each: Behind):
    """The place of work and how far away it is; of somebody who is home again only how far away it was."""
    line = each.line
    region = each.region or (line.region if line else "")
    is_there = line and line.destination and line.region == region
    words = str(REGIONS.get(region, ""))
    return (places.label(line.destination), words) if is_there else (words, "")


def _word(choices, code) -> str:
    return str(dict(choices).get(code, "")) if code else ""
