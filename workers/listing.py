"""What a list of people is asked for: by tab, words, place, work, order. The page, the paper and the roster ask alike.

A roster may also be of the rows that were ticked in the list; then these alone count, as far as the officer sees them.
"""

from functools import cached_property

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from laborreg.forms import row_number
from villages.models import Village
from workers import codes, regions, search, standing
from workers.models import Batch, Doubt, Notice, Transfer, UnnamedGroup, Worker


def _no_id(people, day):
    return standing.registered(people.filter(id_index__isnull=True), day)


def _doubted(people, day):
    return people.filter(pk__in=Doubt.objects.open().filter(worker__isnull=False).values("worker"))


def untold(people, day):
    """Registered, and neither asked for consent nor told otherwise what is kept of them."""
    told = Notice.objects.filter(worker=OuterRef("pk"))
    return standing.registered(people, day).filter(~Exists(told), consent="")


# name in the address → (label, which people)
VIEWS = {
    "": (lambda: _("All"), standing.registered),
    "away": (lambda: _("Away"), standing.away),
    "local": (lambda: _("Working near home"), standing.local),
    "home": (lambda: _("At home"), standing.at_home),
    "no_id": (lambda: _("No ID number"), _no_id),
    "gone": (lambda: _("Died or left"), standing.gone),
    "contract": (lambda: _("Contract ending"), standing.contract_ending),
    "doubted": (lambda: _("With an open doubt"), _doubted),
    "untold": (lambda: _("Not told yet what is kept"), untold),
}
MOST_TICKED = 1_000
# Other pages lead here; a tab only while it is looked at.
QUIET_VIEWS = {"contract", "doubted", "untold"}
SORTS = {
    "": (lambda: _("By name"), ["village_id", "name_pinyin", "id"]),
    "newest": (lambda: _("Latest departure first"), ["-left_on", "id"]),
    "oldest": (lambda: _("Earliest departure first"), ["left_on", "id"]),
    "pay": (lambda: _("Highest pay first"), ["-pay_now", "id"]),
}


def _ticked(text) -> list[int]:
    numbers = (row_number(part) for part in text.split(","))
    return sorted({number for number in numbers if number is not None})[:MOST_TICKED]


class Query:
    """Everybody of the officer's places, narrowed by what was asked; what is unknown narrows nothing."""

    def __init__(self, officer, asked, day):
        self.officer, self.day = officer, day
        asked = asked.get
        self.view = asked("view") if asked("view") in VIEWS else ""
        self.q = (asked("q") or "").strip()[:60]
        self.region = asked("region") if asked("region") in regions.REGIONS else ""
        self.industry = asked("industry") if asked("industry") in dict(codes.SECTIONS) else ""
        self.places = Village.objects.visible_to(self.officer).select_related("township").order_by("code")
        self.place = self._known_place(asked("village") or "")
        self.is_small = all(len(self.place or post) >= 9 for post in self.officer.posts)
        self.sort = asked("sort") if asked("sort") in SORTS and self.is_small else ""
        self.sheet = self._known_sheet(row_number(asked("sheet")))
        # None where no row was to be ticked; an empty list where none was.
        self.ticked = _ticked(asked("ticked")) if asked("ticked") is not None else None

    def _known_place(self, code):
        """A village or township of the officer's; any other narrows nothing."""
        return code if any(village.pk.startswith(code) for village in self.places if len(code) in (9, 12)) else ""

    def _known_sheet(self, number) -> Batch | None:
        """An import that the officer may see, while it is in the ledger."""
        batches = Batch.objects.visible_to(self.officer).filter(state="committed")
        return number and batches.filter(pk=number).first()

    @property
    def asked(self) -> dict[str, str]:
        """What was asked and is known, as the address says it."""
        if self.ticked is not None:
            ticked = {"ticked": ",".join(map(str, self.ticked))}
            return {"village": self.place} | ticked if self.place else ticked
        found = {"view": self.view, "q": self.q, "village": self.place, "region": self.region,
                 "industry": self.industry, "sort": self.sort, "sheet": self.sheet and str(self.sheet.pk)}
        return {name: said for name, said in found.items() if said}

    def rows(self):
        if self.ticked is not None:
            return self.people.filter(pk__in=self.ticked).select_related("village__township").order_by(*SORTS[""][1])
        rows = self.narrowed(VIEWS[self.view][1](self.people, self.day))
        working = Transfer.objects.covering(self.day).filter(worker=OuterRef("pk"))
        if self.sort in ("newest", "oldest"):
            rows = rows.annotate(left_on=Subquery(working.values("started_on")[:1])).exclude(left_on=None)
        if self.sort == "pay":
            rows = rows.annotate(pay_now=Subquery(working.values("pay")[:1])).exclude(pay_now=None)
        return rows.select_related("village__township").order_by(*SORTS[self.sort][1])

    @property
    def unnamed(self) -> int:
        """Who is away besides those listed: nobody's name is known."""
        if self.view not in ("", "away") or self.q or self.region or self.industry or self.sheet or not self.is_small:
            return 0
        groups = UnnamedGroup.objects.visible_to(self.officer)
        return standing.unnamed_away(groups.under(self.place) if self.place else groups, self.day)

    @property
    def people(self):
        people = Worker.objects.valid().visible_to(self.officer)
        return people.under(self.place) if self.place else people

    def narrowed(self, rows):
        if self.q:
            rows = search.matching(rows, self.q, by=self.officer)
        if self.region:
            rows = standing.in_region(rows, self.region, self.officer.county_code, self.day)
        if self.industry:
            working = Transfer.objects.covering(self.day).filter(industry=self.industry)
            rows = rows.filter(pk__in=working.values("worker"))
        if self.sheet:
            written = self.sheet.rows.filter(verdict__in=["new", "changed"], worker_number__isnull=False)
            rows = rows.filter(pk__in=written.values("worker_number"))
        return rows

    @property
    def views(self):
        """The tabs, counted where the area is small enough to count at each look."""
        counts = standing.counts(self.people.order_by(), self.day) if self.is_small else {}
        for name, (label, _which) in VIEWS.items():
            if name in QUIET_VIEWS and name != self.view:
                continue
            yield {"name": name, "label": label(), "count": counts.get(name), "is_current": name == self.view}

    @property
    def sorts(self):
        """By name alone where the area is too large to sort at each look."""
        return [(name, label()) for name, (label, _columns) in SORTS.items() if self.is_small or not name]

    @cached_property
    def place_choices(self) -> list:
        """(code, name, depth): each township, where there are several, and its villages under it."""
        if len(self.places) < 2:
            return []
        townships = {village.township_id: village.township.label for village in self.places}
        choices = [(code, label, 0) for code, label in townships.items()] if len(townships) > 1 else []
        return sorted(choices + [(village.pk, village.label, bool(choices)) for village in self.places])

    @property
    def chosen(self) -> list:
        """What narrows the list now: parameter and words, each to be taken away."""
        place = {code: label for code, label, _depth in self.place_choices}
        found = [
            ("q", self.q), ("village", place.get(self.place)), ("region", regions.REGIONS.get(self.region)),
            ("industry", dict(codes.SECTIONS).get(self.industry)), ("sheet", self.sheet and self.sheet.file_name),
        ]
        return [(name, label) for name, label in found if label]

    regions = regions.REGIONS.items()
    industries = codes.SECTIONS
