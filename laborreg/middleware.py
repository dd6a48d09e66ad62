"""Where a request comes from, headers that every answer carries, and refusals in place of an error page."""

import logging
import re
import time
import uuid
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from laborreg import views
from laborreg.logs import request_number
from laborreg.refusals import Refusal
from laborreg.sheets.faults import LARGEST_FILE

log = logging.getLogger("laborreg.request")
NUMBER = re.compile(r"[0-9A-Za-z-]{8,64}")
# As Django makes them.
SESSION = re.compile(r"[a-z0-9]{32}")
# A form around the largest file that a page takes.
LARGEST_BODY = LARGEST_FILE + 1_000_000
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class BehindProxy:
    """The officer's own address and the request's number, told by the web server in front; only production believes it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if address := request.headers.get("X-Real-IP"):
            request.META["REMOTE_ADDR"] = address
        if NUMBER.fullmatch(number := request.headers.get("X-Request-ID", "")):
            request.number = number
        return self.get_response(request)


class Numbered:
    """A number for every request, in the answer's header, on error pages and in each line of the log; and the log's line."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.monotonic()
        request.number = getattr(request, "number", None) or uuid.uuid4().hex
        token = request_number.set(request.number)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.number
            log.info("request", extra=self._facts(request, response, began))
        finally:
            request_number.reset(token)
        return response

    def _facts(self, request, response, began):
        return {
            "method": request.method, "path": self._path(request, response), "status": response.status_code,
            "ms": round((time.monotonic() - began) * 1000), "officer": getattr(request, "officer_number", None),
        }

    def _path(self, request, response):
        """An address that is none may be a name that somebody typed: of those, only what kind of address it was."""
        match = getattr(request, "resolver_match", None)
        if response.status_code == 404 or match is None:
            return f"/{match.route}" if match else ""
        return quote(request.path)


class KnownMethods:
    """Reading and sending forms is all that a page is asked for; TRACE above all is answered by none."""

    METHODS = ["GET", "HEAD", "POST", "OPTIONS"]

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in self.METHODS:
            return HttpResponseNotAllowed(self.METHODS)
        return self.get_response(request)


class NotTooLarge:
    """What is larger than any form is refused by its announced size, before a byte of it is kept."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > LARGEST_BODY:
            return views.too_large(request)
        return self.get_response(request)


class OwnSession:
    """Takes out the cookie of a session that this server never began: a cookie can carry characters that no database takes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not SESSION.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)


class WithoutNul:
    """Takes the NUL character out of what was sent: nobody types one, and PostgreSQL keeps none."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.GET = _without_nul(request.GET)
        if request.method == "POST":
            request.POST = _without_nul(request.POST)
        return self.get_response(request)


def _without_nul(sent):
    if not any("\0" in value for _name, values in sent.lists() for value in values):
        return sent
    cleaned = sent.copy()
    for name, values in sent.lists():
        cleaned.setlist(name, [value.replace("\0", "") for value in values])
    cleaned._mutable = False
    return cleaned


class ContentPolicy:
    """No script, style or picture from anywhere but this server, and none inside the page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["Content-Security-Policy"] = POLICY
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response


class Refusals:
    """A Refusal raised behind a form becomes a message on the page that the officer came from.

    An address that takes forms only, opened like a page, answers with words; a browser shows its own fault otherwise.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET":
            response.content = render(request, "405.html").content
        return response

    def process_exception(self, request, exception):
        if not isinstance(exception, Refusal):
            return None
        if request.method == "POST" and (back := self._came_from(request)):
            messages.error(request, str(exception.message))
            return redirect(back)
        return render(request, "refused.html", {"message": exception.message}, status=409)

    def _came_from(self, request):
        back = request.META.get("HTTP_REFERER", "")
        is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=settings.PRODUCTION)
        return back if is_ours else None
