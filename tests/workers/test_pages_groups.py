"""Unnamed groups on their pages."""

from datetime import date
from unittest import mock

from django.urls import reverse

from tests import cast
from tests.workers.pages import Pages
from workers import actions
from workers.models import UnnamedGroup

GROUPS, NEW = reverse("groups"), reverse("group_new")


class Groups(Pages):
    said = {"persons": "6", "destination_province": "44", "destination_prefecture": "4403", "left_month": "2026-03"}

    def group(self, **facts):
        facts = {"persons": 6, "started_on": date(2026, 3, 1), "destination": "4403"} | facts
        return actions.record_group(by=self.li, village=cast.HOME, **facts)

    def test_recorded_with_the_least(self):
        self.shows(self.client.get(GROUPS), "Nobody is unnamed")
        self.shows(self.client.get(NEW), "How many?", "Where is the work?")
        self.assertRedirects(self.client.post(NEW, self.said), GROUPS)
        group = UnnamedGroup.objects.get()
        self.assertEqual((group.persons, group.destination, group.started_on), (6, "4403", date(2026, 3, 1)))
        self.shows(self.client.get(GROUPS), "Guangdong Shenzhen", "<b>6</b> of 6")

    def test_narrowed_to_a_village_the_page_says_which(self):
        self.group()
        self.shows(self.client.get(GROUPS, {"village": cast.HOME}), "All groups</a> · " + self.li.place.label)
        self.assertNotContains(self.client.get(GROUPS), "All groups")

    def test_two_clicks_record_one_group(self):
        self.client.post(NEW, self.said)
        self.assertRedirects(self.client.post(NEW, self.said), GROUPS)
        self.assertEqual(UnnamedGroup.objects.count(), 1)

    def test_what_is_wrong_stays_typed(self):
        self.shows(self.client.post(NEW, self.said | {"persons": "", "note": "二社"}), "Enter how many", "二社")

    def test_how_many_as_the_sheets_read_it(self):
        self.shows(self.client.post(NEW, self.said | {"persons": "0"}), "Enter at least 1")
        self.shows(self.client.post(NEW, self.said | {"persons": "10000"}), "Enter at most 9,999")
        self.shows(self.client.post(NEW, self.said | {"persons": "5.5"}), "“5.5” is not a number of persons")
        self.client.post(NEW, self.said | {"persons": "１２人"})
        self.assertEqual(UnnamedGroup.objects.get().persons, 12)

    def test_some_come_home_and_are_split_off(self):
        group = self.group()
        page = reverse("group_end", args=[group.pk])
        self.shows(self.client.get(page), "6 persons not named")
        said = {"version": group.version, "persons": "2", "ended_on": "2026-11-01", "reason": "season_over"}
        self.assertRedirects(self.client.post(page, said), GROUPS)
        group.refresh_from_db()
        self.assertEqual((group.persons, group.ended_on), (4, None))
        self.assertEqual(group.parts.get().persons, 2)

    def test_more_than_there_are_is_refused_in_place(self):
        group = self.group()
        said = {"version": group.version, "persons": "9", "ended_on": "2026-11-01"}
        self.shows(self.client.post(reverse("group_end", args=[group.pk]), said), "6 persons are not named")

    def test_all_who_are_out_are_counted_on_every_page(self):
        named = self.group()
        actions.record_departure(cast.worker(), by=self.li, started_on=date(2026, 3, 1), destination="4403", group=named)
        self.group(persons=2, ended_on=date(2026, 10, 1))
        for number in range(3):
            self.group(persons=number + 7)
        with mock.patch("workers.views.groups.PAGE", 2):
            first, last = self.client.get(GROUPS), self.client.get(GROUPS, {"page": 3})
        for page in (first, last):
            self.shows(page, "<b>29</b> of 30")
        self.assertEqual([(len(page.context["out"]), len(page.context["over"])) for page in (first, last)], [(2, 0), (0, 1)])

    def test_many_come_by_a_sheet(self):
        address = reverse("sheet_new") + "?kind=groups"
        self.shows(self.client.get(GROUPS), address)
        page = self.client.get(address)
        self.assertEqual(page.context["form"]["kind"].value(), "groups")

    def test_sex_and_age_where_they_are_known(self):
        self.group(persons=1200, sex="female", age_band="26_40")
        self.group(sex="male", ended_on=date(2026, 10, 1))
        self.shows(self.client.get(GROUPS), "1,200</span>", "Female · Age: 26–40", "· Male")

    def test_voided(self):
        group = self.group()
        self.client.post(reverse("group_void", args=[group.pk]), {"reason": "Counted twice"})
        self.hides(self.client.get(GROUPS), "Guangdong Shenzhen")

    def test_the_station_says_which_village(self):
        self.sign_in(self.wang)
        self.hides(self.client.get(NEW), "How many?")
        self.client.post(NEW, self.said | {"village": cast.NEXT_DOOR})
        self.assertEqual(UnnamedGroup.objects.get().village_id, cast.NEXT_DOOR)
        self.assertEqual(self.client.post(NEW, self.said | {"village": cast.FAR}).status_code, 404)

    def test_sun_sees_and_ends_no_group_of_lis(self):
        group = self.group(note="二社去的")
        self.sign_in(self.sun)
        self.hides(self.client.get(GROUPS), "二社去的")
        for name in ("group_end", "group_void"):
            self.assertEqual(self.client.post(reverse(name, args=[group.pk]), {"reason": "x"}).status_code, 404)

    def test_one_more_group_is_not_one_more_query(self):
        self.group()
        before = self.queries(GROUPS)
        for number in range(5):
            self.group(persons=number + 7)
        self.assertLessEqual(self.queries(GROUPS), before)
