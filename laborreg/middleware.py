"""Where a request comes from, headers that every answer carries, and refusals in place of an error page."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from laborreg.refusals import Refusal

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class BehindProxy:
    """The officer's own address, told by the web server in front; only the production settings believe it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if address := request.headers.get("X-Real-IP"):
            request.META["REMOTE_ADDR"] = address
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
    """A Refusal raised behind a form becomes a message on the page that the officer came from."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

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
