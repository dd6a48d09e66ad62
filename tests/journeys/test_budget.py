"""What an officer's phone loads before it shows a page: the page, the style, the scripts, the icons; 60 KB packed."""

import gzip

from django.contrib.staticfiles import finders
from django.urls import reverse

from laborreg import clock
from tests.built import Built
from tests.cast import HOME
from tests.journeys import county
from tests.journeys.county import OCTOBER, person
from tests.journeys.visitor import Visitor, value
from tests.workers.desk import id_number
from workers.models import Draft

MOST = 60 * 1024
# What the page fetches by itself: (element, attribute).
FETCHED = (("link", "href"), ("script", "src"), ("img", "src"), ("use", "href"))


class FirstLoad(Built):
    def setUp(self):
        clock.pin(county.TODAY)
        self.addCleanup(clock.pin, None)

    def build(self):
        county.build()
        self.addCleanup(clock.pin, None)
        for number in range(70):
            county.leave(f"外出{county.letters(number)}", HOME, "4403")

    def test_every_page_of_the_village_in_both_languages(self):
        for language in ("en", "zh-CN"):
            li = Visitor("li", language=language)
            heavy = {url: size for url in self.pages(li) if (size := weight(li, url)) > MOST}
            self.assertEqual(heavy, {}, language)

    def test_the_pages_of_station_and_county(self):
        for name, pages in {
            "wang": ["/queue/2026-09/", "/queue/2026-09/?tab=missing", "/returns/"],
            "zhao": ["/board/2026-09/", "/totals/630121/2026-09/", "/totals/630121/2026-09/figures/away/"],
        }.items():
            visitor = Visitor(name, language="zh-CN")
            self.assertEqual({url: size for url in pages if (size := weight(visitor, url)) > MOST}, {})

    def test_the_sign_in(self):
        visitor = Visitor("li", language="zh-CN")
        visitor.client.logout()
        self.assertLessEqual(weight(visitor, "/sign-in/"), MOST)

    def pages(self, li) -> list[str]:
        pk, new = person("马成龙").pk, reverse("departure_new")
        return [
            "/", "/people/", "/returns/", "/groups/", "/groups/new/", "/messages/", "/me/", "/people/new/",
            reverse("visit_round"), reverse("visit_round") + "?part=home", reverse("visit_print"),
            reverse("person", args=[pk]), reverse("person_edit", args=[pk]), reverse("homecoming", args=[pk]),
            reverse("change_job", args=[pk]), reverse("homecoming_pick"), new, *self.steps(li),
            f"/returns/{HOME}/2026-09/", f"/returns/{HOME}/{OCTOBER.next}/", f"/returns/{HOME}/2026-09/cells/away/",
        ]

    def steps(self, li) -> list[str]:
        """A departure on its way, with the longest lists of places that there are."""
        said = {"id_number": id_number(), "name": "王秀英", "consent": "in_person"}
        li.open(reverse("departure_new"))
        li.send(next(form for form in li.forms(li.url) if "name" in li.names_of(form)), said)
        place = {"destination_province": "63", "destination_prefecture": "6301", "destination_county": "630121",
                 "destination_township": "630121101", "left_month": "2026-10", "channel": "own"}
        draft = Draft.objects.latest("pk").pk
        for step, answers in ((2, place), (3, {"common_industry": "C"})):
            url = reverse("departure_step", args=[draft, step])
            li.client.post(url, answers | {"csrfmiddlewaretoken": li.csrf})
        return [reverse("departure_step", args=[draft, step]) for step in (1, 2, 3, 4)]


def weight(visitor, url) -> int:
    """Of the page as it is answered, and of every file that it names; each packed by itself."""
    assert visitor.open(url).url == url, f"{url} leads on to {visitor.url}"
    return packed(visitor.answer.content) + sum(packed(content(url)) for url in files(visitor))


def files(visitor) -> set[str]:
    named = {value(each, attribute) for tag, attribute in FETCHED for each in visitor.all(tag)}
    return {url for url in named if url and not url.startswith("#")}


def content(url) -> bytes:
    with open(finders.find(url.removeprefix("/static/")), "rb") as file:
        return file.read()


def packed(content) -> int:
    return len(gzip.compress(content, 6))
