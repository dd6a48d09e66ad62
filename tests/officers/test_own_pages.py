"""What every officer has: settings, language, text size, messages."""

from django.test import Client, TestCase
from django.utils import translation

from officers import demo, messages
from officers.models import AuditEvent, Officer
from tests import cast


class Signed(TestCase):
    @classmethod
    def setUpTestData(cls):
        cast.county()
        cls.officers = cast.cast()
        demo.begin()

    def setUp(self):
        self.li = self.officers["li"]
        self.client.post("/sign-in/", {"username": "li", "password": "Right-2026"})


class Settings(Signed):
    def save(self, **typed):
        return self.client.post("/me/", {"name": "Li", "phone": "", "language": "en", "large_text": "0"} | typed)

    def test_saved_with_a_trail_that_holds_no_phone(self):
        self.assertRedirects(self.save(name="李桂兰", phone="１３８ 0000 0000", large_text="1"), "/me/")
        self.li.refresh_from_db()
        self.assertEqual((self.li.name, self.li.phone, self.li.large_text), ("李桂兰", "13800000000", True))
        event = AuditEvent.objects.get(verb="changed own settings")
        self.assertEqual(event.detail, {"changed": ["language", "large_text", "name", "phone"]})

    def test_a_wrong_phone_stays_on_the_page(self):
        response = self.save(phone="12345")
        self.assertContains(response, "This is not a phone number")
        self.assertContains(response, 'value="12345"')

    def test_landlines_are_phones(self):
        self.save(phone="0971-2722222")
        self.li.refresh_from_db()
        self.assertEqual(self.li.phone, "0971-2722222")

    def test_role_and_rights_cannot_be_sent_along(self):
        self.save(role="admin", is_active="0", must_change_password="1", username="boss")
        self.li.refresh_from_db()
        self.assertEqual((self.li.role, self.li.username, self.li.is_active), ("village", "li", True))

    def test_the_chosen_language_speaks_at_once_and_after_the_next_sign_in(self):
        self.save(language="zh-hans")
        self.assertContains(self.client.get("/me/"), 'lang="zh-Hans"')
        elsewhere = Client()
        elsewhere.post("/sign-in/", {"username": "li", "password": "Right-2026"})
        self.assertContains(elsewhere.get("/me/"), '<html lang="zh-Hans"')

    def test_the_switch_is_kept_with_the_account(self):
        self.client.post("/language/", {"language": "zh-hans", "next": "/me/"})
        self.li.refresh_from_db()
        self.assertEqual(self.li.language, "zh-hans")

    def test_the_browsers_own_choice_goes_before_the_kept_one(self):
        Officer.objects.filter(pk=self.li.pk).update(language="zh-hans")
        self.client.cookies["django_language"] = "en"
        self.assertContains(self.client.get("/me/"), '<html lang="en"')

    def test_the_switch_of_a_visitor_is_nobodys(self):
        self.assertEqual(Client().post("/language/", {"language": "zh-hans"}).status_code, 302)
        self.assertFalse(Officer.objects.exclude(language="").exists())


class TextSize(Signed):
    def test_large_and_back_to_the_page(self):
        response = self.client.post("/me/text-size/", {"large_text": "1", "next": "/messages/"})
        self.assertRedirects(response, "/messages/")
        self.assertContains(self.client.get("/me/"), 'class="large"')

    def test_next_stays_on_this_site(self):
        response = self.client.post("/me/text-size/", {"large_text": "1", "next": "//evil.example"})
        self.assertRedirects(response, "/me/")

    def test_only_a_post_changes(self):
        answer = self.client.get("/me/text-size/")
        self.assertContains(answer, "No page stands here", status_code=405)
        self.assertEqual(answer["Allow"], "POST")


