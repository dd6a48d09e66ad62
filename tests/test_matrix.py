"""The permission matrix: every address, for every role, at home and elsewhere, signed in, signed out and withdrawn."""

import re
from datetime import date, datetime

from django.apps import apps
from django.test import SimpleTestCase

from laborreg.codes import under
from officers.models import Officer
from officers.pages import Gate
from officers.roles import MAY
from tests import cast
from tests.matrix.addresses import ADDRESSES, COUNTY, EXTRAS, NOBODY, NOBODYS_NUMBER, OFFICER, patterns
from tests.matrix.walker import CAST, VIEWS, Walk, Written
from villages.models import Posting

PAGES = [name for name, view in VIEWS.items() if not getattr(view, "page", {"public": True})["public"]]
KNOWN = [name for name in PAGES if name in ADDRESSES]
ROWS = [name for name in KNOWN if ADDRESSES[name].whose != NOBODY]
FORMS = [name for name in KNOWN if ADDRESSES[name].post]
# An officer's own things need no power and no posting.
OWN = {
    "home", "me", "change_password", "text_size", "first_password", "messages", "message_open", "messages_read",
    "second_factor", "second_factor_codes", "second_factor_off", "sessions_end", "session_end",
}
SIGN_IN = "/sign-in/"
# Whoever opens the page that a message leads to has read it.
READ = 'UPDATE "officers_message" SET "read_at"'


def may_open(officer, name) -> bool:
    powers = VIEWS[name].page["powers"]
    return not powers or bool(MAY[officer.role] & set(powers))


class TheTable(SimpleTestCase):
    def test_every_address_is_in_the_table_and_the_table_names_no_other(self):
        self.assertEqual(set(ADDRESSES), set(VIEWS))
        self.assertEqual(len(list(patterns())), len(VIEWS), "two addresses of one name")

    def test_every_view_says_who_may_open_it(self):
        unmarked = {name for name, view in VIEWS.items() if not hasattr(view, "page")}
        self.assertEqual(unmarked, {name for name, view in VIEWS.items() if view in Gate.OPEN})

    def test_a_page_that_takes_no_power_is_an_officers_own(self):
        self.assertEqual({name for name in PAGES if not VIEWS[name].page["powers"]}, OWN)

    def test_every_power_is_known(self):
        for name in PAGES:
            self.assertLessEqual(set(VIEWS[name].page["powers"]), set().union(*MAY.values()), name)


