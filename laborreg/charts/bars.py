"""A bar that stands beside its number in a table."""

from django.utils.safestring import SafeString

from laborreg.charts.svg import drawing, element, figure, linked, title

WIDTH, HEIGHT = 64, 8


def bar(value, maximum, *, label="", tone="") -> SafeString:
    """How much of `maximum` the value is. Without a label it is not read aloud: the number stands beside it.

    `tone` is ok, warn or bad; nothing is the plain blue.
    """
    share = min(max((value or 0) / maximum, 0), 1) if maximum else 0
    back = element("rect", width=WIDTH, height=HEIGHT, rx=HEIGHT / 2, class_="bar-back")
    length, css = max(share * WIDTH, HEIGHT), f"bar-fill {tone}".strip()
    fill = element("rect", width=length, height=HEIGHT, rx=HEIGHT / 2, class_=css)
    shapes = [back, fill] if share else [back]
    return drawing(*shapes, width=WIDTH, height=HEIGHT, label=label, css="chart-bar", fixed=True)


ROW, NAMES, ROOM, TOP = 34, 170, 320, 22


def grouped(rows, *, sides, label, href=None) -> SafeString:
    """Two bars a row, one under the other: `(name, now, before)`; `sides` are the words for the two.

    A text ("<3") and None take no room and are written as they are; `href(n)` gives the address behind the nth row.
    """
    rows = list(rows)
    largest = max((n for _name, *both in rows for n in both if isinstance(n, int)), default=0)
    shapes = [_key(n, word) for n, word in enumerate(sides)]
    for n, row in enumerate(rows):
        words = f"{row[0]}: {figure(row[1])}"
        shapes.append(linked(_pair(row, TOP + n * ROW, largest, sides), href and row[1] and href(n), words))
    width, height = NAMES + ROOM + 70, TOP + ROW * len(rows)
    return drawing(*shapes, width=width, height=height, label=label, css="chart-grouped", has_links=bool(href))


def _key(n, word):
    x = NAMES + n * 130
    return element(
        "g", element("rect", x=x, y=3, width=10, height=10, rx=2, class_=("bar-now", "bar-before")[n]),
        element("text", word, x=x + 15, y=12),
    )


def _pair(row, y, largest, sides):
    name, *both = row
    shapes = [element("text", _cut(str(name)), x=NAMES - 8, y=y + ROW / 2 + 1, text_anchor="end")]
    for n, value in enumerate(both):
        length = ROOM * value / largest if isinstance(value, int) and largest else 0
        tall, down = ((14, 1), (7, 17))[n]
        shapes.append(element(
            "rect", title(f"{name}, {sides[n]}: {figure(value)}"), x=NAMES, y=y + down, width=length, height=tall, rx=2,
            class_=("bar-now", "bar-before")[n],
        ))
        if not n:
            shapes.append(element("text", figure(value), x=NAMES + length + 6, y=y + 12, class_="value"))
    return element("g", *shapes)


def _cut(words, most=25):
    """What fits beside the bars: a Chinese character is as wide as two letters."""
    wide = 0
    for n, letter in enumerate(words):
        wide += 2 if ord(letter) > 0x2E80 else 1
        if wide > most:
            return words[:n].rstrip() + "…"
    return words
