"""What a number is made of, month by month, as columns of stacked parts."""

from django.utils.safestring import SafeString

from laborreg.charts.lines import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, _axis, _scale
from laborreg.charts.svg import drawing, element, figure, linked, title

COLORS, KEY, LINE = 9, 265, 18


def stacks(parts, *, names, label, href=None, has_key=True) -> SafeString:
    """`parts` is {word: its number for each of `names`}; what is no number (None, "<3") takes no room.

    Nine parts are told apart by color; `href(n)` gives the address behind the nth column. Without its key the drawing
    stands beside a list of the parts in their colors.
    """
    columns = [[(word, values[n]) for word, values in parts.items()] for n in range(len(names))]
    top, step = _scale([sum(_known(value) for _word, value in column) for column in columns])
    shapes = [*_axis(top, step)]
    for n, column in enumerate(columns):
        shapes += _column(n, column, names, top, href and href(n))
    height = HEIGHT
    if has_key:
        shapes += _key(list(parts))
        height += 8 + LINE * -(-len(parts) // _keys_a_line())
    return drawing(*shapes, width=WIDTH, height=height, label=label, css="chart-stacked", has_links=bool(href))


def _known(value) -> int:
    return value if isinstance(value, int) else 0


def _column(n, column, names, top, href):
    slot = (WIDTH - LEFT - RIGHT) / len(names)
    x, y, name = LEFT + slot * n + slot * 0.18, float(HEIGHT - BOTTOM), str(getattr(names[n], "short_label", names[n]))
    for place, (word, value) in enumerate(column):
        if not value:
            continue
        tall = _known(value) / top * (HEIGHT - TOP - BOTTOM)
        y -= tall
        words = f"{getattr(names[n], 'label', names[n])} · {word}: {figure(value)}"
        shape = element("rect", title(words), x=x, y=y, width=slot * 0.64, height=tall, class_=f"c{place % COLORS}")
        yield linked(shape, href, words)
    css = "wide-only" if (len(names) - 1 - n) % 2 else None
    yield element("text", name, x=x + slot * 0.32, y=HEIGHT - 8, text_anchor="middle", class_=css)


def _keys_a_line() -> int:
    return (WIDTH - LEFT) // KEY


def _key(words):
    for n, word in enumerate(words):
        x, y = LEFT + KEY * (n % _keys_a_line()), HEIGHT + 4 + LINE * (n // _keys_a_line())
        yield element("rect", x=x, y=y, width=10, height=10, rx=2, class_=f"c{n % COLORS}")
        yield element("text", word, x=x + 15, y=y + 9)
