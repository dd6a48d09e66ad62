"""What exists elsewhere answers as what exists nowhere: rows, counts, suggestions, queries.

Asked of every parameter that names a row or a place, with a code or a number of another township and with one of nobody.
"""

import re
from urllib.parse import quote, unquote

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.matrix.addresses import ADDRESSES
from tests.matrix.walker import Written, text_of
from tests.matrix.world import ABROAD, NEW_PERSON
from tests.test_bad_input import Pages, asked
from tests.workers.desk import id_number
from workers.models import Worker

NOBODYS_VILLAGE, NOBODYS_TOWNSHIP, NOBODYS_COUNTY, NOBODYS_NUMBER = "630121101999", "630121199", "630199", 987654321
# A parameter that names a row, and the name under which a place has one.
ROWS = {
    "household": "household", "other": "household", "group": "group", "sheet": "staged", "again": "batch", "broker": "broker",
    "example": "scheme", "of": "scheme", "figure": "group", "cell": "group", "person": "group",
}
PLACES = {"village", "area", "place", "to", "from", "of", "ticked", "chosen", "q", "name", "employer", "bearer"}
# Where a township may be chosen to which somebody moves, or is named above an empty list: its name is no secret.
NAMES_OF_PLACES = {("person_ask", "township"), ("ranking_led", "township")}
# What differs from one answer to the next: the token of a form, and the number and time by which the log finds an answer.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|<b class="nowrap">[0-9a-f]{8}</b>, [\d: -]+')


class Elsewhere(Pages):
    def pairs(self, key):
        """(of elsewhere, of nobody), alike in shape."""
        far = self.world.places[cast.FAR]
        if key in ROWS:
            yield getattr(far, ROWS[key]).pk, NOBODYS_NUMBER
        if key in PLACES:
            yield far.village, NOBODYS_VILLAGE
        if key == "township":
            yield far.township, NOBODYS_TOWNSHIP
        if key in ("q", "name", "employer"):
            yield far.people[0].name, "覃无人"
        if key == "area":
            yield ABROAD[:6], NOBODYS_COUNTY

    def test_a_parameter_that_names_what_is_elsewhere_answers_as_one_that_names_nothing(self):
        compared = 0
        for by, page, url in self.pages():
            if self.officer(by).role not in ("village", "township"):
                continue
            with asked() as names:
                self.ask(by, url)
            for key in sorted(key for key in names if (page, key) not in NAMES_OF_PLACES):
                for elsewhere, nowhere in self.pairs(key):
                    with self.subTest(f"{by} {url} {key}={elsewhere}"):
                        one, other = (self.told(by, url, key, value, (elsewhere, nowhere)) for value in (elsewhere, nowhere))
                        self.assertEqual(one, other)
                        compared += 1
        self.assertGreater(compared, 60)

    def told(self, by, url, key, value, either):
        """Status, where it leads, and the page, without the values themselves; nothing is written, and nothing hidden shown."""
        with Written() as written:
            answer = self.browser(by).get(url, {key: value})
        self.look_at(answer, by, url)
        self.assertEqual(written, [])
        text = TOKEN.sub("", text_of(answer)).replace(quote(str(value)), str(value))
        self.assertEqual(self.found(set(self.world.hidden_from(self.officer(by))) - {value}, text), [])
        named = re.compile(rf"(?<!\w)({'|'.join(map(str, either))})(?!\w)")
        return answer.status_code, named.sub("…", unquote(answer.get("Location", ""))), named.sub("…", text)

    # An ID number tells that it is registered, in the own county, and never of whom or where.

    def looked_up(self, id_card):
        """(statements, words that the page says) of entering somebody of this number."""
        with self.undone("li"), CaptureQueriesContext(connection) as queries:
            answer = self.ask("li", "/people/new/", NEW_PERSON | {"id_number": id_card, "no_id_reason": "", "birth_date": ""})
        return len(queries), answer

    def test_whether_a_number_is_registered_elsewhere_cannot_be_told_from_a_refusal_of_another_village(self):
        """Of two numbers of the county the page says the same, whosever they are."""
        far, near = self.world.places[cast.FAR], self.world.places[cast.NEXT_DOOR]
        (one, first), (other, second) = self.looked_up(far.id_numbers[2]), self.looked_up(near.id_numbers[2])
        self.assertEqual(one, other)
        said = [TOKEN.sub("", text_of(answer)).replace(number, "…").replace(number[6:14], "…") for answer, number in (
            (first, far.id_numbers[2]), (second, near.id_numbers[2]))]
        self.assertEqual(re.findall(r'class="error"[^>]*>([^<]*)', said[0]), re.findall(r'class="error"[^>]*>([^<]*)', said[1]))
        self.assertEqual(self.found(far.secrets[:3], first) + self.found(near.secrets[:3], second), [])

    def test_a_number_of_another_county_is_entered_as_one_of_nobody(self):
        abroad, before = self.world.places[ABROAD].id_numbers[2], Worker.objects.filter(county_id=ABROAD[:6]).count()
        known, nobody = self.looked_up(abroad), self.looked_up(id_number("19911214", "017"))
        self.assertEqual(known[1].status_code, 302)
        self.assertEqual(known[0], nobody[0])
        self.assertEqual(Worker.objects.filter(county_id=ABROAD[:6]).count(), before)

    def test_a_search_by_number_asks_the_database_alike(self):
        """As long as the statements are the same, the time is."""
        far, counts = self.world.places[cast.FAR], set()
        for q in (far.id_numbers[0], far.phones[0], id_number("19911214", "017"), "13999998888"):
            with CaptureQueriesContext(connection) as queries:
                answer = self.ask("li", f"/people/?q={q}")
            counts.add((len(queries), answer.status_code))
        self.assertEqual(len(counts), 1)

    def test_what_one_ordered_opens_to_nobody_else(self):
        """A list as a file, and a sheet's results: not to a colleague of the same place's station, nor to the county."""
        for name in ("roster", "roster_file", "roster_again", "saved_table", "departure_done"):
            if name not in ADDRESSES:
                continue
            url = self.url(name, by="li")
            self.assertIn(self.ask("li", url).status_code, (200, 302), name)
            for by in ("wang", "zhao", "leader", "admin", None):
                with self.subTest(f"{name} {by}"):
                    answer = self.ask(by, url)
                    self.assertIn(answer.status_code, (404,) if by else (302,))
