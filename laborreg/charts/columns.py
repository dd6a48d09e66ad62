"""Rows of one table as bars that lie: one bar a row, or one stacked of several parts."""

from collections.abc import Callable

from django.utils.safestring import SafeString

from laborreg.charts.svg import drawing, element, figure, linked, title

WIDTH, LEFT, RIGHT, STEP, THICK, TOP, KEY = 660, 190, 70, 26, 16, 8, 22
COLORS, NAME, KEYS_A_LINE = 8, 14, 4


def stacked(rows, names, *, label: str, href: Callable[[int], str] | None = None) -> SafeString:
    """`rows` are pairs of a name and its parts, a number each: `("桥头镇", [231, 40])`; `names` are those of the parts.

    A part that is a text ("<3") or None is left out. With one part the bars are of one color and need no key.
    `href` gives the address behind the row of a number. The caller folds what is too much: eight parts read well.
    """
    rows = [(name, [value if isinstance(value, int) and value > 0 else 0 for value in values]) for name, values in rows]
    longest = max((sum(values) for _name, values in rows), default=0)
    lines = -(-len(names) // KEYS_A_LINE) if len(names) > 1 else 0
    top = TOP + lines * KEY
    shapes = [*_key(names)] if lines else []
    for n, (name, values) in enumerate(rows):
        shapes.append(_row(name, values, names, longest, top + n * STEP, href and href(n)))
    return drawing(*shapes, width=WIDTH, height=top + len(rows) * STEP + TOP, label=label, css="chart-columns",
                   has_links=bool(href))


def _key(names):
    for n, name in enumerate(names):
        x, y = (n % KEYS_A_LINE) * WIDTH / KEYS_A_LINE, TOP + n // KEYS_A_LINE * KEY
        yield element("rect", x=x, y=y, width=12, height=12, rx=3, class_=_color(n, len(names)))
        yield element("text", _short(name), x=x + 18, y=y + 10)


def _row(name, values, names, longest, y, href):
    total = sum(values)
    words = f"{name}: {figure(total)}"
    shapes = [element("text", _short(name), title(name), x=LEFT - 8, y=y + THICK - 4, text_anchor="end")]
    x = LEFT
    for n, value in enumerate(values):
        if value:
            length = value / longest * (WIDTH - LEFT - RIGHT)
            told = title(f"{name} · {names[n]}: {figure(value)}" if len(names) > 1 else words)
            shapes.append(element("rect", told, x=x, y=y, width=length, height=THICK, class_=_color(n, len(names))))
            x += length
    shapes.append(element("text", figure(total), x=x + 6, y=y + THICK - 4, class_="value"))
    return linked(element("g", *shapes), href, words)


def _color(n: int, count: int) -> str:
    return f"c{n % COLORS}" if count > 1 else "bar-fill"


def _short(name) -> str:
    """What fits beside a bar; the whole name is told by the mark and stands in the table."""
    name = str(name)
    room = NAME if not name.isascii() else 2 * NAME
    return name if len(name) <= room else name[: room - 1] + "…"
