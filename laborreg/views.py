"""Answers to what went wrong before any page was reached. Each tells the request's number, by which the log finds it."""

import logging
import secrets
import sys
from urllib.parse import quote

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader

log = logging.getLogger("laborreg.incident")
RETRY_SECONDS = 30


def csrf_failure(request, reason=""):
    return render(request, "stale_form.html", status=403)


def bad_request(request, exception):
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    if _is_away(exception):
        return server_error(request)
    return render(request, "400.html", status=400)


def _is_away(exception) -> bool:
    """Whether the database did not answer; where a session could not be saved, Django says only that it was deleted."""
    while exception is not None:
        if isinstance(exception, OperationalError | InterfaceError):
            return True
        exception = exception.__cause__ or exception.__context__
    return False


def too_large(request):
    return _alone(request, "413.html", 413)


def server_error(request):
    """A fault of ours: the officer reads a number aloud, the administrator finds it in the log beside what broke.

    Where the database does not answer, the officer is told so; neither page asks it for anything.
    """
    what = sys.exc_info()
    is_away = _is_away(what[1])
    log.error("incident %s: %s %s", incident_of(request), request.method, _address_of(request), exc_info=what)
    answer = _alone(request, "503.html", 503) if is_away else _alone(request, "500.html", 500)
    if is_away:
        answer["Retry-After"] = RETRY_SECONDS
    # Django would write the same once more, without the number.
    answer._has_been_logged = True
    return answer


def incident_of(request) -> str:
    """Short enough to be read aloud: how the request's number begins, as told to every page of its own."""
    if not hasattr(request, "number"):
        request.number = secrets.token_hex(16)
    return request.number[:8]


def _alone(request, template, status):
    """A page that needs no session, no account and no database."""
    return HttpResponse(loader.get_template(template).render({"incident": incident_of(request)}), status=status)


def _address_of(request):
    """As it was sent; of one that is none, nothing, for it may be a name that somebody typed."""
    return quote(request.path) if getattr(request, "resolver_match", None) else ""
