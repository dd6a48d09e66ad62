"""Zhao founds the association, Wang lets brokers join her branch and names its head, Sun may do nothing about it."""

from datetime import date

from django.db import IntegrityError

from brokers.actions import associations as actions
from brokers.models import Association, Membership, Post
from officers.models import AuditEvent
from officers.roles import NotYours
from tests.brokers.desk import STATION, TODAY, Desk
from villages.models import County


class Founding(Desk):
    def test_one_a_county(self):
        self.assertEqual(self.association.founded_on, date(2024, 4, 28))
        again = {"by": self.people["zhao"], "name": "又一个", "founded_on": "2025-01-01"}
        self.refuses("has an association already: 大通县", actions.found_association, County.objects.get(), **again)

    def test_by_the_county_only(self):
        Association.objects.all().delete()
        for name in ("li", "wang", "leader", "admin"):
            self.refuses("may not keep", actions.found_association, County.objects.get(), by=self.people[name], name="协会",
                         founded_on="2024-01-01", refusal=NotYours)

    def test_what_is_refused(self):
        Association.objects.all().delete()
        for name, day, words in (("", "2024-01-01", "Enter the association's name"), ("协会", "2026-11-05", "in the future")):
            self.refuses(words, actions.found_association, County.objects.get(), by=self.people["zhao"], name=name,
                         founded_on=day)

    def test_name_and_day_are_put_right_unless_somebody_joined_before(self):
        zhao = self.people["zhao"]
        actions.join([self.ma], by=zhao, joined_on="2024-05-01")
        edited = actions.edit_association(self.association, by=zhao, name="大通协会", founded_on="2024-05-01")
        self.assertEqual((edited.name, edited.founded_on), ("大通协会", date(2024, 5, 1)))
        self.refuses("joined on 2024-05-01 already", actions.edit_association, edited, by=zhao, name="大通协会",
                     founded_on="2024-05-02")


class Joining(Desk):
    def join(self, *brokers, by="wang", on="2024-05-01"):
        return actions.join(brokers, by=self.people[by], joined_on=on)

    def test_many_at_once_each_into_the_branch_of_the_township(self):
        made = self.join(self.ma, self.li_broker, self.sun_broker, by="zhao")
        self.assertEqual([each.township_id for each in made], [STATION, STATION, "630121101"])
        events = AuditEvent.objects.filter(verb="joined the association")
        self.assertEqual([(event.by.username, event.detail) for event in events], [("zhao", {"on": "2024-05-01"})] * 3)

    def test_all_or_none(self):
        self.join(self.ma)
        self.refuses("马占海 is a member already, since 2024-05-01", self.join, self.han, self.ma)
        self.assertEqual(Membership.objects.count(), 1)

    def test_who_may(self):
        for name in ("li", "sun", "leader", "admin"):
            self.refuses("may not keep", self.join, self.ma, by=name, refusal=NotYours)
        self.refuses("may not keep", self.join, self.ma, self.sun_broker, refusal=NotYours)
        self.assertEqual(Membership.objects.count(), 0)

    def test_days_that_cannot_be(self):
        self.refuses("founded on 2024-04-28", self.join, self.ma, on="2024-04-27")
        self.refuses("in the future", self.join, self.ma, on="2026-11-05")
        self.refuses("Choose whoever joins", self.join)

    def test_who_stopped_or_is_suspended_does_not_join(self):
        stopped = self.broker("停了", stopped_on=date(2026, 1, 1))
        barred = self.broker("停职", state="suspended", filed_on=date(2025, 1, 1), certificate_number="1", certificate_word="w")
        self.refuses("does not work as a broker any more", self.join, stopped)
        self.refuses("suspended or revoked", self.join, barred)

    def test_without_an_association_nobody_joins(self):
        Association.objects.all().delete()
        self.refuses("no association yet", self.join, self.ma)

    def test_leaving_ends_the_posts_and_joining_again_follows(self):
        [member] = self.join(self.ma)
        post = actions.give_post(member, "branch_head", by=self.people["wang"], from_on="2024-06-01")
        left = actions.leave(member, by=self.people["wang"], left_on="2026-03-01")
        post.refresh_from_db()
        self.assertEqual((left.left_on, post.to_on), (date(2026, 3, 1), date(2026, 3, 1)))
        self.refuses("was a member until 2026-03-01", self.join, self.ma, on="2026-02-01")
        self.join(self.ma, on="2026-03-01")
        self.assertEqual(self.ma.memberships.count(), 2)

    def test_the_second_of_two_clicks(self):
        [member] = self.join(self.ma)
        actions.leave(member, by=self.people["wang"], left_on="2026-03-01")
        self.refuses("has left already", actions.leave, Membership(pk=member.pk, township_id=STATION, broker=self.ma,
                     joined_on=member.joined_on), by=self.people["wang"], left_on="2026-03-01")

    def test_days_of_leaving_that_cannot_be(self):
        [member] = self.join(self.ma)
        for day, words in (("2024-05-01", "after the day of joining"), ("2026-11-05", "in the future")):
            self.refuses(words, actions.leave, member, by=self.people["wang"], left_on=day)
        actions.give_post(member, "branch_head", by=self.people["wang"], from_on="2026-10-01")
        self.refuses("can end from the day after", actions.leave, member, by=self.people["wang"], left_on="2026-09-01")
        member.refresh_from_db()
        self.assertIsNone(member.left_on)

    def test_the_database_keeps_one_membership_at_a_time(self):
        self.join(self.ma)
        with self.assertRaises(IntegrityError):
            Membership.objects.create(county_id="630121", township_id=STATION, broker=self.ma, joined_on=TODAY,
                                      at="2026-11-04T00:00Z")


