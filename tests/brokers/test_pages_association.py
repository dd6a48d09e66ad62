"""The pages of the association: the county by branches, a branch with its ticks, one broker's membership."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brokers.actions import associations
from brokers.models import Association, Membership, Post
from tests.brokers.desk import FAR_STATION, STATION, Desk
from tests.cast import FAR, HOME, NEXT_DOOR


class County(Desk):
    def setUp(self):
        super().setUp()
        zhao = self.people["zhao"]
        members = associations.join([self.ma, self.li_broker, self.sun_broker], by=zhao, joined_on="2024-05-01")
        associations.give_post(members[0], "branch_head", by=zhao, from_on="2024-06-01")
        associations.give_post(members[1], "president", by=zhao, from_on="2024-06-01")

    def test_the_county_reads_numbers_and_names_and_each_number_opens_its_list(self):
        page = self.get("zhao", reverse("association"))
        rows = [(row.area.pk, row.brokers, row.joined, row.head and row.head.membership.broker.name)
                for row in page.context["rows"]]
        self.assertEqual(rows, [(STATION, 3, 2, "马占海"), (FAR_STATION, 1, 1, None)])
        self.assertContains(page, "no head")
        self.assertContains(page, "李得山")
        self.assertEqual([tile["value"] for tile in page.context["tiles"]], ["4", "3", "75%", "1", "0%"])
        # A share opens those whom it names.
        opened = [tile["url"].rpartition("which=")[2] for tile in page.context["tiles"]]
        self.assertEqual(opened[1:3] + opened[4:], ["members", "members", "trained"])
        for which, area, count in (("members", STATION, 2), ("others", STATION, 1), ("brokers", "", 4), ("members", "", 3)):
            listed = self.get("zhao", reverse("association_people"), which=which, area=area)
            self.assertEqual(listed.context["page_obj"].paginator.count, count)

    def test_a_member_who_has_stopped_is_a_member_and_no_broker_who_works(self):
        type(self.ma).objects.filter(pk=self.ma.pk).update(stopped_on=date(2026, 1, 1))
        row = self.get("zhao", reverse("association")).context["rows"][0]
        self.assertEqual((row.brokers, row.joined, row.share_of_members), (2, 2, 0.5))
        self.assertContains(self.get("wang", reverse("branch", args=[STATION])), "stopped on 2026-01-01")

    def test_a_leader_reads_no_small_number_and_no_name(self):
        page = self.get("leader", reverse("association"))
        for name in ("马占海", "李得山", "孙有才", "association/people"):
            self.assertNotContains(page, name)
        self.assertContains(page, "has a head")
        rows = [(row.brokers, row.joined, row.share_of_members) for row in page.context["rows"]]
        self.assertEqual(rows, [("*", "<3", None), ("<3", "<3", None)])
        self.get("leader", reverse("branch", args=[STATION]), status=404)

    def test_a_station_comes_to_its_branch_and_an_officer_to_her_part_of_it(self):
        self.assertRedirects(self.get("wang", reverse("association"), status=302), reverse("branch", args=[STATION]))
        self.assertRedirects(self.get("li", reverse("association"), status=302), reverse("branch", args=[HOME]))
        page = self.get("li", reverse("branch", args=[HOME]))
        self.assertContains(page, "马占海")
        self.assertContains(page, "139****1234")
        self.assertNotContains(page, "李得山")
        self.assertNotContains(page, "Those ticked join")
        for name, code in (("li", STATION), ("li", NEXT_DOOR), ("wang", FAR_STATION), ("wang", FAR), ("zhao", "630121")):
            self.get(name, reverse("branch", args=[code]), status=404)
            self.get(name, reverse("branch_paper", args=[code]), status=404)

    def test_the_list_on_paper(self):
        page = self.get("wang", reverse("branch_paper", args=[STATION]))
        self.assertContains(page, "2 members")
        self.assertContains(page, "Head of the branch")
        self.assertNotContains(page, "13900001234")

    def test_a_longer_list_asks_no_more_queries(self):
        url = reverse("branch", args=[STATION])
        self.get("wang", url)
        with CaptureQueriesContext(connection) as few:
            self.client.get(url)
        more = [self.broker(f"新{number}", NEXT_DOOR) for number in "一二三四"]
        associations.join(more[:2], by=self.people["wang"], joined_on="2024-05-01")
        with self.assertNumQueries(len(few)):
            self.client.get(url)


class Branch(Desk):
    def join(self, *brokers, on="2024-05-01", by="wang", status=302):
        data = {"broker": [broker.pk for broker in brokers], "joined_on": on}
        return self.post(by, reverse("branch_join", args=[STATION]), data, status=status)

    def test_those_ticked_join(self):
        self.join(self.ma, self.li_broker)
        self.assertEqual(set(Membership.objects.values_list("broker__name", flat=True)), {"马占海", "李得山"})
        self.assertContains(self.get("wang", reverse("branch", args=[STATION])), "2 brokers have joined.")

    def test_a_refusal_stands_on_the_page_with_the_ticks(self):
        page = self.join(self.ma, on="2024-04-01", status=200)
        self.assertContains(page, "founded on 2024-04-28, after this day")
        self.assertContains(page, f'value="{self.ma.pk}" aria-label="马占海" checked')
        self.assertContains(page, 'value="2024-04-01"')
        self.assertContains(self.join(status=200), "Choose whoever joins")

    def test_a_broker_of_elsewhere_is_no_choice(self):
        self.assertContains(self.join(self.sun_broker, status=200), "Choose whoever joins")
        self.join(self.ma, by="li", status=404)
        self.assertEqual(Membership.objects.count(), 0)

    def test_naming_a_head(self):
        self.join(self.ma, self.han)
        url, member = reverse("branch_head", args=[STATION]), self.ma.memberships.get()
        self.post("wang", url, {"member": member.pk, "from_on": "2024-06-01"})
        self.assertEqual(Post.objects.get().membership, member)
        page = self.post("wang", url, {"member": self.han.memberships.get().pk, "from_on": "2025-06-01"}, status=200)
        self.assertContains(page, "Head of the branch since 2024-06-01: 马占海. End that first.")

    def test_the_county_founds_the_association_first(self):
        Association.objects.all().delete()
        self.assertContains(self.get("wang", reverse("branch", args=[STATION])), "no association yet")
        self.get("wang", reverse("association_edit"), status=404)
        page = self.post("zhao", reverse("association_edit"), {"name": "", "founded_on": "2027-01-01"}, status=200)
        self.assertContains(page, "Enter the association")
        self.assertContains(page, "2027-01-01")
        self.post("zhao", reverse("association_edit"), {"name": "大通协会", "founded_on": "2024-01-01"})
        self.assertEqual(Association.objects.get().name, "大通协会")


class OneMember(Desk):
    def url(self, name="membership", broker=None):
        return reverse(name, args=[(broker or self.ma).pk])

    def test_join_a_post_and_leave(self):
        self.post("wang", self.url("membership_join"), {"joined_on": "2024-05-01"})
        self.post("wang", self.url("post_give"), {"kind": "branch_head", "from_on": "2024-06-01"})
        self.post("wang", self.url("membership_leave"), {"left_on": "2026-01-01"})
        page = self.get("li", self.url())
        self.assertContains(page, "2024-05-01 – 2026-01-01")
        self.assertContains(page, "2024-06-01 – 2026-01-01")
        self.assertNotContains(page, "Give a post")

    def test_a_station_is_offered_the_head_only_and_the_county_every_post(self):
        associations.join([self.ma], by=self.people["wang"], joined_on="2024-05-01")
        self.assertNotContains(self.get("wang", self.url()), "President")
        self.assertContains(self.get("zhao", self.url()), "President")
        page = self.post("wang", self.url("post_give"), {"kind": "president", "from_on": "2024-06-01"}, status=200)
        self.assertContains(page, "president is not one of the available choices")
        self.assertEqual(Post.objects.count(), 0)

    def test_ending_a_post(self):
        [member] = associations.join([self.ma], by=self.people["wang"], joined_on="2024-05-01")
        post = associations.give_post(member, "branch_head", by=self.people["wang"], from_on="2024-06-01")
        url = reverse("post_end", args=[post.pk])
        page = self.post("wang", url, {"to_on": "2024-06-01"}, status=200)
        self.assertContains(page, "the post can end from the day after on")
        self.post("wang", url, {"to_on": "2026-01-01"})
        self.assertEqual(Post.objects.get().to_on, date(2026, 1, 1))

    def test_nobody_of_elsewhere(self):
        for name in ("li", "wang"):
            self.get(name, self.url(broker=self.sun_broker), status=404)
        self.post("wang", self.url("membership_join", self.sun_broker), {"joined_on": "2024-05-01"}, status=404)
        self.post("li", self.url("membership_join"), {"joined_on": "2024-05-01"}, status=404)
        self.post("wang", self.url("membership_leave"), {"left_on": "2024-05-01"}, status=404)
        self.get("leader", self.url(), status=404)
