"""The form that asks: every choice that a page offers, and which of them are chosen."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from reports.layout import CARDS, rows
from reports.tables import dimensions, hiding, measures, query
from reports.tables.asking import MOST_COLUMNS, MOST_ROWS
from reports.tables.query import FILTER, Asked
from reports.tables.sources import TODAY
from villages.areas import children


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool
    # How many levels it stands under the first.
    depth: int = 0


@dataclass(frozen=True)
class Filter:
    """The codes of a dimension, of which those that are chosen are counted."""

    name: str
    label: str
    choices: list[Choice]

    @property
    def chosen(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.is_chosen]


class Form:
    """What an officer may choose; everything of it is a select or a tick, and works without a script."""

    def __init__(self, asked: Asked, officer, area, months):
        self.asked, self.question, self.officer, self.area, self.months = asked, asked.question, officer, area, months
        self.sees_people = officer.may("see people")

    @property
    def when(self) -> list[Choice]:
        now = [Choice(TODAY, _("Today, as the ledger says"), self.question.source == TODAY)] if self.sees_people else []
        return [*now, *(Choice(str(month), month.label, month == self.question.month) for month in self.months)]

    @property
    def areas(self) -> list[Choice]:
        """The officer's places; below each its townships, and below the chosen township its villages."""
        places = [posting.place for posting in self.officer.postings.on_today()]
        return [choice for place in places for choice in self._tree(place, 0)]

    def _tree(self, place, depth):
        chosen = self.question.area
        yield Choice(place.code, place.label, place.code == chosen, depth)
        is_open = len(place.code) == 6 or (len(place.code) == 9 and self.sees_people and chosen.startswith(place.code))
        for below in children(place) if is_open else []:
            yield from self._tree(below, depth + 1)

    @property
    def measures(self) -> list[tuple[str, list[Choice]]]:
        """By card of the return; what is no figure comes first."""
        first = [Choice(m.name, m.full_label, m.name == self.question.measure) for m in self._counted if not m.figure]
        return [(_("People and pay"), first), *filter(lambda group: group[1], map(self._of_card, CARDS))]

    def _of_card(self, card) -> tuple[str, list[Choice]]:
        known = {measure.name for measure in self._counted}
        keys = dict.fromkeys(row.key for row in rows(card) if row.key in known and row.key not in self._before(card))
        return str(card.title), [
            Choice(key, measures.BY_NAME[key].full_label, key == self.question.measure) for key in keys
        ]

    @property
    def _counted(self) -> list:
        return [measure for measure in measures.MEASURES if self.sees_people or hiding.is_told(measure.name)]

    def _before(self, card) -> set[str]:
        """A figure stands in the first card that shows it."""
        earlier = CARDS[: CARDS.index(card)]
        return {row.key for other in earlier for row in rows(other) if row.key}

    @cached_property
    def dimensions(self) -> list[dimensions.Dimension]:
        offered = None if self.sees_people else hiding.offered(self.question.measure)
        return [each for each in dimensions.DIMENSIONS if offered is None or each.name in offered]

    @property
    def row_selects(self) -> list[list[Choice]]:
        return self._selects(self.question.rows, MOST_ROWS)

    @property
    def column_selects(self) -> list[list[Choice]]:
        return self._selects(self.question.columns, MOST_COLUMNS)

    def _selects(self, chosen, most) -> list[list[Choice]]:
        names = [*chosen, *[""] * (most - len(chosen))]
        return [[Choice(each.name, str(each.label), each.name == name) for each in self.dimensions] for name in names]

    @property
    def orders(self) -> list[Choice]:
        labels = {query.BY_LABEL: _("In the order of the lists"), query.BY_NUMBER: _("Largest first")}
        return [Choice(name, label, name == self.asked.order) for name, label in labels.items()]

    @property
    def listed(self) -> list[Choice]:
        labels = {query.EVERY: _("Every one of short lists, with 0"), query.MET: _("Only those with numbers")}
        return [Choice(name, label, name == self.asked.listed) for name, label in labels.items()]

    @cached_property
    def filters(self) -> list[Filter]:
        chosen = dict(self.question.filters)
        return [self._filter(each, chosen.get(each.name, ())) for each in self.dimensions if self._is_offered(each, chosen)]

    def _is_offered(self, dimension, chosen) -> bool:
        """The area chooses townships and villages."""
        return dimension.name in chosen or dimension.name not in ("township", "village")

    def _filter(self, dimension, chosen) -> Filter:
        offered = dimension.offered(self.question.area)
        known = dict(offered)
        more = [(code, label) for code, label in dimension.codes(self.question.area) if code in chosen and code not in known]
        choices = [Choice(code, str(label), code in chosen) for code, label in [*offered, *more]]
        return Filter(FILTER + dimension.name, str(dimension.label), choices)

    @property
    def how_many_filters(self) -> int:
        return len(self.question.filters)
