"""A file as an answer."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from laborreg.sheets.writing import XLSX

FORBIDDEN = '\\/:*?"<>|'


def download(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """Saved under its name, of whatever script; never opened inside a page of ours."""
    plain = "".join(letter for letter in name if letter.isprintable() and letter not in FORBIDDEN)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, plain)
    response["X-Content-Type-Options"] = "nosniff"
    return response
