"""Filters and tags that every template uses."""

from functools import lru_cache

from django import template
from django.template.defaultfilters import floatformat
from lucide.templatetags import lucide as icons

register = template.Library()


@register.filter
def number(value):
    """12,345 with thousands separators; "–" where there is none; a text, such as "<3", stays as it is."""
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:,}".replace("-", "−")


@register.filter
def signed(value):
    """+3, −2, 0."""
    if value is None:
        return "–"
    return f"+{value:,}" if value > 0 else f"−{-value:,}" if value < 0 else "0"


@register.filter
def percent(value, digits=1):
    """0.123 → 12.3%."""
    return "–" if value is None else f"{floatformat(value * 100, digits)}%"


@register.filter
def item(mapping, key):
    """mapping[key], or None."""
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def query(context, **changes):
    """This page's query string with some parameters changed; an empty value removes one."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = value
    return f"?{parameters.urlencode()}"


@register.simple_tag
@lru_cache(maxsize=500)
def lucide(name, *, size=24, **attributes):
    """The library's icon, written once: a page shows a dozen, and all pages show the same."""
    return icons.lucide(name, size=size, **attributes)
