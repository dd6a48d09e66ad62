"""What the tests of the pages share: the cast at its desks, with a browser that knows no JavaScript."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.workers.desk import Desk

SHENZHEN = {
    "destination_province": "44", "destination_prefecture": "4403", "left_month": "2026-11", "channel": "relatives",
}
FACTORY = {"common_industry": "C", "pay": "5200"}


class Pages(Desk):
    """Signed in as Li of the home village unless a test says otherwise."""

    def setUp(self):
        super().setUp()
        self.sign_in(self.li)

    def sign_in(self, officer):
        self.client.logout()
        self.assertTrue(self.client.login(username=officer.username, password="Right-2026"))
        session = self.client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()

    def shows(self, response, *texts):
        self.assertEqual(response.status_code, 200)
        for text in texts:
            self.assertContains(response, text)

    def hides(self, response, *texts):
        for text in texts:
            self.assertNotContains(response, text, status_code=response.status_code)

    def queries(self, address) -> int:
        with CaptureQueriesContext(connection) as asked:
            self.assertEqual(self.client.get(address).status_code, 200)
        return len(asked)
