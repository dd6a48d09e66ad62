"""A figure of an area by the areas directly below, down to the village; behind a village's figure stand names."""

from dataclasses import dataclass

from django.urls import reverse

from laborreg import charts
from reports.comparing import Change, Value
from reports.overview import Overview, state_of
from reports.progress import Progress


@dataclass(frozen=True)
class Share:
    """What one part adds to a figure."""

    area: object
    url: str
    now: Value
    before: Value
    change: Change | None
    year_change: Change | None
    bar: str
    share: float | None
    progress: Progress

    @property
    def state(self) -> dict:
        return state_of(self.area, self.progress)


def drill(overview: Overview, key: str) -> list[Share]:
    """A figure by the areas directly below; they sum to the total."""
    seen, month = overview.seen_parts, overview.month
    values = {area.code: seen.value(month, area.code, key) for area in overview.part_areas}
    known = [value for value in values.values() if isinstance(value, int)]
    largest, whole = max(map(abs, known), default=0), overview.seen.value(month, overview.code, key)
    return [
        Share(
            area, _deeper(overview, area, key), values[area.code], seen.before(month.previous, area.code, key),
            seen.change(month, month.previous, area.code, key),
            seen.change(month, month.a_year_before, area.code, key),
            charts.bar(_length(values[area.code]), largest), _share_of(values[area.code], whole),
            overview.progress[area.code],
        )
        for area in overview.part_areas
    ]


def _length(value: Value) -> int:
    return abs(value) if isinstance(value, int) else 0


def _share_of(value: Value, whole: Value) -> float | None:
    return value / whole if isinstance(value, int) and isinstance(whole, int) and whole else None


def _deeper(overview: Overview, area, key) -> str:
    if len(area.code) == 12:
        return reverse("cell", args=[area.code, overview.month, key])
    return reverse("drill", args=[area.code, overview.month, key]) + overview.query if overview.sees_names else ""
