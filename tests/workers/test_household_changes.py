"""What becomes of a household: put right, split, joined by another, another head, a member less, a flag ended."""

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse

from tests import cast
from tests.workers.desk import TODAY, Desk
from tests.workers.pages import Pages
from workers import actions
from workers.models import Household, HouseholdStatus, Worker
from workers.reading import histories
from workers.refusals import AlreadyRecorded, Stale

ON = date(2026, 10, 1)


class Family(Desk):
    """马军, his wife, their son and the son's wife."""

    def build(self):
        super().build()
        self.ma = cast.worker("马军", sex="male", group_name="一社")
        self.wife, self.son = cast.worker("李桂兰"), cast.worker("马小军", sex="male")
        self.bride = cast.worker("王秀英")
        self.household = actions.start_household(by=self.li, village=cast.HOME, head=self.ma, number="0012")
        for who, relation in ((self.wife, "spouse"), (self.son, "son"), (self.bride, "daughter_in_law")):
            actions.join_household(who, self.household, relation, by=self.li)
        self.household.refresh_from_db()

    def relations(self, household=None):
        members = Worker.objects.valid().filter(household=household or self.household).order_by("pk")
        return [(member.name, member.relation) for member in members]

    def split(self, relations=None, by=None, version=None, on=ON):
        if relations is None:
            relations = {self.son.pk: "head", self.bride.pk: "spouse"}
        version = version or Household.objects.get(pk=self.household.pk).version
        return actions.split_household(self.household, by=by or self.li, version=version, on=on, relations=relations)

    def flag(self, household=None, kind="relieved", from_on=date(2020, 1, 1), **more):
        return actions.set_status(household or self.household, by=self.li, kind=kind, from_on=from_on, **more)


class Editing(Family):
    def edit(self, version=None, by=None, **changes):
        version = version or self.household.version
        return actions.edit_household(self.household, by=by or self.li, version=version, **changes)

    def test_facts_are_put_right(self):
        changed = self.edit(number="0013", address="一社12号", phone="139 0000 0001", is_resettled=True)
        self.assertEqual((changed.number, changed.phone, changed.version), ("0013", "13900000001", 2))
        self.assertEqual(changed.history.first().history_user, self.li)
        self.assertEqual(self.verbs()[-1], "edited household")
        self.edit(version=2, number="0013")
        self.assertEqual(self.verbs().count("edited household"), 1)

    def test_what_somebody_saved_meanwhile(self):
        self.edit(number="0013")
        self.refuses("Somebody saved", self.edit, version=1, address="x", refusal=Stale)

    def test_wrong_phones_and_officers(self):
        self.refuses("11 digits", self.edit, phone="12")
        self.refuses("may not", self.edit, by=self.sun, number="1")


class Splitting(Family):
    def test_chosen_members_become_a_household(self):
        part = self.split()
        self.assertEqual(self.relations(part), [("马小军", "head"), ("王秀英", "spouse")])
        self.assertEqual(self.relations(), [("马军", "head"), ("李桂兰", "spouse")])
        self.assertEqual((part.village_id, part.group_name, part.history.first().history_user), (cast.HOME, "一社", self.li))
        self.assertEqual(self.verbs()[-1], "split household")

    def test_flags_go_with_both(self):
        self.flag(to_on=date(2024, 1, 1))
        self.flag(kind="monitored_unstable")
        self.assertEqual(self.split().statuses.count(), 2)

    def test_what_cannot_be(self):
        self.refuses("Choose who goes", self.split, {})
        self.refuses("Change the head first", self.split, {self.ma.pk: "head"})
        everybody = [self.ma, self.wife, self.son, self.bride]
        self.refuses("Somebody must stay", self.split, {who.pk: "other" for who in everybody})
        self.refuses("Choose who is the head", self.split, {self.son.pk: "other"})
        self.refuses("head already", self.split, {self.son.pk: "head", self.bride.pk: "head"})
        self.refuses("relation to the head", self.split, {self.son.pk: "friend"})
        self.refuses("future", self.split, on=date(2027, 1, 1))
        self.refuses("may not", self.split, by=self.sun)
        self.assertEqual(len(self.relations()), 4)

    def test_of_two_at_once_the_second_is_told(self):
        version = self.household.version
        self.split(version=version)
        self.refuses("Somebody saved", self.split, version=version, refusal=Stale)
        self.assertEqual(Household.objects.count(), 2)


