"""Elements of a drawing, with every text escaped."""

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


def element(name: str, *children, **attributes) -> SafeString:
    """`element("text", "a < b", x=1, class_="value")`; one decimal is kept, None leaves an attribute out."""
    told = "".join(
        f' {_attribute(key)}="{conditional_escape(_short(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(conditional_escape(child) for child in children)
    drawn = f"<{name}{told}>{inside}</{name}>" if inside else f"<{name}{told}/>"
    return mark_safe(drawn)  # nosec B308 B703  # every text and value inside is escaped above


def _attribute(key):
    return "viewBox" if key == "viewBox" else key.rstrip("_").replace("_", "-")


def _short(value):
    if not isinstance(value, float):
        return str(value)
    return f"{value:.1f}".removesuffix(".0")


def drawing(*children, width, height, label, css="", has_links=False, fixed=False) -> SafeString:
    """The svg element. With links inside it is a group, since links within an image are not read aloud."""
    size = {"width": width, "height": height} if fixed else {}
    role = "group" if has_links else "img"
    told = {"role": role, "aria_label": label} if label else {"aria_hidden": "true"}
    css, box = f"chart {css}".strip(), f"0 0 {width} {height}"
    return element("svg", *children, class_=css, viewBox=box, focusable="false", **size, **told)


def title(text) -> SafeString:
    """What a mouse resting on the mark is told."""
    return element("title", text)


def linked(mark, href, label) -> SafeString:
    """The mark as a link, if there is a place to go."""
    return element("a", mark, href=href, aria_label=label) if href else mark


def figure(value) -> str:
    """20,735; a text, such as "<3", stays as it is; None is a dash."""
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:,}"
