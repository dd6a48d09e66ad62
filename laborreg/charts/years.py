"""Several years of one figure over one another, a line a year."""

from django.utils.safestring import SafeString

from laborreg.charts.lines import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, _axis, _points, _runs, _scale, _x
from laborreg.charts.svg import drawing, element, figure, title

COLORS, KEY = 6, 74


def years(lines, *, ticks, label, mark=None) -> SafeString:
    """`lines` is {year or other word: its number, or None, for each of `ticks`}; the last is drawn the strongest.

    `ticks` are words; an empty one is not written. `mark` is a pair of a place among them and a word.
    """
    top, step = _scale([value for values in lines.values() for value in values if isinstance(value, int)])
    shapes = [*_axis(top, step), *_names(ticks), *_mark(mark, len(ticks))]
    # The newest lies over the others.
    for n, (name, values) in enumerate(lines.items()):
        shapes.append(_line(name, values, ticks, top, min(len(lines) - 1 - n, COLORS - 1)))
    shapes += [_key(n, name, min(n, COLORS - 1)) for n, name in enumerate(reversed(lines))]
    return drawing(*shapes, width=WIDTH, height=HEIGHT + 22, label=label, css="chart-years")


def _line(name, values, ticks, top, age):
    known = [value if isinstance(value, int) else None for value in values]
    points = _points(known, len(ticks), top)
    shapes = []
    for run in _runs(points):
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in run)
        shapes.append(element("path", d=path, class_="stroke"))
    for point, value, tick in zip(points, known, ticks, strict=True):
        if point:
            words = f"{name}, {tick}: {figure(value)}" if tick else f"{name}: {figure(value)}"
            shapes.append(element("circle", title(words), cx=point[0], cy=point[1], r=2.2, class_="spot"))
    return element("g", *shapes, class_=f"year l{age}")


def _names(ticks):
    for n, tick in enumerate(ticks):
        if tick:
            yield element("text", tick, x=_x(n, len(ticks)), y=HEIGHT - 8, text_anchor="middle")


def _mark(mark, count):
    if mark:
        place, word = mark
        x = _x(place, count)
        yield element("line", x1=x, x2=x, y1=TOP, y2=HEIGHT - BOTTOM, class_="mark-line")
        # Near an edge the word runs inwards.
        anchor = "end" if place > count * 0.75 else "start" if place < count * 0.2 else "middle"
        yield element("text", word, x=x, y=TOP - 8, text_anchor=anchor, class_="mark-text")


def _key(n, name, age):
    x = LEFT + n * KEY
    return element(
        "g", element("path", d=f"M{x} {HEIGHT + 12}h18", class_="stroke"),
        element("text", name, x=x + 23, y=HEIGHT + 16), class_=f"year l{age}",
    )