class Joining(Family):
    def build(self):
        super().build()
        self.part = self.split()
        self.household.refresh_from_db()

    def join(self, relations=None, by=None, version=None):
        if relations is None:
            relations = {self.son.pk: "son", self.bride.pk: "daughter_in_law"}
        return actions.merge_households(
            self.household, self.part, by=by or self.li, version=version or self.household.version, on=ON,
            relations=relations,
        )

    def test_everybody_joins(self):
        self.join()
        self.assertEqual([relation for _name, relation in self.relations()], ["head", "spouse", "son", "daughter_in_law"])
        self.assertEqual((self.relations(self.part), self.verbs()[-1]), ([], "merged households"))
        self.household.refresh_from_db()
        self.refuses("Nobody belongs", self.join, refusal=AlreadyRecorded)

    def test_what_cannot_be(self):
        self.refuses("Choose the relation of 王秀英", self.join, {self.son.pk: "son"})
        self.refuses("head already", self.join, {self.son.pk: "head", self.bride.pk: "other"})
        self.refuses("same household", actions.merge_households, self.part, self.part, by=self.li, version=1, on=ON,
                     relations={})
        self.refuses("may not", self.join, by=self.sun)
        self.refuses("Somebody saved", self.join, version=99, refusal=Stale)

    def test_from_the_day_on_the_flags_of_the_household_that_stays_hold(self):
        self.flag(self.part)
        self.join()
        found = {each.name: each.relieved for each in histories(cast.HOME)}
        self.assertEqual((found["马军"], found["马小军"]), ([], []))

    def test_of_two_villages(self):
        far = actions.start_household(by=self.zhao, village=cast.FAR, head=cast.worker("孙梅", village=cast.FAR))
        self.refuses("another village", actions.merge_households, self.household, far, by=self.zhao,
                     version=self.household.version, on=ON, relations={})


class Heads(Family):
    def change(self, relations, version=None, by=None):
        version = version or self.household.version
        return actions.change_head(self.household, by=by or self.li, version=version, relations=relations)

    def everybody(self, *relations):
        return dict(zip([self.ma.pk, self.wife.pk, self.son.pk, self.bride.pk], relations, strict=True))

    def test_another_head(self):
        self.change(self.everybody("father", "mother", "head", "spouse"))
        self.assertEqual([relation for _name, relation in self.relations()], ["father", "mother", "head", "spouse"])
        self.assertEqual(self.verbs()[-1], "changed head")

    def test_the_same_again_changes_nothing(self):
        self.change(self.everybody("head", "spouse", "son", "daughter_in_law"))
        self.assertNotIn("changed head", self.verbs())

    def test_what_cannot_be(self):
        self.refuses("Choose who is the head", self.change, self.everybody("father", "mother", "other", "other"))
        self.refuses("head already", self.change, self.everybody("head", "spouse", "head", "other"))
        self.refuses("does not fit the sex", self.change, self.everybody("mother", "mother", "head", "spouse"))
        self.refuses("Choose the relation", self.change, {self.son.pk: "head"})
        self.refuses("may not", self.change, {}, by=self.sun)

    def test_no_head_leaves_others_behind(self):
        self.refuses("Change the head first", actions.leave_household, self.ma, by=self.li)
        other = actions.start_household(by=self.li, village=cast.HOME, head=cast.worker("马有", sex="male"))
        self.refuses("Change the head first", actions.join_household, self.ma, other, "sibling", by=self.li)

    def test_a_dead_head_who_stayed_behind_is_followed_by_another(self):
        actions.record_death(self.ma, by=self.li, on=date(2026, 5, 1))
        self.household = actions.move_household(self.household, by=self.zhao, to_village=cast.FAR, on=ON)
        said = dict(zip([self.wife.pk, self.son.pk, self.bride.pk], ["mother", "head", "spouse"], strict=True))
        self.change(said, by=self.zhao)
        self.assertEqual([relation for _name, relation in self.relations()], ["", "mother", "head", "spouse"])
        self.assertEqual(str(Household.objects.get(pk=self.household.pk)), "马小军")

    def test_a_dead_head_who_is_alive_after_all_is_not_a_second_one(self):
        actions.record_death(self.ma, by=self.li, on=date(2026, 5, 1))
        self.change(dict(zip([self.wife.pk, self.son.pk, self.bride.pk], ["mother", "head", "spouse"], strict=True)))
        actions.take_back_leaving(self.ma, by=self.li, reason="记错")
        self.household.refresh_from_db()
        self.change(self.everybody("head", "spouse", "son", "daughter_in_law"))

    def test_a_widower_leaves(self):
        household = actions.start_household(by=self.li, village=cast.HOME, head=cast.worker("马有", sex="male"))
        widower, wife = household.members.get(), cast.worker("李兰")
        actions.join_household(wife, household, "spouse", by=self.li)
        actions.record_death(wife, by=self.li, on=date(2026, 5, 1))
        self.assertIsNone(actions.leave_household(widower, by=self.li).household)

    def test_a_widower_marries_again(self):
        actions.record_death(self.wife, by=self.li, on=date(2026, 5, 1))
        second = actions.join_household(cast.worker("李兰"), self.household, "spouse", by=self.li)
        self.wife.refresh_from_db()
        self.assertEqual((second.relation, self.wife.relation), ("spouse", ""))

    def test_a_member_leaves(self):
        actions.leave_household(self.son, by=self.li)
        self.son.refresh_from_db()
        self.assertEqual((self.son.household, self.son.relation, self.verbs()[-1]), (None, "", "left household"))
        self.refuses("belongs to no household", actions.leave_household, self.son, by=self.li, refusal=AlreadyRecorded)
        self.refuses("may not", actions.leave_household, self.wife, by=self.sun)


