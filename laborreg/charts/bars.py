"""A bar that stands beside its number in a table."""

from django.utils.safestring import SafeString

from laborreg.charts.svg import drawing, element

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
