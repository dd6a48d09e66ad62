"""Two sides of a population, age by age: women to the left, men to the right, say."""

from django.utils.safestring import SafeString

from laborreg.charts.svg import drawing, element, figure, linked, title

WIDTH, ROW, MIDDLE, EDGE, TOP = 560, 26, 74, 54, 22


def pyramid(rows, *, sides, label, href=None) -> SafeString:
    """`rows` are `(name, left, right)`, the youngest first, drawn from the bottom; a text ("<3") stays as it is.

    `sides` are the words above the two halves; `href(row, side)` gives the address behind a bar, with side 0 or 1.
    """
    rows = list(rows)
    largest = max((n for _name, *both in rows for n in both if isinstance(n, int)), default=0)
    height = TOP + ROW * len(rows) + 4
    shapes = [_head(side, word) for side, word in enumerate(sides)]
    for n, (name, *both) in enumerate(reversed(rows)):
        y, place = TOP + n * ROW, len(rows) - 1 - n
        shapes.append(element("text", name, x=WIDTH / 2, y=y + ROW / 2 + 4, text_anchor="middle"))
        for side, value in enumerate(both):
            words = f"{sides[side]}, {name}: {figure(value)}"
            mark = _bar(side, value, largest, y, words)
            shapes.append(linked(mark, href and value and href(place, side), words))
    return drawing(*shapes, width=WIDTH, height=height, label=label, css="chart-pyramid", has_links=bool(href))


def _head(side, word):
    x = WIDTH / 2 + (MIDDLE / 2 if side else -MIDDLE / 2)
    return element("text", word, x=x, y=14, text_anchor="start" if side else "end", class_="mark-text")


def _bar(side, value, largest, y, words):
    room = WIDTH / 2 - MIDDLE / 2 - EDGE
    length = room * value / largest if isinstance(value, int) and largest else 0
    start = WIDTH / 2 + MIDDLE / 2 if side else WIDTH / 2 - MIDDLE / 2 - length
    beside = start + length + 6 if side else start - 6
    anchor = "start" if side else "end"
    return element(
        "g", title(words), element("rect", x=start, y=y + 3, width=length, height=ROW - 6, rx=3, class_=f"side{side}"),
        element("text", figure(value), x=beside, y=y + ROW / 2 + 4, text_anchor=anchor),
    )