class Matrix(Walk):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.everything = [secret for place in cls.world.places.values() for secret in place.secrets]

    # At home.

    def test_the_power_opens_the_page_and_nothing_else_does(self):
        for by in CAST:
            officer, hidden = self.officer(by), self.world.hidden_from(self.officer(by))
            for name in KNOWN:
                with self.subTest(f"{by} {name}"), Written() as written:
                    answer = self.ask(by, self.url(name, self.own_place(name, officer), by))
                    if may_open(officer, name) and officer.role not in ADDRESSES[name].nothing_for:
                        self.assertIn(answer.status_code, (200, 302, 405))
                        self.assertFalse(answer.get("Location", "").startswith(SIGN_IN))
                    else:
                        self.assertEqual(answer.status_code, 404)
                    self.assertEqual(self.found(hidden, answer), [])
                    self.assertEqual([sql for sql in written if not sql.startswith(READ)], [], "a GET that writes")

    def test_the_secrets_are_read_where_they_belong(self):
        """So that their absence elsewhere tells something."""
        for name in ("people", "person", "groups", "household", "cell"):
            self.assertTrue(self.found(self.world.home.secrets, self.ask("li", self.url(name))), name)

    def own_place(self, name, officer):
        return self.world.home if officer.role == "village" else self.world.places[ADDRESSES[name].place]

    def test_without_the_power_no_form_is_taken(self):
        for by in CAST:
            officer = self.officer(by)
            for name in FORMS:
                if not may_open(officer, name):
                    self.takes_nothing(by, name, self.world.places[ADDRESSES[name].place])

    def takes_nothing(self, by, name, place):
        data = ADDRESSES[name].post(self.world, place, self.officer(by))
        with self.subTest(f"{by} {name} {place.village}"), Written() as written:
            answer = self.ask(by, self.url(name, place, by), data)
            self.assertEqual(answer.status_code, 404)
            self.assertEqual(self.found(place.secrets, answer), [])
            self.assertEqual(written, [])

    def test_a_form_in_order_is_taken(self):
        """So that the refusals of the other tests are no mistakes of theirs."""
        for name in FORMS:
            with self.subTest(name), self.undone(ADDRESSES[name].by), Written() as written:
                [answer] = self.sent(name)
                self.assertIn(answer.status_code, (200, 302))
                self.assertGreater(len(written), bool(ADDRESSES[name].prepare))

    # Signed out.

    def test_a_visitor_is_sent_to_sign_in_and_reads_nothing(self):
        for name in KNOWN:
            url = self.url(name)
            with self.subTest(name), Written() as written:
                for data in (None, {}):
                    answer = self.ask(None, url, data)
                    self.assertEqual(answer.status_code, 302)
                    self.assertTrue(answer.url.startswith(SIGN_IN), answer.url)
                    self.assertEqual(self.found(self.everything, answer), [])
                self.assertEqual(written, [])

    # Elsewhere.

    def foreign(self, by):
        """Every row of elsewhere that the officer's role would open at home: next door, and in another county."""
        officer = self.officer(by)
        places = self.world.foreign_to(officer.role)
        for name in ROWS:
            if may_open(officer, name):
                for place in {places[0].village: places[0], places[-1].village: places[-1]}.values():
                    if ADDRESSES[name].whose != COUNTY or place.county != self.world.home.county:
                        yield name, place

    def test_a_foreign_row_does_not_exist(self):
        for by in CAST:
            for name, place in self.foreign(by):
                with self.subTest(f"{by} {name} {place.village}"), Written() as written:
                    answer = self.ask(by, self.url(name, place, by))
                    self.assertIn(answer.status_code, (404, 405))
                    self.assertEqual(self.found(place.secrets, answer), [])
                    self.assertEqual(written, [])

    def test_a_foreign_row_takes_no_form(self):
        for by in CAST:
            nearest = self.world.foreign_to(self.officer(by).role)[0]
            for name, place in self.foreign(by):
                if ADDRESSES[name].post and (place is nearest or ADDRESSES[name].whose == COUNTY):
                    self.takes_nothing(by, name, place)

    def test_a_form_of_the_own_place_cannot_name_a_foreign_row(self):
        """A village, household, person, account or return of elsewhere is no choice, whatever the form sends."""
        far = self.world.places[cast.FAR]
        everywhere = {
            "village": far.village, "worker": far.people[2].pk, "group": far.group.pk, "household": far.household.pk,
        }
        chosen = {"to_village": far.village, "place": far.village, "successor": far.keeper.pk}
        for name in FORMS:
            address = ADDRESSES[name]
            if self.officer(address.by).role == "county":
                continue
            data = self.data(name)
            self.leaves_alone(far, name, {key: value for key, value in everywhere.items() if key not in data})
            for field, value in (everywhere | chosen).items():
                if field in data:
                    self.leaves_alone(far, name, {field: value})

    def leaves_alone(self, far, name, foreign):
        with self.subTest(f"{name} {foreign}"), self.undone(ADDRESSES[name].by):
            before = rows_of(far)
            [answer] = self.sent(name, self.data(name) | foreign)
            self.assertIn(answer.status_code, (200, 302, 404))
            self.assertEqual(rows_of(far), before)
            self.assertEqual(self.found(far.secrets, answer), [])

    # Withdrawn in the middle of a session: the very next request is refused.

    def end_postings(self, **change):
        Posting.objects.filter(officer__in=[self.officer(by) for by in CAST]).update(**change)

    def test_without_a_posting_nothing_is_shown(self):
        self.end_postings(to_on=date(2026, 11, 4))
        for by in [*CAST, "nowhere"]:
            self.browser(by)
            for name in KNOWN:
                if may_open(self.officer(by), name):
                    self.shows_nothing(by, name)

    def shows_nothing(self, by, name):
        with self.subTest(f"{by} {name}"), Written() as written:
            answer = self.ask(by, self.url(name, by=by if by in CAST else "li"))
            self.assertEqual(self.found(self.everything, answer), [])
            if ADDRESSES[name].whose not in (NOBODY, OFFICER):
                self.assertIn(answer.status_code, (404, 405))
            self.assertEqual(written, [])

    def test_a_posting_that_begins_tomorrow_opens_nothing_today(self):
        self.end_postings(from_on=date(2026, 11, 5))
        for by in CAST:
            for name in ("home", "people", "person", "groups", "return", "totals", "account", "place_village"):
                self.shows_nothing(by, name)

    def test_without_a_posting_no_form_is_taken(self):
        self.end_postings(to_on=date(2026, 11, 4))
        for name in set(FORMS) - OWN - {"departure_drop"}:
            by = ADDRESSES[name].by
            url, data = self.url(name, by=by), self.data(name)
            with self.subTest(name), self.undone(by):
                with Written() as written:
                    answer = self.ask(by, url, data)
                self.assertIn(answer.status_code, (200, 302, 404))
                self.assertEqual(written, [])

    def test_a_disabled_officer_is_out_with_the_next_request(self):
        for by in CAST:
            self.assertEqual(self.ask(by, "/me/").status_code, 200)
        Officer.objects.update(is_active=False)
        for by in CAST:
            for name in KNOWN:
                with self.subTest(f"{by} {name}"):
                    answer = self.ask(by, self.url(name, by=by))
                    self.assertEqual(answer.status_code, 302)
                    self.assertTrue(answer.url.startswith(SIGN_IN))

    def test_who_must_choose_a_password_opens_no_other_page(self):
        Officer.objects.update(must_change_password=True)
        for by in CAST:
            for name in set(KNOWN) - {"first_password"}:
                with self.subTest(f"{by} {name}"):
                    answer = self.ask(by, self.url(name, by=by))
                    self.assertEqual((answer.status_code, answer.url), (302, "/first-password/"))

    # Mass assignment, and the second click.

    def test_what_a_form_does_not_ask_changes_nothing(self):
        for name in FORMS:
            asked = self.data(name).keys() | set(ADDRESSES[name].asks)
            more = {key: value for key, value in EXTRAS.items() if key not in asked}
            with self.subTest(name):
                self.assertEqual(self.outcome(name, more), self.outcome(name, {}))

    def outcome(self, name, more):
        """Every statement that the form writes, with its values, without what differs at each writing."""
        with self.undone(ADDRESSES[name].by), Written() as written:
            self.sent(name, self.data(name) | more)
        return [settled(sql, params) for sql, params in zip(written, written.params, strict=True)]

    def test_a_second_click_makes_nothing_more(self):
        for name in FORMS:
            if ADDRESSES[name].makes:
                with self.subTest(name), self.undone(ADDRESSES[name].by):
                    before = ADDRESSES[name].makes.objects.count()
                    self.sent(name, times=2)
                    self.assertEqual(ADDRESSES[name].makes.objects.count(), before + 1)


