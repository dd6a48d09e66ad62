"""An officer at a browser that knows no JavaScript: follows links that stand on the page, sends forms as they stand."""

import html
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.test.html import Element, parse_html

PASSWORD = "Right-2026"


class Visitor:
    """Signs in by the page, and afterwards knows only what the last page showed."""

    def __init__(self, username, *, language):
        self.client = Client(enforce_csrf_checks=True, headers={"accept-language": language})
        self.url, self.answer, self.root = "/", None, None
        self.open("/sign-in/")
        self.send(self.forms("/sign-in/")[0], {"username": username, "password": PASSWORD})

    # Going.

    def open(self, url, status=200):
        """As typed into the address bar."""
        return self._arrive(self.client.get(urljoin(self.url, url), follow=True), urljoin(self.url, url), status)

    def follow(self, href="", *, words=""):
        """A link of the page: by its address, or by the words on it."""
        found = [link for link in self.all("a") if (text(link) == words if words else value(link, "href") == href)]
        assert found, f"no link {href or words!r} on {self.url}, only {self.links}"
        return self.open(value(found[0], "href"))

    def press(self, words, *, nth=0, **typed):
        """The button with these words, after the fields of its form are filled in."""
        found = [button for button in self.all("button") if text(button) == words]
        assert len(found) > nth, f"no button {words!r} on {self.url}, only {self.buttons}: {self.text}"
        button = found[nth]
        form = self._form_of(button)
        pressed = {value(button, "name"): value(button, "value")} if value(button, "name") else {}
        return self.send(form, {name.replace("__", "-"): said for name, said in typed.items()}, pressed)

    def send(self, form, typed, pressed=None):
        """What the form holds, what is typed over it, and the button."""
        holds, may_hold = self._fields(form)
        for name, said in typed.items():
            assert name in may_hold, f"{name} is no field of the form on {self.url}, only {sorted(may_hold)}"
            asked = may_hold[name]
            for one in said if isinstance(said, list) else [said]:
                assert asked is None or one in asked, f"{name} offers {sorted(asked)}, not {one!r}"
        url = urljoin(self.url, value(form, "action") or self.url)
        data = holds | typed | (pressed or {})
        if (value(form, "method") or "get").lower() == "get":
            return self._arrive(self.client.get(url.split("?")[0], data, follow=True), url, 200)
        headers = {"referer": f"http://testserver{self.url}"}
        return self._arrive(self.client.post(url, data, headers=headers, follow=True), url, 200)

    def _arrive(self, answer, url, status):
        assert answer.status_code == status, f"{answer.status_code} at {url}"
        hops = getattr(answer, "redirect_chain", [])
        place = urlsplit(hops[-1][0] if hops else url)
        self.answer = answer
        if not answer["Content-Type"].startswith("text/html"):
            return self
        self.url = place.path + (f"?{place.query}" if place.query else "")
        self.root = parse_html(answer.content.decode().split(">", 1)[1])
        return self

    # Reading.

    @property
    def text(self) -> str:
        return text(next(self.all("main"), self.root))

    @property
    def links(self) -> list[str]:
        return [value(link, "href") for link in self.all("a")]

    @property
    def buttons(self) -> list[str]:
        return [text(button) for button in self.all("button")]

    def all(self, tag, within=None):
        return (each for each in walk(within or self.root) if each.name == tag)

    def forms(self, action) -> list[Element]:
        return [form for form in self.all("form") if (value(form, "action") or self.url) == action]

    def figure(self, key) -> int:
        """A figure of the page, as it is read."""
        cell = next(each for each in walk(self.root) if value(each, "data-figure") == key)
        return int("".join(mark for mark in text(cell) if mark.isdigit()))

    def names_of(self, form) -> set[str]:
        return set(self._fields(form)[1])

    @property
    def csrf(self) -> str:
        return next(value(each, "value") for each in self.all("input") if value(each, "name") == "csrfmiddlewaretoken")

    def _form_of(self, button) -> Element:
        wanted = value(button, "form")
        for form in self.all("form"):
            if value(form, "id") == wanted if wanted else any(each is button for each in walk(form)):
                return form
        raise AssertionError(f"a button of no form on {self.url}")

    def _fields(self, form):
        """What the form would send as it stands; and what each field may hold (None: anything)."""
        holds, may_hold = {}, {}
        for each in walk(form):
            name = value(each, "name")
            if each.name == "input" and name:
                self._input(each, name, holds, may_hold)
            elif each.name == "textarea" and name:
                holds[name], may_hold[name] = text(each), None
            elif each.name == "select" and name:
                options = list(self.all("option", each))
                may_hold[name] = {value(option, "value") for option in options}
                chosen = [value(option, "value") for option in options if has(option, "selected")]
                holds[name] = (chosen or [value(option, "value") for option in options[:1]] or [""])[0]
        return holds, may_hold

    def _input(self, each, name, holds, may_hold):
        if value(each, "type") not in ("radio", "checkbox"):
            # A name that stands more than once, as hidden fields do, is sent more than once.
            holds[name] = [*holds.get(name, []), value(each, "value")]
            may_hold[name] = None
            return
        said = value(each, "value") if has(each, "value") else "on"
        may_hold[name] = (may_hold.get(name) or set()) | {said}
        if has(each, "checked"):
            holds[name] = said


def walk(element):
    yield element
    for child in element.children:
        if isinstance(child, Element):
            yield from walk(child)


def value(element, attribute) -> str:
    found = next((said for name, said in element.attributes if name == attribute), None)
    return html.unescape(found or "")


def has(element, attribute) -> bool:
    return any(name == attribute for name, _said in element.attributes)


def text(element) -> str:
    """As read: the words without the marks between them."""
    words = (child if isinstance(child, str) else text(child) for child in element.children)
    return " ".join(html.unescape(" ".join(words)).split())
