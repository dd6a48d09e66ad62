"""A form that was sent after its session had run out: kept for its officer, filled in once more, never sent by itself."""

import json
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from django.template.loader import render_to_string
from django.utils import timezone
from lxml import html

from laborreg import crypto
from officers.models import Officer

# In the session before and after signing in: [officer, cipher, version of the key, moment].
KEPT = "kept form"
KEPT_SECONDS = 30 * 60
# Characters; more is a list that nobody looks through once more.
LARGEST = 200_000
SECRET = {"csrfmiddlewaretoken", "password", "old_password", "new_password", "repeated", "token"}
NOT_TYPED = {"submit", "button", "image", "reset", "file"}


class Kept(NamedTuple):
    """`path` is where the form was sent; files that it held are not kept."""

    path: str
    fields: dict[str, list[str]]
    had_files: bool


def keep(request, officer: Officer) -> bool:
    """Put the form that was sent aside in this session, which is nobody's; whether there was anything to keep."""
    fields = {name: values for name, values in request.POST.lists() if name not in SECRET}
    text = json.dumps([request.get_full_path(), fields, bool(request.FILES)])
    if not fields or len(text) > LARGEST:
        return False
    cipher, version = crypto.encipher(text)
    request.session[KEPT] = [officer.pk, cipher.hex(), version, timezone.now().timestamp()]
    return True


def leave_to(request, officer: Officer):
    """Somebody has signed in: what another account had typed is thrown away."""
    if request.session.get(KEPT, [officer.pk])[0] != officer.pk:
        del request.session[KEPT]


def let_go(request):
    """The officer sends the form: it is no longer ours to keep."""
    found = _found(request)
    if found and found.path == request.get_full_path():
        del request.session[KEPT]


def _found(request) -> Kept | None:
    """What is kept for whoever is signed in here; thrown away when its time is over."""
    if KEPT not in request.session:
        return None
    number, cipher, version, since = request.session[KEPT]
    is_over = number != request.user.pk or timezone.now().timestamp() - since > KEPT_SECONDS
    if is_over or not crypto.knows(version):
        del request.session[KEPT]
        return None
    return Kept(*json.loads(crypto.decipher(bytes.fromhex(cipher), version)))


def fill(request, response):
    """Where the page shows the form, with what had been typed and a notice that it is not saved."""
    is_page = response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")
    found = _found(request) if is_page and request.method == "GET" and not response.streaming else None
    if found is None:
        return
    page = html.document_fromstring(response.content, parser=html.HTMLParser(encoding="utf-8"))
    form = _form_of(page, found, request.build_absolute_uri())
    if form is not None:
        _fill(form, found)
        response.content = html.tostring(page, encoding="utf-8", doctype="<!doctype html>")


def _form_of(page, kept, here):
    """The form that is sent to the same address; of several, the one that speaks of the same row."""
    fits = [form for form in page.forms if form.method == "POST" and _path(urljoin(here, form.action or "")) == kept.path]
    return max(fits, key=lambda form: _agreements(form, kept), default=None)


def _path(address):
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _agreements(form, kept):
    return sum(element.value in kept.fields.get(element.name, []) for element in form.xpath(".//input[@type='hidden']"))


def _fill(form, kept):
    left = {name: list(values) for name, values in kept.fields.items()}
    for element in form.inputs:
        if element.name and element.get("type") not in NOT_TYPED and element.name not in SECRET:
            before = html.tostring(element)
            _put(element, left.get(element.name, []))
            if html.tostring(element) != before:
                _unfold(element)
    for button in form.xpath(".//button[@name]"):
        left.pop(button.get("name"), None)
    values = [value for values in left.values() for value in values if value]
    notice = render_to_string("officers/_kept.html", {"values": values, "had_files": kept.had_files})
    form.insert(0, html.fragment_fromstring(notice))


def _unfold(element):
    """What was typed is in sight; what stands as the page shows it anyway stays folded."""
    for folded in element.iterancestors("details"):
        folded.set("open", "open")


def _put(element, left):
    """Type the next of the values into a control, and take it from those that are left."""
    if element.tag == "select":
        for option in element.iter("option"):
            _mark(option, "selected", option.get("value", option.text_content().strip()), left)
    elif element.get("type") in ("checkbox", "radio"):
        _mark(element, "checked", element.get("value", "on"), left)
    elif left:
        element.value = left.pop(0)


def _mark(element, name, value, left):
    element.attrib.pop(name, None)
    if value in left:
        element.set(name, name)
        left.remove(value)