class Flags(Family):
    def test_a_flag_is_ended(self):
        flag = self.flag()
        self.refuses("ends after", actions.end_status, flag, by=self.li, to_on=date(2020, 1, 1))
        self.refuses("may not", actions.end_status, flag, by=self.sun, to_on=ON)
        actions.end_status(flag, by=self.li, to_on=ON)
        self.refuses("already", actions.end_status, flag, by=self.li, to_on=ON, refusal=AlreadyRecorded)
        self.refuses("ended on 2026-10-01", actions.end_status, flag, by=self.li, to_on=TODAY)
        self.assertEqual(self.verbs()[-1], "ended status")

    def test_the_database_refuses_two_on_one_day(self):
        self.flag(kind="monitored_unstable")
        for kind in ("monitored_unstable", "monitored_hardship"):
            with self.assertRaises(IntegrityError) as caught, transaction.atomic():
                HouseholdStatus.objects.create(household=self.household, kind=kind, from_on=ON)
            self.assertIn("no_overlap", str(caught.exception))
        HouseholdStatus.objects.create(household=self.household, kind="relieved", from_on=ON)
        other = HouseholdStatus.objects.create(household=self.household, kind="monitored_hardship", to_on=date(2020, 1, 1))
        with self.assertRaises(IntegrityError), transaction.atomic():
            HouseholdStatus.objects.filter(pk=other.pk).update(to_on=None)


