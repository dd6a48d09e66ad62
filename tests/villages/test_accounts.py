"""Accounts: who issues which, one-time passwords, postings by date, and what must be refused."""

from datetime import date, timedelta
from io import StringIO

from django.core.management import CommandError, call_command
from django.test import Client, TestCase

from laborreg import clock
from laborreg.refusals import Refusal
from officers import demo, messages
from officers.models import AuditEvent, FailedSignIn, Message, Officer
from tests import cast
from villages import accounts
from villages.models import Posting

TOWN = "630121100"
OTHER_TOWN = "630121101"


class Accounts(TestCase):
    @classmethod
    def setUpTestData(cls):
        cast.county()
        cls.officers = cast.cast()
        cls.li, cls.wang, cls.zhao, cls.sun, cls.leader, cls.admin = cls.officers.values()
        demo.begin()

    def fresh(self, officer):
        """As the next request loads it: postings are asked once per instance."""
        return Officer.objects.get(pk=officer.pk)

    def issue(self, by="wang", role="village", post=cast.NEXT_DOOR, username="chen", **facts):
        facts = {"name": "陈建国", "phone": "13800000001"} | facts
        return accounts.issue_account(
            by=self.fresh(self.officers[by]), role=role, post_code=post, username=username, **facts
        )

    def signed(self, username):
        client = Client()
        client.post("/sign-in/", {"username": username, "password": "Right-2026"})
        return client


class Issuing(Accounts):
    def test_the_first_password_opens_once_and_must_be_changed(self):
        chen, password = self.issue()
        self.assertTrue(chen.check_password(password))
        self.assertTrue(chen.must_change_password)
        self.assertAlmostEqual(chen.first_password_until, clock.now() + timedelta(days=7), delta=timedelta(minutes=1))
        self.assertEqual((chen.issued_by, self.fresh(chen).posts), (self.wang, [cast.NEXT_DOOR]))
        event = AuditEvent.objects.get()
        self.assertEqual((event.verb, event.place_code), ("issued an account", cast.NEXT_DOOR))
        self.assertEqual(event.detail, {"role": "village"})

    def test_passwords_are_random(self):
        passwords = {self.issue(username=f"chen{n}")[1] for n in range(10)}
        self.assertEqual(len(passwords), 10)
        self.assertTrue(all(len(password) == 14 for password in passwords))

    def test_who_issues_what(self):
        posts = dict.fromkeys(["county", "leader", "admin"], cast.COUNTY)
        posts |= {"village": cast.NEXT_DOOR, "township": TOWN}
        allowed = {
            "li": set(), "wang": {"village"}, "zhao": {"village", "township"}, "leader": set(),
            "admin": {"township", "county", "leader", "admin"},
        }
        for by, mine in allowed.items():
            for n, (role, post) in enumerate(posts.items()):
                with self.subTest(by=by, role=role):
                    if role in mine:
                        self.issue(by, role, post, f"{by}{n}")
                    else:
                        with self.assertRaises(Refusal):
                            self.issue(by, role, post, f"{by}{n}")

    def test_only_under_the_own_posts(self):
        with self.assertRaisesMessage(Refusal, "may not"):
            self.issue(post=cast.FAR)

    def test_the_place_fits_the_role(self):
        wrong = [("wang", "village", TOWN), ("zhao", "township", cast.HOME), ("zhao", "village", cast.COUNTY)]
        for by, role, post in wrong:
            with self.subTest(role=role, post=post), self.assertRaisesMessage(Refusal, "does not fit the role"):
                self.issue(by, role, post)

    def test_a_place_that_does_not_exist(self):
        with self.assertRaisesMessage(Refusal, "There is no place"):
            self.issue(post="630121100999")

    def test_a_name_is_taken_whatever_its_capitals(self):
        with self.assertRaisesMessage(Refusal, "is taken"):
            self.issue(username="LI")

    def test_a_name_that_cannot_be_typed(self):
        for username in ["x", "a b", "李桂兰", "-x", "a" * 41, ""]:
            with self.subTest(username), self.assertRaisesMessage(Refusal, "An account name has"):
                self.issue(username=username)

    def test_a_refusal_leaves_nothing(self):
        with self.assertRaises(Refusal):
            self.issue(post=cast.FAR)
        self.assertFalse(Officer.objects.filter(username="chen").exists())
        self.assertFalse(AuditEvent.objects.exists())