class Password(Signed):
    def change(self, old="Right-2026", new="Maple-4711"):
        return self.client.post("/me/password/", {"old_password": old, "new_password": new, "repeated": new})

    def test_other_sessions_end_and_this_one_stays(self):
        other = Client()
        other.post("/sign-in/", {"username": "li", "password": "Right-2026"})
        self.assertRedirects(self.change(), "/me/")
        self.assertEqual(other.get("/me/").status_code, 302)
        self.assertTrue(AuditEvent.objects.filter(verb="chose a password", detail={}).exists())

    def test_the_old_one_is_asked_and_counted(self):
        for _n in range(5):
            self.assertContains(self.change(old="wrong-1"), "This is not your password.")
        self.assertContains(self.change(), "locked for 15 minutes")
        self.li.refresh_from_db()
        self.assertTrue(self.li.check_password("Right-2026"))

    def test_an_open_session_tells_no_password_by_the_new_one(self):
        """Neither without the old one nor beside a wrong one: else each guess would be free."""
        self.change()
        for old in ("", "wrong-1"):
            for guess in ("Maple-4711", "Right-2026"):
                with self.subTest(f"{old} {guess}"):
                    errors = self.change(old, guess).context["password_form"].errors
                    self.assertEqual(list(errors), ["old_password"])

    def test_a_wrong_old_one_is_in_the_trail_like_a_wrong_sign_in(self):
        for _n in range(5):
            self.change(old="wrong-1")
        refused = AuditEvent.objects.filter(verb="refused a sign-in", subject_id=str(self.li.pk), place_code=cast.HOME)
        self.assertEqual(refused.count(), 5)
        self.assertEqual(AuditEvent.objects.filter(verb="locked an account").count(), 1)

    def test_the_same_again_is_refused(self):
        self.assertContains(self.change(new="Right-2026"), "This is the password you have now")


class Messages(Signed):
    TEXT = "%(village)s submitted %(month)s."

    def send(self, to="li", **facts):
        values = {"village": "大煤洞村", "month": "2026-10"}
        messages.send([self.officers[to]], self.TEXT, values=values, **{"url": "/me/"} | facts)
        return self.officers[to].messages.first()

    def test_reads_in_the_readers_language(self):
        message = self.send()
        self.assertEqual(str(message), "大煤洞村 submitted October 2026.")
        with translation.override("zh-hans"):
            self.assertIn("2026年10月", str(message))

    def test_opening_marks_it_read_and_leads_on(self):
        message = self.send()
        self.assertContains(self.client.get("/messages/"), "submitted October 2026")
        self.assertRedirects(self.client.post(f"/messages/{message.pk}/"), "/me/")
        self.assertNotContains(self.client.get("/messages/"), "submitted October 2026")
        self.assertContains(self.client.get("/messages/?all=1"), "submitted October 2026")

    def test_reading_again_keeps_the_first_moment(self):
        message = self.send()
        self.client.post(f"/messages/{message.pk}/")
        message.refresh_from_db()
        first = message.read_at
        self.client.post(f"/messages/{message.pk}/")
        message.refresh_from_db()
        self.assertEqual(message.read_at, first)

    def test_a_message_of_another_officer_is_not_there(self):
        message = self.send(to="wang")
        self.assertEqual(self.client.post(f"/messages/{message.pk}/").status_code, 404)
        self.assertNotContains(self.client.get("/messages/?all=1"), "submitted October 2026")

    def test_a_link_elsewhere_is_not_followed(self):
        message = self.send(url="https://evil.example/")
        self.assertRedirects(self.client.post(f"/messages/{message.pk}/"), "/messages/")

    def test_looking_never_writes(self):
        message = self.send()
        self.assertEqual(self.client.get(f"/messages/{message.pk}/").status_code, 405)
        self.assertEqual(self.client.get("/messages/read/").status_code, 405)

    def test_all_at_once_but_only_the_own(self):
        self.send(), self.send(), self.send(to="wang")
        self.client.post("/messages/read/")
        self.assertFalse(self.li.messages.filter(read_at=None).exists())
        self.assertTrue(self.officers["wang"].messages.filter(read_at=None).exists())

    def test_a_disabled_officer_gets_none(self):
        self.officers["sun"].is_active = False
        messages.send([self.officers["sun"]], self.TEXT)
        self.assertFalse(self.officers["sun"].messages.exists())

    def test_many_cost_no_more_queries_than_one(self):
        self.send()
        with self.assertNumQueries(7):
            self.client.get("/messages/")
        for _n in range(20):
            self.send()
        with self.assertNumQueries(7):
            self.client.get("/messages/")
