"""From where to where, as ribbons as thick as the number of people."""

from collections import defaultdict

from django.utils.safestring import SafeString

from laborreg.charts.svg import drawing, element, figure, linked, title

WIDTH, HEIGHT, NODE, GAP = 660, 340, 9, 9
LEFT, RIGHT = 96, 136  # room for the names; on the right they carry their number
LATIN, WIDE = 6.5, 12  # how broad a letter and a Chinese character are
COLORS = 8


def flows(rows, *, label, colored_by=1, href=None) -> SafeString:
    """`rows` are pairs of the stations of a way and its number: `(("桥头镇", "广东", "制造业"), 231)`.

    Two stations or three, the same for all. The ribbons take the color of the station `colored_by`:
    coloring by origin looks like noise. The caller folds small stations into an "other" one; eight to a
    column read well. `href` gives the address behind a ribbon or node: it is called with a way that has None
    for each station that the mark does not name, `(None, "广东", None)` for a node.
    """
    rows = [(tuple(way), number) for way, number in rows if number]
    if not rows:
        return drawing(width=WIDTH, height=HEIGHT, label=label, css="chart-flows")
    columns = [_column(rows, n) for n in range(len(rows[0][0]))]
    scale = _scale(columns)
    first = _room_for(columns[0])
    places = [
        _places(column, scale, first + (WIDTH - first - RIGHT - NODE) * n / (len(columns) - 1))
        for n, column in enumerate(columns)
    ]
    color = {name: f"c{n % COLORS}" for n, name in enumerate(columns[colored_by])}
    shapes = []
    for left in range(len(columns) - 1):
        shapes += _ribbons(rows, left, places, scale, color, colored_by, href)
    for n, column in enumerate(columns):
        behind = _behind(href, len(columns), n)
        shapes += _nodes(column, places[n], n, color if n == colored_by else {}, behind)
    return drawing(*shapes, width=WIDTH, height=HEIGHT, label=label, css="chart-flows", has_links=bool(href))


def _behind(href, count, first):
    """The address behind stations that follow each other, from column `first` on."""
    def address(*names):
        return href((None,) * first + names + (None,) * (count - first - len(names)))

    return address if href else lambda *names: None


def _column(rows, n):
    """name → number, the largest first."""
    sums = defaultdict(int)
    for way, number in rows:
        sums[way[n]] += number
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def _scale(columns):
    """Points per person, so that the fullest column fits."""
    total = sum(columns[0].values())
    return (HEIGHT - GAP * (max(len(column) for column in columns) - 1)) / total


def _room_for(names) -> float:
    """Left of the first column: an English name of a township with its characters is longer than a Chinese one."""
    return max(LEFT, *(6 + sum(WIDE if each > "\u2e80" else LATIN for each in name) for name in names))


def _places(column, scale, x):
    """name → (x, y, height) of its node; a column is centered."""
    y = (HEIGHT - sum(column.values()) * scale - GAP * (len(column) - 1)) / 2
    places = {}
    for name, number in column.items():
        places[name] = (x, y, number * scale)
        y += number * scale + GAP
    return places


def _ribbons(rows, left, places, scale, color, colored_by, href):
    sums = defaultdict(int)
    for way, number in rows:
        sums[way[left], way[left + 1]] += number
    order = [list(column) for column in (places[left], places[left + 1])]
    pairs = sorted(sums, key=lambda pair: (order[0].index(pair[0]), order[1].index(pair[1])))
    behind = _behind(href, len(rows[0][0]), left)
    leaving = {name: place[1] for name, place in places[left].items()}
    arriving = {name: place[1] for name, place in places[left + 1].items()}
    for origin, destination in pairs:
        number = sums[origin, destination]
        x0, x1 = places[left][origin][0] + NODE, places[left + 1][destination][0]
        path = _ribbon(x0, leaving[origin], x1, arriving[destination], number * scale)
        leaving[origin] += number * scale
        arriving[destination] += number * scale
        css = color.get(destination if colored_by == left + 1 else origin, "c7")
        words = f"{origin} → {destination}: {figure(number)}"
        mark = element("path", title(words), d=path, class_=f"ribbon {css}")
        yield linked(mark, behind(origin, destination), words)


def _ribbon(x0, y0, x1, y1, thick):
    middle = (x0 + x1) / 2
    return (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"v{thick:.1f}C{middle:.1f} {y1 + thick:.1f} {middle:.1f} {y0 + thick:.1f} {x0:.1f} {y0 + thick:.1f}Z"
    )


def _nodes(column, places, n, color, behind):
    for name, number in column.items():
        x, y, height = places[name]
        shape = {"width": NODE, "height": max(height, 1.0), "rx": 2, "class_": color.get(name, "c-plain")}
        told = f"{name}: {figure(number)}"
        beside = {"x": x - 6, "text_anchor": "end"} if n == 0 else {"x": x + NODE + 6}
        words = name if n == 0 else f"{name} {figure(number)}"
        text = element("text", words, y=y + height / 2 + 4, class_="halo", **beside)
        mark = element("g", title(told), element("rect", x=x, y=y, **shape), text)
        yield linked(mark, behind(name), told)
