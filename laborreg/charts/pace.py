"""How much of a target is done, as a bar with marks for where the year should stand."""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from laborreg.charts.svg import drawing, element, title

WIDTH, HEIGHT, BAR = 160, 16, 8
# One that is overfulfilled is drawn up to here; its number says how far.
MOST = 1.25


def pace(rate: float | None, marks: Iterable[tuple[float, str]] = (), *, label="", told="", tone="") -> SafeString:
    """`rate` of the target, 1.0 is all of it; `marks` are (share, words), the first the line that counts.

    Without a label it is not read aloud: the numbers stand beside it. `told`: what a mouse resting on the bar reads.
    """
    top = (HEIGHT - BAR) / 2
    back = element("rect", width=WIDTH, height=BAR, y=top, rx=BAR / 2, class_="bar-back")
    length = min(max(rate or 0, 0), MOST) / MOST * WIDTH
    css = f"bar-fill {tone}".strip()
    fill = element("rect", title(told), width=length, height=BAR, y=top, rx=min(BAR, length) / 2, class_=css)
    whole = element("line", x1=WIDTH / MOST, x2=WIDTH / MOST, y1=top, y2=top + BAR, class_="axis")
    shapes = [back, *([fill] if length else []), whole, *(_mark(number, *mark) for number, mark in enumerate(marks))]
    return drawing(*shapes, width=WIDTH, height=HEIGHT, label=label, css="chart-pace", fixed=True)


def _mark(number, share, words) -> SafeString:
    x = min(max(share, 0), MOST) / MOST * WIDTH
    css = "mark-line" if number else "pace-line"
    return element("line", title(words), x1=x, x2=x, y1=0, y2=HEIGHT, class_=css)
