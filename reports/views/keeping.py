"""The parts of a page that say the same until something happens in the county: drawn once, then kept."""

from collections.abc import Callable, Mapping

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import get_language

from laborreg import clock
from officers.models import AuditHead
from villages.models import County

HOUR = 3600


def kept_parts(request, county: County, name: str, templates: Mapping[str, str], context: Callable[[], dict]) -> dict[str, str]:
    """Each of `templates` (part → file) drawn with `context()`, in the words of whoever looks. `name` says what was asked.

    Whatever is done in a county goes into its trail in the same transaction, so the number of its newest event names
    the state that a page shows; the number is read first, so that a part is never older than its name. Nothing with a
    form in it is kept.
    """
    head = AuditHead.objects.filter(county_code=county.code).values_list("number", flat=True).first() or 0
    officer = request.user
    key = ":".join([
        "page", county.code, str(head), clock.today().isoformat(), get_language(), officer.role, *officer.posts, name,
    ])
    if (parts := cache.get(key)) is None:
        known = context()
        parts = {part: render_to_string(template, known | {"request": request}) for part, template in templates.items()}
        cache.set(key, parts, HOUR)
    return parts