class OnThePages(Family, Pages):
    def page(self, name, **asked):
        return self.client.get(self.address(name), asked)

    def address(self, name):
        return reverse(name, args=[self.household.pk])

    def test_the_household_leads_to_its_changes(self):
        self.flag()
        page = self.page("household")
        names = ("household_edit", "household_add", "household_head", "household_split", "household_merge")
        self.shows(page, *(self.address(name) for name in names), "End this flag")

    def test_a_conflict_shows_both(self):
        actions.edit_household(self.household, by=self.wang, version=1, address="二社")
        page = self.client.post(self.address("household_edit"), {"version": 1, "address": "三社", "number": "0012"})
        self.shows(page, "Saved meanwhile", "二社", "三社")
        self.client.post(self.address("household_edit"), {"version": 2, "address": "三社", "number": "0012"})
        self.household.refresh_from_db()
        self.assertEqual(self.household.address, "三社")

    def test_the_phone_is_masked_and_stays_where_nothing_is_typed(self):
        actions.edit_household(self.household, by=self.li, version=1, phone="13900000001")
        for name in ("household", "household_edit"):
            self.hides(self.page(name), "13900000001")
        self.shows(self.page("household"), "139****0001")
        self.client.post(self.address("household_edit"), {"version": 2, "number": "7"})
        self.household.refresh_from_db()
        self.assertEqual((self.household.number, self.household.phone), ("7", "13900000001"))

    def test_split_and_join_again(self):
        self.hides(self.page("household_split"), f"relation_{self.ma.pk}")
        sent = {"version": 1, "on": "2026-10-01", f"relation_{self.son.pk}": "head", f"relation_{self.bride.pk}": "spouse"}
        self.client.post(self.address("household_split"), sent)
        part = Household.objects.exclude(pk=self.household.pk).get()
        self.shows(self.page("household_merge"), "马小军")
        self.shows(self.page("household_merge", other=part.pk), f"relation_{self.bride.pk}")
        sent = {"version": 2, "on": "2026-10-01", "other": part.pk, f"relation_{self.son.pk}": "son",
                f"relation_{self.bride.pk}": "daughter_in_law"}
        self.assertRedirects(self.client.post(self.address("household_merge"), sent), self.address("household"))
        self.assertEqual(len(self.relations()), 4)

    def test_a_household_to_which_nobody_belongs_any_more_is_not_offered(self):
        part = self.split()
        self.shows(self.page("household_merge"), f'value="{part.pk}"')
        actions.leave_household(self.bride, by=self.li)
        actions.leave_household(self.son, by=self.li)
        self.hides(self.page("household_merge"), f'value="{part.pk}"')
        self.hides(self.client.get(reverse("person_household", args=[self.son.pk])), f"#{part.pk}<")

    def test_another_head(self):
        page = self.page("household_head")
        self.assertEqual(page.context["form"][f"relation_{self.ma.pk}"].value(), "head")
        sent = dict(zip((f"relation_{who.pk}" for who in (self.ma, self.wife, self.son, self.bride)),
                        ("father", "mother", "head", "spouse"), strict=True))
        self.client.post(self.address("household_head"), sent | {"version": 1})
        self.household.refresh_from_db()
        self.assertEqual(str(self.household), "马小军")

    def test_a_member_is_found_and_leaves(self):
        new = cast.worker("马玉兰", name_pinyin="mayulan")
        self.shows(self.page("household_add", q="mayulan"), f"/people/{new.pk}/household/?household={self.household.pk}")
        self.client.post(reverse("person_household", args=[new.pk]), {"household": self.household.pk, "relation": "niece"})
        self.assertEqual(len(self.relations()), 5)
        self.client.post(reverse("person_household", args=[new.pk]), {"household": "none", "since": "2026-10-01"})
        self.assertEqual(len(self.relations()), 4)
        self.shows(self.page("household"), "马玉兰", "not a member since 2026-10-01")

    def test_a_flag_is_ended_on_its_page(self):
        flag = self.flag()
        address = reverse("status_end", args=[self.household.pk, flag.pk])
        self.shows(self.client.get(address), "Lifted from poverty")
        self.client.post(address, {"to_on": "2026-10-01"})
        flag.refresh_from_db()
        self.assertEqual(flag.to_on, ON)

    def test_a_household_that_moved_on_is_not_linked(self):
        actions.record_death(self.wife, by=self.li, on=date(2026, 5, 1))
        actions.move_household(self.household, by=self.zhao, to_village=cast.FAR, on=ON)
        page = self.client.get(reverse("person", args=[self.wife.pk]))
        self.shows(page, "李桂兰")
        self.hides(page, f"/people/households/{self.household.pk}/", "马军")
        self.assertEqual(self.page("household").status_code, 404)

    def test_strangers(self):
        self.sign_in(self.sun)
        for name in ("household", "household_edit", "household_head", "household_split", "household_merge"):
            self.assertEqual(self.page(name).status_code, 404)

    def test_the_pages_ask_little(self):
        self.flag()
        for name, most in (("household", 15), ("household_edit", 10), ("household_head", 10), ("household_split", 11),
                           ("household_merge", 12)):
            self.assertLessEqual(self.queries(self.address(name)), most, name)