class Changing(Accounts):
    def test_reset_kills_the_old_password_the_sessions_and_the_lock(self):
        client = self.signed("li")
        FailedSignIn.objects.create(username="li", address="10.0.0.1", at=clock.now())
        password = accounts.reset_password(self.li, by=self.wang)
        self.li.refresh_from_db()
        self.assertTrue(self.li.check_password(password))
        self.assertTrue(self.li.must_change_password)
        self.assertEqual(client.get("/me/").status_code, 302)
        self.assertFalse(FailedSignIn.objects.exists())

    def test_of_an_account_of_the_bureau_all_others_there_are_told(self):
        qian, _password = self.issue("admin", "county", cast.COUNTY, "qian", name="Qian")
        accounts.reset_password(qian, by=self.admin)
        accounts.disable(qian, by=self.admin)
        accounts.enable(qian, by=self.admin)
        told = [str(message) for message in Message.objects.filter(officer=self.zhao).order_by("pk")]
        self.assertEqual(told, [
            "A new account of the county bureau was opened: Qian (qian).",
            "The password of Qian (qian) at the county bureau was set anew.",
            "The account of Qian (qian) at the county bureau was enabled again.",
        ])
        self.assertFalse(Message.objects.exclude(officer=self.zhao).exists())

    def test_disabled_is_out_on_the_next_request_and_back_when_enabled(self):
        client = self.signed("li")
        accounts.disable(self.li, by=self.wang)
        self.assertEqual(client.get("/me/").status_code, 302)
        self.assertEqual(self.signed("li").get("/me/").status_code, 302)
        accounts.enable(self.fresh(self.li), by=self.wang)
        self.assertEqual(self.signed("li").get("/me/").status_code, 200)
        self.assertEqual(
            list(AuditEvent.objects.filter(verb__contains="abled").values_list("verb", "place_code")),
            [("disabled an account", cast.HOME), ("enabled an account", cast.HOME)],
        )

    def test_twice_is_told(self):
        accounts.disable(self.li, by=self.wang)
        with self.assertRaisesMessage(Refusal, "disabled already"):
            accounts.disable(self.li, by=self.wang)
        accounts.enable(self.li, by=self.wang)
        with self.assertRaisesMessage(Refusal, "enabled already"):
            accounts.enable(self.li, by=self.wang)

    def test_nobody_else_may(self):
        for by, whom in [
            ("li", "sun"), ("wang", "sun"), ("wang", "zhao"), ("wang", "wang"), ("zhao", "admin"), ("leader", "li"),
            ("admin", "li"), ("admin", "admin"),
        ]:
            with self.subTest(by=by, whom=whom):
                for act in (accounts.reset_password, accounts.disable, accounts.enable):
                    with self.assertRaises(Refusal):
                        act(self.fresh(self.officers[whom]), by=self.fresh(self.officers[by]))

    def test_an_account_that_also_opens_another_township_is_the_countys(self):
        accounts.add_posting(self.li, by=self.zhao, post_code=cast.FAR)
        with self.assertRaisesMessage(Refusal, "places that are not yours"):
            accounts.reset_password(self.li, by=self.wang)
        accounts.reset_password(self.li, by=self.zhao)


