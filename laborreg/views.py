"""Answers to what went wrong before any page was reached."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    return render(request, "stale_form.html", status=403)


def bad_request(request, exception):
    return render(request, "400.html", status=400)
