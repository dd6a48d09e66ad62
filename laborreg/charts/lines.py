"""A figure over months: as a spark in a tile, and as a trend with its year before."""

from math import ceil, log10

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from laborreg.charts.svg import drawing, element, figure, linked, title

WIDTH, HEIGHT = 600, 250
LEFT, RIGHT, TOP, BOTTOM = 62, 30, 24, 28


def spark(values, *, label, width=120, height=36) -> SafeString:
    """A line without axis, between its own lowest and highest value; None is a gap."""
    runs = _runs(_spark_points(values, width, height))
    shapes = [_area(run, height) for run in runs if len(run) > 1]
    shapes += [_curve(run, "curve") for run in runs if len(run) > 1]
    if runs:
        x, y = runs[-1][-1]
        shapes.append(element("circle", cx=x, cy=y, r=2.5, class_="point"))
    return drawing(*shapes, width=width, height=height, label=label, css="chart-spark", fixed=True)


def _spark_points(values, width, height):
    known = [value for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0, 0)
    step = (width - 6) / max(len(values) - 1, 1)
    spread = (high - low) or 1
    return [
        None if value is None else (3 + n * step, height - 5 - (value - low) / spread * (height - 10))
        for n, value in enumerate(values)
    ]


def trend(series, *, months, label, previous=None, marks=(), href=None, notes=None) -> SafeString:
    """Months from left to right over a zero-based axis, the last value written out.

    `series` and `previous` (the same months a year before) hold a number or None for each of `months`;
    `marks` are pairs of a month and a word, such as the Spring Festival; `href` gives the address behind a
    month; `notes` are words to a month's number, such as how many villages it lacks: they stand in its title.
    """
    previous = list(previous or [])
    top, step = _scale([value for value in [*series, *previous] if value is not None])
    here = _points(series, len(months), top)
    shapes = [*_axis(top, step), *_month_names(months), *_marks(marks, months)]
    shapes += [_curve(run, "before") for run in _runs(_points(previous, len(months), top)) if len(run) > 1]
    shapes += [_area(run, HEIGHT - BOTTOM) for run in _runs(here) if len(run) > 1]
    shapes += [_curve(run, "curve") for run in _runs(here) if len(run) > 1]
    shapes += _points_drawn(here, series, previous, months, href, notes or {})
    shapes += _last_value(here, series)
    return drawing(*shapes, width=WIDTH, height=HEIGHT, label=label, css="chart-trend", has_links=bool(href))


def _scale(values):
    """The end of the axis and the step of its lines; about five lines, never less than one person apart."""
    highest = max(values, default=0)
    if highest <= 0:
        return 1, 1
    rough = highest / 5
    power = 10 ** (ceil(log10(rough)) - 1) if rough > 1 else 1
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= rough and power * n == int(power * n))
    return step * ceil(highest / step), step


def _x(n, count):
    room = WIDTH - LEFT - RIGHT
    return LEFT + room / 2 if count < 2 else LEFT + room * n / (count - 1)


def _y(value, top):
    return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)


def _points(values, count, top):
    return [None if value is None else (_x(n, count), _y(value, top)) for n, value in enumerate(values)]


def _runs(points):
    """The stretches without a gap."""
    runs = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _path(run):
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in run)


def _curve(run, css):
    return element("path", d=_path(run), class_=css)


def _area(run, floor):
    return element("path", d=f"{_path(run)}V{floor}H{run[0][0]:.1f}Z", class_="area")


def _axis(top, step):
    for n in range(round(top / step) + 1):
        y = _y(n * step, top)
        css = "grid-line" if n else "axis"
        yield element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_=css)
        yield element("text", figure(int(n * step)), x=LEFT - 8, y=y + 4, text_anchor="end")


def _month_names(months):
    last = len(months) - 1
    for n, month in enumerate(months):
        # On a narrow screen only every second name has room; the last one always stays.
        css = "wide-only" if (last - n) % 2 else None
        name = getattr(month, "short_label", month)
        yield element("text", name, x=_x(n, len(months)), y=HEIGHT - 8, text_anchor="middle", class_=css)


def _marks(marks, months):
    for month, word in marks:
        if month in months:
            x = _x(list(months).index(month), len(months))
            yield element("line", x1=x, x2=x, y1=TOP, y2=HEIGHT - BOTTOM, class_="mark-line")
            yield element("text", word, x=x, y=TOP - 8, text_anchor="middle", class_="mark-text")


def _points_drawn(points, series, previous, months, href, notes):
    for n, point in enumerate(points):
        if point is None:
            continue
        x, y = point
        words = _words(months[n], series[n], previous[n] if n < len(previous) else None)
        if months[n] in notes:
            words += f" ({notes[months[n]]})"
        dot = element("circle", cx=x, cy=y, r=3, class_="point")
        reach = element("circle", cx=x, cy=y, r=14, class_="hit")
        mark = element("g", title(words), reach, dot)
        yield linked(mark, href and href(months[n]), words)


def _words(month, value, before):
    name = getattr(month, "label", month)
    words = f"{name}: {figure(value)}"
    return words if before is None else words + " · " + _("a year before: %s") % figure(before)


def _last_value(points, series):
    known = [n for n, point in enumerate(points) if point is not None]
    if not known:
        return
    x, y = points[known[-1]]
    anchor = "end" if x > WIDTH / 2 else "start"
    yield element("circle", cx=x, cy=y, r=4.5, class_="last")
    aside = 6 if anchor == "end" else -6
    words = figure(series[known[-1]])
    # On the side from which the line does not come.
    falls = len(known) > 1 and points[known[-2]][1] < y and y + 20 < HEIGHT - BOTTOM
    beside = y + 20 if falls else max(y - 10, 12)
    yield element("text", words, x=x + aside, y=beside, text_anchor=anchor, class_="value")