class Posts(Accounts):
    def posting(self, officer):
        return officer.postings.get(to_on=None)

    def test_ended_today_opens_nothing_from_now_on(self):
        accounts.end_posting(self.posting(self.li), by=self.wang)
        self.assertEqual(self.fresh(self.li).posts, [])
        self.assertEqual(self.li.postings.get().to_on, clock.today())
        with self.assertRaisesMessage(Refusal, "ended already"):
            accounts.end_posting(self.li.postings.get(), by=self.wang)

    def test_what_was_told_of_its_people_goes_with_it(self):
        messages.send([self.li], "%(name)s", values={"name": "王秀英"})
        accounts.end_posting(self.posting(self.li), by=self.wang)
        self.assertEqual(self.li.messages.count(), 0)

    def test_one_whose_end_lies_ahead_can_be_ended_now(self):
        ahead = self.posting(self.li)
        ahead.to_on = clock.today() + timedelta(days=30)
        ahead.save()
        self.assertContains(self.signed("wang").get(f"/accounts/{self.li.pk}/"), "End this posting today")
        accounts.end_posting(ahead, by=self.wang)
        self.assertEqual(self.fresh(self.li).posts, [])
        self.assertNotContains(self.signed("wang").get(f"/accounts/{self.li.pk}/"), "End this posting today")

    def test_handed_over_on_one_day(self):
        chen, _password = self.issue()
        accounts.hand_over(self.posting(self.li), chen, by=self.wang)
        self.assertEqual(self.fresh(self.li).posts, [])
        self.assertEqual(self.fresh(chen).posts, [cast.HOME, cast.NEXT_DOOR])

    def test_not_to_oneself_nor_to_another_role_nor_to_another_townships_officer(self):
        for successor, by in [(self.li, self.wang), (self.wang, self.zhao), (self.sun, self.wang)]:
            with self.subTest(successor.username), self.assertRaises(Refusal):
                accounts.hand_over(self.posting(self.li), successor, by=by)
        self.assertEqual(self.fresh(self.li).posts, [cast.HOME])

    def test_twice_at_one_place_is_refused(self):
        with self.assertRaisesMessage(Refusal, "already posted there"):
            accounts.add_posting(self.li, by=self.wang, post_code=cast.HOME)

    def test_back_again_on_the_day_it_ended(self):
        accounts.end_posting(self.posting(self.li), by=self.wang)
        accounts.add_posting(self.fresh(self.li), by=self.wang, post_code=cast.HOME)
        self.assertEqual(self.fresh(self.li).posts, [cast.HOME])

    def test_a_wrong_place_of_today_goes_once_the_right_one_is_there(self):
        chen, _password = self.issue(post=cast.HOME)
        with self.assertRaisesMessage(Refusal, "Add the right place first"):
            accounts.end_posting(self.posting(chen), by=self.wang)
        accounts.add_posting(chen, by=self.wang, post_code=cast.NEXT_DOOR)
        accounts.end_posting(chen.postings.get(place_code=cast.HOME), by=self.wang)
        self.assertEqual(self.fresh(chen).posts, [cast.NEXT_DOOR])

    def test_only_under_the_own_posts_and_of_the_own_level(self):
        for by, post in [("wang", cast.FAR), ("li", cast.NEXT_DOOR), ("zhao", TOWN)]:
            with self.subTest(by=by), self.assertRaises(Refusal):
                accounts.add_posting(self.li, by=self.officers[by], post_code=post)


class Seeing(Accounts):
    def names(self, by):
        return sorted(accounts.visible_to(self.fresh(self.officers[by])).values_list("username", flat=True))

    def test_each_sees_whom_it_issues(self):
        self.assertEqual(self.names("wang"), ["li"])
        self.assertEqual(self.names("zhao"), ["li", "sun", "wang"])
        self.assertEqual(self.names("admin"), ["admin", "leader", "wang", "zhao"])
        self.assertEqual((self.names("li"), self.names("leader")), ([], []))

    def test_without_a_post_nobody_is_seen(self):
        Posting.objects.filter(officer=self.wang).update(to_on=clock.today())
        self.assertEqual(self.names("wang"), [])

    def test_who_left_is_still_seen_unless_posted_elsewhere(self):
        Posting.objects.filter(officer=self.li).update(to_on=clock.today())
        self.assertEqual(self.names("wang"), ["li"])
        Posting.objects.create(officer=self.li, place_code=cast.FAR, county_id=cast.COUNTY, from_on=clock.today())
        self.assertEqual(self.names("wang"), [])

    def test_villages_with_nobody(self):
        def vacant():
            return [village.code for village in accounts.vacant_villages(self.fresh(self.wang))]

        self.assertEqual(vacant(), [cast.NEXT_DOOR])
        accounts.disable(self.li, by=self.wang)
        self.assertEqual(vacant(), [cast.HOME, cast.NEXT_DOOR])


