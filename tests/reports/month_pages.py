"""The pages of the month in the tests: the cast signed in, in the month that MonthCase opened."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.reports.test_actions import MonthCase as _MonthCase


class PageCase(_MonthCase):
    def sign_in(self, officer):
        self.client.force_login(officer)
        session = self.client.session
        session["began"] = session["seen"] = timezone.now().timestamp()
        session.save()

    def get(self, officer, name, *args, **query):
        self.sign_in(officer)
        return self.client.get(reverse(name, args=args), query)

    def queries(self, officer, name, *args, **query) -> int:
        """Of the second time: some things are asked once a process."""
        self.get(officer, name, *args, **query)
        with CaptureQueriesContext(connection) as asked:
            self.assertEqual(self.client.get(reverse(name, args=args), query).status_code, 200)
        return len(asked)

    def post(self, officer, name, *args, came_from="", **data):
        """The page that follows; a refusal leads back to where the officer came from."""
        self.sign_in(officer)
        headers = {"referer": f"http://testserver{came_from}"} if came_from else {}
        return self.client.post(reverse(name, args=args), data, headers=headers, follow=True)
