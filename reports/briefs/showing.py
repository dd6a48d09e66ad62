"""A brief as it stands on a page, on paper and in a message: paragraphs, each with what is drawn under it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from laborreg import charts, lunar
from laborreg.months import Month
from reports import comparing, destinations, layout
from reports.briefs import drafting, sentences
from reports.briefs.facts import TABLE
from reports.comparing import Change, Value
from reports.models import Brief, BriefVersion
from villages.models import County
from workers.ledger import BY_KEY, YUAN

# Under which paragraph each drawing and table stands.
EXHIBITS = {"headline": "trend", "year": "figures", "destinations": "places", "townships": "townships"}


@dataclass(frozen=True)
class Shown:
    """One paragraph."""

    key: str
    title: str
    text: str
    exhibit: str = ""
    is_own: bool = False
    is_edited: bool = False
    is_hidden: bool = False
    # What is generated from the brief's own figures, beside words of the officer that were typed over other ones.
    generated: str | None = None
    # What would be generated from the figures of now, where that differs from the brief's.
    fresh: str | None = None


@dataclass(frozen=True)
class Row:
    """A township in the table of the brief."""

    name: str
    expected: int
    received: int
    away: Value
    bar: str
    change: Change | None
    left: Value
    came_home: Value
    transferred: Value


@dataclass(frozen=True)
class Figure:
    """A figure beside last month and last year."""

    label: str
    now: Value
    before: Value
    a_year_before: Value
    change: Change | None


class Sheet:
    """What a draft or a version says, and the drawings of its figures."""

    def __init__(self, facts: dict, paragraphs: list[Shown]):
        self.facts, self.paragraphs, self.month = facts, paragraphs, Month.parse(facts["month"])
        self.standing = facts["standing"]

    @property
    def area(self) -> str:
        return sentences.place(self.facts["area"])

    @property
    def bureau(self) -> str:
        return _("%(county)s Bureau of Labor and Employment") % {"county": self.area}

    @property
    def heading(self) -> str:
        return _("Monthly brief on labor transfer")

    @property
    def state(self) -> str:
        """快报: what stands in the heading of a brief whose month is not sealed, whatever paragraphs are hidden."""
        if self.standing["seal"]:
            return ""
        return _("Provisional: the month is not sealed, %(received)s of %(expected)s villages are in") % {
            "received": sentences.number(self.standing["received"]), "expected": sentences.number(self.standing["expected"]),
        }

    @property
    def alike_note(self) -> str:
        """Of how many villages the earlier months of the tables are, while others are missing."""
        n = self.facts.get("alike")
        return _("Earlier months: of the %(n)s villages that are in, so that like is compared with like.") % {
            "n": sentences.number(n),
        } if n else ""

    @property
    def issue(self) -> str:
        """期号: a brief appears once a month."""
        return _("%(year)d, issue %(number)d") % {"year": self.month.year, "number": self.month.number}

    @property
    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.facts["at"])

    @property
    def visible(self) -> list[Shown]:
        return [each for each in self.paragraphs if not each.is_hidden and each.text]

    # Under the paragraphs.

    @cached_property
    def months(self) -> list[Month]:
        return [Month.parse(month) for month, _now, _before in self.facts["trend"]]

    @property
    def trend_label(self) -> str:
        return _("Away at the end of each month, %(first)s to %(last)s") % {
            "first": self.months[0].label, "last": self.months[-1].label,
        }

    def trend(self) -> str:
        series, previous = ([row[n] for row in self.facts["trend"]] for n in (1, 2))
        marks = [(month, _("Spring Festival")) for month in self.festivals]
        return charts.trend(series, months=self.months, label=self.trend_label, previous=previous, marks=marks)

    @cached_property
    def festivals(self) -> list[Month]:
        """The report months in which one lies."""
        county = County.objects.get(pk=self.facts["area"]["code"][:6])
        return [month for month, _day in lunar.festivals(self.months[0], self.months[-1], county.month_of)]

    def trend_rows(self) -> list[tuple[Month, int | None, int | None]]:
        return [(month, now, before) for month, (_m, now, before) in zip(self.months, self.facts["trend"], strict=True)]

    def tiles(self) -> str:
        label = _("Where those away are, by province, at the end of %(month)s") % {"month": self.month.label}
        return charts.tiles(dict(self.facts["places"]), label=label, home=self.facts["area"]["code"][:2])

    def places(self) -> list[destinations.Place]:
        """The ten that most went to; the share is one of all who are away."""
        return destinations.places(dict(self.facts["places"]), self.facts["figures"]["away"][0])[:10]

    def townships(self) -> list[Row]:
        rows = self.facts["townships"]
        largest = max((row["away"] for row in rows if isinstance(row["away"], int)), default=0)
        return [
            Row(
                sentences.place(row), row["expected"], row["received"], row["away"],
                charts.bar(row["away"], largest) if isinstance(row["away"], int) else "",
                comparing.change(row["away"], row["before"]), row["left"], row["came_home"], row["transferred"],
            )
            for row in rows
        ]

    def figures(self) -> list[Figure]:
        found = []
        for key in TABLE:
            now, before, a_year_before = self.facts["figures"][key]
            label = f"{layout.full_label(key)} ({_('yuan')})" if BY_KEY[key].unit == YUAN else layout.full_label(key)
            found.append(Figure(label, now, before, a_year_before, comparing.change(now, a_year_before)))
        return found

    def message(self) -> str:
        """The brief as plain text, for a group chat."""
        head = f"{self.area} · {self.heading} · {self.month.label}"
        state = [self.state] if self.state else []
        return "\n\n".join([head, *state, *(f"{each.title}\n{each.text}" for each in self.visible)])


def of_version(version: BriefVersion) -> Sheet:
    return Sheet(version.known, [
        Shown(each["key"], sentences.here(each["titles"]), sentences.here(each["texts"]), EXHIBITS.get(each["key"], ""))
        for each in version.paragraphs
    ])


def of_draft(brief: Brief, now: dict | None = None) -> Sheet:
    """`now`: the facts as they are gathered now, where the page says what has changed since."""
    # The moment is no change.
    now = now and now | {"at": brief.known["at"]}
    return Sheet(brief.known, [_shown(brief, paragraph, now) for paragraph in brief.paragraphs])


def _shown(brief: Brief, paragraph: dict, now: dict | None) -> Shown:
    key = paragraph["key"]
    title = sentences.here(sentences.titles(paragraph))
    if drafting.is_own(paragraph):
        return Shown(key, title, paragraph["text"], is_own=True, is_hidden=paragraph["hidden"])
    said, edited = sentences.paragraph(brief.known, key), paragraph["text"]
    fresh = sentences.paragraph(now, key) if now else said
    is_behind = bool(edited) and sentences.here(paragraph["over"]) != said
    return Shown(
        key, title, edited or said, EXHIBITS.get(key, ""), is_edited=bool(edited), is_hidden=paragraph["hidden"],
        generated=said if is_behind else None, fresh=fresh if fresh != said else None,
    )