class Pages(Accounts):
    def test_who_has_the_page(self):
        answers = {name: self.signed(name).get("/accounts/").status_code for name in self.officers}
        self.assertEqual(answers, {"li": 404, "wang": 200, "zhao": 200, "sun": 404, "leader": 404, "admin": 200})

    def test_the_list_shows_only_the_own(self):
        response = self.signed("wang").get("/accounts/")
        self.assertContains(response, "大煤洞村")
        self.assertNotContains(response, "Sun</a>")

    def test_the_list_can_be_searched(self):
        client = self.signed("zhao")
        self.assertEqual([o.username for o in client.get("/accounts/?q=SU").context["page_obj"]], ["sun"])
        self.assertEqual(
            [o.username for o in client.get(f"/accounts/?township={OTHER_TOWN}").context["page_obj"]], ["sun"]
        )
        self.assertEqual(client.get("/accounts/?township=630122100&page=x&q=%00").status_code, 200)

    def test_who_looks_for_an_account_of_another_level_reads_where_it_is(self):
        words = "account is with her station and her county bureau", "Accounts of the level below stand here"
        for name, said, unsaid in (("admin", *words), ("zhao", *reversed(words))):
            answer = self.signed(name).get("/accounts/?q=nobody")
            self.assertContains(answer, said)
            self.assertNotContains(answer, unsaid)

    def test_many_accounts_cost_no_more_queries(self):
        client = self.signed("zhao")
        client.get("/accounts/")
        with self.assertNumQueries(13):
            client.get("/accounts/")
        for n in range(8):
            self.issue(username=f"chen{n}")
        with self.assertNumQueries(13):
            client.get("/accounts/")

    def test_an_account_is_issued_and_its_password_shown_once(self):
        client = self.signed("wang")
        response = client.post("/accounts/new/", {
            "role": "village", "village": cast.NEXT_DOOR, "name": "陈建国", "username": "chen", "phone": "",
        })
        slip, response = response.url, client.get(response.url)
        chen = Officer.objects.get(username="chen")
        self.assertTrue(chen.check_password(response.context["password"]))
        self.assertContains(response, response.context["password"])
        self.assertIn("no-store", response["Cache-Control"])
        self.assertNotContains(client.get(slip, follow=True), response.context["password"])

    def test_the_form_keeps_what_was_typed(self):
        client = self.signed("wang")
        typed = {"role": "village", "village": cast.NEXT_DOOR, "name": "陈建国", "username": "li"}
        response = client.post("/accounts/new/", typed)
        self.assertContains(response, "is taken")
        self.assertContains(response, "陈建国")
        self.assertContains(client.post("/accounts/new/", typed | {"village": ""}), "Choose the place")

    def test_foreign_roles_and_places_cannot_be_chosen(self):
        client = self.signed("wang")
        base = {"name": "x", "username": "chen", "role": "village", "village": cast.NEXT_DOOR}
        for changed in ({"role": "admin", "county": cast.COUNTY}, {"village": cast.FAR}, {"village": "x"}):
            with self.subTest(changed):
                self.assertEqual(client.post("/accounts/new/", base | changed).status_code, 200)
        self.assertFalse(Officer.objects.filter(username="chen").exists())

    def test_the_vacant_list_leads_to_the_form(self):
        client = self.signed("wang")
        Posting.objects.filter(officer=self.li).update(to_on=date(2026, 1, 1))
        Officer.objects.filter(pk=self.li.pk).update(phone="13800000009")
        response = client.get("/accounts/?vacant=1")
        self.assertContains(response, "13800000009")
        self.assertContains(response, f"/accounts/new/?village={cast.HOME}")
        self.assertContains(client.get(f"/accounts/new/?village={cast.HOME}"), f'value="{cast.HOME}" selected')

    def test_another_stations_account_does_not_exist(self):
        client = self.signed("wang")
        posting = self.sun.postings.get()
        self.assertEqual(client.get(f"/accounts/{self.sun.pk}/").status_code, 404)
        for path in (
            f"/accounts/{self.sun.pk}/reset/", f"/accounts/{self.sun.pk}/disable/", f"/accounts/{self.sun.pk}/enable/",
            f"/accounts/{self.sun.pk}/postings/", f"/accounts/postings/{posting.pk}/end/",
        ):
            with self.subTest(path):
                self.assertEqual(client.post(path, {"place": cast.HOME}).status_code, 404)
                self.assertEqual(client.get(path).status_code, 405)
        self.assertEqual(self.fresh(self.sun).posts, [cast.FAR])

    def test_every_button_of_an_account(self):
        client, pk = self.signed("wang"), self.li.pk
        self.assertContains(client.get(f"/accounts/{pk}/"), "Disable the account")
        client.post(f"/accounts/{pk}/disable/")
        self.assertContains(client.get(f"/accounts/{pk}/"), "Enable the account")
        client.post(f"/accounts/{pk}/enable/")
        client.post(f"/accounts/{pk}/postings/", {"place": cast.NEXT_DOOR})
        self.assertEqual(self.fresh(self.li).posts, [cast.HOME, cast.NEXT_DOOR])
        self.assertContains(client.post(f"/accounts/{pk}/reset/", follow=True), "shown only now")
        client.post(f"/accounts/postings/{self.li.postings.get(place_code=cast.HOME).pk}/end/")
        self.assertEqual(self.fresh(self.li).posts, [cast.NEXT_DOOR])
        chen, _password = self.issue(post=cast.HOME)
        client.post(f"/accounts/postings/{chen.postings.get().pk}/end/", {"successor": pk})
        self.assertEqual(self.fresh(self.li).posts, [cast.NEXT_DOOR])

    def test_a_place_or_successor_from_elsewhere_is_refused(self):
        client, posting = self.signed("wang"), self.li.postings.get()
        client.post(f"/accounts/{self.li.pk}/postings/", {"place": cast.FAR})
        for successor in (self.sun.pk, "x", 10**30):
            client.post(f"/accounts/postings/{posting.pk}/end/", {"successor": successor})
        self.assertEqual(self.fresh(self.li).posts, [cast.HOME])

    def test_the_own_account_is_read_only(self):
        response = self.signed("admin").get(f"/accounts/{self.admin.pk}/")
        self.assertNotContains(response, "Disable the account")


