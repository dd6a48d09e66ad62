"""Answers to what went wrong before any page was reached."""

import logging
import secrets
import sys

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template import loader

log = logging.getLogger("laborreg.incident")


def csrf_failure(request, reason=""):
    return render(request, "stale_form.html", status=403)


def bad_request(request, exception):
    return render(request, "400.html", status=400)


def server_error(request):
    """A fault of ours: the officer reads a number aloud, the administrator finds it in the log beside what broke."""
    number = secrets.token_hex(4)
    log.error("incident %s: %s %s", number, request.method, request.path, exc_info=sys.exc_info())
    answer = HttpResponseServerError(loader.get_template("500.html").render({"incident": number}))
    # Django would write the same once more, without the number.
    answer._has_been_logged = True
    return answer