class Posts(Desk):
    def setUp(self):
        super().setUp()
        brokers, zhao = [self.ma, self.han, self.sun_broker], self.people["zhao"]
        self.m_ma, self.m_han, self.m_sun = actions.join(brokers, by=zhao, joined_on="2024-05-01")

    def give(self, member, kind, by="zhao", on="2024-06-01"):
        return actions.give_post(member, kind, by=self.people[by], from_on=on)

    def test_station_names_the_head_and_the_county_the_rest(self):
        self.give(self.m_ma, "branch_head", by="wang")
        for kind in ("president", "vice", "secretary", "council"):
            self.refuses("may not keep", self.give, self.m_han, kind, by="wang", refusal=NotYours)
            self.give(self.m_han, kind)
        self.refuses("may not keep", self.give, self.m_sun, "branch_head", by="wang", refusal=NotYours)
        self.assertEqual(Post.objects.count(), 5)

    def test_one_head_a_branch_and_one_president_a_county(self):
        self.give(self.m_ma, "branch_head")
        self.refuses("Head of the branch since 2024-06-01: 马占海. End that first", self.give, self.m_han, "branch_head")
        self.give(self.m_sun, "branch_head")
        self.give(self.m_ma, "president")
        self.refuses("President since 2024-06-01: 马占海", self.give, self.m_sun, "president")
        self.give(self.m_ma, "council")
        self.give(self.m_han, "council")

    def test_the_next_one_follows_the_last(self):
        post = self.give(self.m_ma, "branch_head")
        actions.end_post(post, by=self.people["wang"], to_on="2026-01-01")
        self.refuses("Head of the branch until 2026-01-01: 马占海", self.give, self.m_han, "branch_head", on="2025-12-31")
        self.give(self.m_han, "branch_head", on="2026-01-01")

    def test_days_and_members_that_cannot_be(self):
        self.refuses("joined on 2024-05-01", self.give, self.m_ma, "council", on="2024-04-30")
        self.refuses("in the future", self.give, self.m_ma, "council", on="2026-11-05")
        self.refuses("Choose the post", self.give, self.m_ma, "king")
        left = actions.leave(self.m_han, by=self.people["wang"])
        self.refuses("has left already", self.give, left, "council")

    def test_ending(self):
        post = self.give(self.m_ma, "council")
        self.refuses("may not keep", actions.end_post, post, by=self.people["wang"], refusal=NotYours)
        self.refuses("from the day after", actions.end_post, post, by=self.people["zhao"], to_on="2024-06-01")
        actions.end_post(post, by=self.people["zhao"], to_on="2026-06-01")
        self.refuses("has ended already", actions.end_post, post, by=self.people["zhao"], to_on="2026-06-01")
        verbs = AuditEvent.objects.filter(subject_kind="post").order_by("number").values_list("verb", flat=True)
        self.assertEqual(list(verbs), ["gave a post", "ended a post"])