class FromTheConsole(Accounts):
    def add(self, *words):
        out = StringIO()
        call_command("add_officer", *words, stdout=out)
        return out.getvalue().splitlines()

    def test_the_last_line_is_the_password(self):
        last = self.add("root", "--role", "admin", "--post", cast.COUNTY, "--name", "孙伟")[-1]
        root = Officer.objects.get(username="root")
        self.assertTrue(root.check_password(last.removeprefix("First password: ")))
        self.assertEqual((root.name, root.posts, root.issued_by), ("孙伟", [cast.COUNTY], None))
        self.assertIsNone(AuditEvent.objects.get().by)

    def test_what_is_wrong_is_told_in_a_sentence(self):
        for words, sentence in [
            (("li", "--role", "village", "--post", cast.HOME), "is taken"),
            (("x1", "--role", "village", "--post", cast.COUNTY), "does not fit the role"),
            (("x1", "--role", "village", "--post", "999999999999"), "There is no place"),
            (("x1", "--role", "boss", "--post", cast.COUNTY), "invalid choice"),
            (("李", "--role", "admin", "--post", cast.COUNTY), "An account name has"),
        ]:
            with self.subTest(words), self.assertRaisesMessage(CommandError, sentence):
                self.add(*words)
        self.assertFalse(Officer.objects.filter(username="x1").exists())