def rows_of(place) -> dict:
    """How many rows of each table stand under a place, who is in its household, where its officer is posted."""
    found = {"members": place.household.members.count(), "postings": place.keeper.postings.count()}
    for model in apps.get_models():
        if column := getattr(model, "scope_column", None):
            found[model.__name__] = model._base_manager.filter(under(column, place.village)).count()
    return found


# Moments, numbers given by the database, and what is enciphered, hashed or drawn anew with each writing; a file's hash
# stands inside its entry, and a workbook holds the moment of its saving.
DIFFERS = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:.*|[0-9a-f]{64}|[0-9a-f]{16}|\d{1,5}|md5\$.*|[\w-]{22}|[\w-]{32}|.*\n.*"
    r"|(?=.*[a-zA-Z])[a-zA-Z0-9_:-]{200,}", re.DOTALL
)


def settled(sql, params) -> tuple:
    params = list(params.values()) if isinstance(params, dict) else params
    rows = params if params and isinstance(params[0], tuple | list) else [params or ()]
    return sql[:60], [_settled(value) for row in rows for value in row]


def _settled(value):
    value = getattr(value, "adapted", value)
    if isinstance(value, datetime | bytes | memoryview) or (isinstance(value, int) and not isinstance(value, bool)):
        return "…" if value != NOBODYS_NUMBER else value
    return "…" if DIFFERS.fullmatch(str(value)) else re.sub(r"(: ?|/)\d{1,5}\b|[0-9a-f]{64}", "…", str(value))
