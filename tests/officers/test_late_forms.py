"""A form that was sent too late: kept for the same officer, filled in, never sent by itself."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from lxml import html

from officers import demo, late_forms
from tests import cast
from workers.models import UnnamedGroup, Worker

GROUPS = "http://testserver/groups/new/"
TYPED = {"persons": "7", "note": "去深圳的七个人 & <b>", "left_month": "2026-10", "destination": "4403"}


class Late(TestCase):
    @classmethod
    def setUpTestData(cls):
        cast.county()
        cls.officers = cast.cast()
        demo.begin()

    def setUp(self):
        self.enter()

    def enter(self, username="li", **more):
        return self.client.post("/sign-in/", {"username": username, "password": "Right-2026"} | more)

    def wait(self, seconds=31 * 60, name="seen"):
        session = self.client.session
        session[name] -= seconds
        session.save()

    def send_late(self, url="/groups/new/", data=TYPED, referer=GROUPS):
        self.wait()
        return self.client.post(url, data, HTTP_REFERER=referer)

    def form(self, url="/groups/new/"):
        page = self.client.get(url)
        forms = html.document_fromstring(page.content.decode()).forms
        [form] = [form for form in forms if form.method == "POST" and (form.action or url) == url]
        return page, form

    def test_it_comes_back_as_typed_and_is_not_saved(self):
        answer = self.send_late()
        self.assertEqual(answer.url, "/sign-in/?next=http%3A//testserver/groups/new/")
        self.assertContains(self.client.get(answer.url), "What you sent is not saved yet")
        self.assertRedirects(self.enter(next=GROUPS), GROUPS, fetch_redirect_response=False)
        page, form = self.form()
        self.assertContains(page, "Not saved yet.")
        self.assertEqual(form.fields["persons"], "7")
        self.assertEqual(form.fields["note"], TYPED["note"])
        self.assertFalse(UnnamedGroup.objects.exists())
        self.assertTrue(form.xpath(".//details"))
        self.assertFalse(form.xpath(".//details[not(@open)]"), "what was typed is folded away")

    def test_after_twelve_hours_too(self):
        self.wait(12 * 3600 + 1, "began")
        self.client.post("/groups/new/", TYPED, HTTP_REFERER=GROUPS)
        self.enter()
        self.assertEqual(self.form()[1].fields["persons"], "7")

    def test_a_form_left_over_night(self):
        """Fifteen hours: the session's own life is longer than its limits."""
        self.wait(15 * 3600)
        self.wait(15 * 3600, "began")
        self.client.post("/groups/new/", TYPED, HTTP_REFERER=GROUPS)
        self.enter()
        self.assertEqual(self.form()[1].fields["persons"], "7")

    def test_what_comes_back_can_be_sent_and_is_then_let_go(self):
        self.send_late()
        self.enter()
        _page, form = self.form()
        self.assertIn("csrfmiddlewaretoken", form.fields)
        self.client.post("/groups/new/", dict(form.form_values()), HTTP_REFERER=GROUPS)
        self.assertNotIn(late_forms.KEPT, self.client.session)
        self.assertNotContains(self.client.get("/groups/new/"), "Not saved yet.")

    def test_another_account_gets_nothing_of_it(self):
        self.send_late()
        self.enter("sun")
        page = self.client.get("/groups/new/")
        self.assertNotContains(page, TYPED["note"][:6])
        self.assertNotContains(page, "Not saved yet.")
        self.client.post("/sign-out/")
        self.enter()
        self.assertNotContains(self.client.get("/groups/new/"), "Not saved yet.")

    def test_a_wrong_password_in_between_loses_nothing(self):
        self.send_late()
        self.client.post("/sign-in/", {"username": "li", "password": "wrong-1"})
        self.enter()
        self.assertEqual(self.form()[1].fields["persons"], "7")

    def test_it_is_kept_for_half_an_hour(self):
        self.send_late()
        session = self.client.session
        session[late_forms.KEPT] = [*session[late_forms.KEPT][:3], session[late_forms.KEPT][3] - 1801]
        session.save()
        self.enter()
        self.assertNotContains(self.client.get("/groups/new/"), "Not saved yet.")

    def test_it_lies_enciphered(self):
        self.send_late()
        self.assertIn(late_forms.KEPT, self.client.session)
        self.assertNotIn("深圳", str(dict(self.client.session)))

    def test_passwords_are_never_kept(self):
        answer = self.send_late("/me/password/", {
            "old_password": "Right-2026", "new_password": "Maple-4711", "repeated": "Maple-4711",
        }, "http://testserver/me/")
        self.assertNotIn(late_forms.KEPT, self.client.session)
        self.assertContains(self.client.get(answer.url), "What you sent last was not saved.")

    def test_a_form_of_nobody_knows_where_is_not_kept(self):
        for referer in ("", "http://evil.example/"):
            with self.subTest(referer):
                self.enter()
                self.send_late(referer=referer)
                self.assertNotIn(late_forms.KEPT, self.client.session)

    def test_more_than_anybody_looks_through_is_not_kept(self):
        self.send_late(data={"note": "x" * late_forms.LARGEST})
        self.assertNotIn(late_forms.KEPT, self.client.session)

    def test_chosen_and_ticked(self):
        self.send_late("/me/", {"name": "李桂兰", "phone": "13800000000", "language": "zh-hans", "large_text": "1"},
                       "http://testserver/me/")
        self.enter()
        _page, form = self.form("/me/")
        told = {name: form.fields[name] for name in ("name", "phone", "language", "large_text")}
        self.assertEqual(told, {"name": "李桂兰", "phone": "13800000000", "language": "zh-hans", "large_text": "1"})

    def test_what_finds_no_place_is_told(self):
        self.send_late(data=TYPED | {"gone": "旧栏目里的话"})
        self.enter()
        self.assertContains(self.client.get("/groups/new/"), "旧栏目里的话")

    def test_a_file_is_asked_for_again(self):
        self.send_late(data=TYPED | {"file": SimpleUploadedFile("list.xlsx", b"x")})
        self.enter()
        self.assertContains(self.client.get("/groups/new/"), "Choose the file again")

    def test_a_page_that_was_only_opened_is_told_so(self):
        self.wait()
        answer = self.client.get("/groups/new/", follow=True)
        self.assertContains(answer, "You were signed out after a time.")
        self.assertNotContains(answer, "not saved")

    def test_without_any_session_it_is_said_that_nothing_was_saved(self):
        answer = Client().post("/groups/new/", TYPED, HTTP_REFERER=GROUPS, follow=True)
        self.assertContains(answer, "You were not signed in any more.")

    def test_the_version_that_was_typed_over_comes_back(self):
        """So that a row which somebody saved meanwhile is told of as ever."""
        person = cast.worker()
        url = f"/people/{person.pk}/edit/"
        opened = self.form(url)[1]
        typed = dict(opened.form_values()) | {"name": "王秀兰"}
        self.send_late(url, typed, f"http://testserver{url}")
        Worker.objects.filter(pk=person.pk).update(version=person.version + 1)
        self.enter()
        _page, form = self.form(url)
        self.assertEqual((form.fields["name"], form.fields["version"]), ("王秀兰", typed["version"]))
        answer = self.client.post(url, dict(form.form_values()))
        self.assertContains(answer, "Somebody saved this record after you opened it")
