"""Where a page leads, as a reader would go on from it."""

import re
from html import unescape
from urllib.parse import urlsplit

from django.urls import resolve

from tests.matrix.walker import text_of

LINK = re.compile(r"""<a\b[^>]*\bhref="([^"]+)"|<form\b(?=[^>]*\bmethod="get")[^>]*\baction="([^"]+)\"""")


def links_of(url, answer) -> list[str]:
    """The pages of ours that it leads to, without fragments; a redirect leads to one."""
    is_redirect = answer.status_code in (301, 302)
    found = [answer.url] if is_redirect else [unescape(a or b) for a, b in LINK.findall(text_of(answer))]
    return [link for each in found if (link := _absolute(url, each))]


def _absolute(url, link) -> str | None:
    parts = urlsplit(link)
    if parts.scheme or link.startswith(("#", "/static/")):
        return None
    path = parts.path or urlsplit(url).path
    return f"{path}?{parts.query}" if parts.query else path


def kind_of(link) -> tuple:
    """The page's name with the names of its parameters; a link that leads nowhere raises Resolver404."""
    parts = urlsplit(link)
    return resolve(parts.path).url_name, tuple(sorted(pair.partition("=")[0] for pair in parts.query.split("&")))
