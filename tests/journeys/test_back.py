"""Who signed out shows nobody's page to the next one at the computer, by Back or by the address."""

import pytest
from django.urls import reverse

from tests.cast import HOME
from tests.journeys.desk import PC
from workers.models import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_after_signing_out_back_shows_no_person(desk, officers):
    li, who = desk("li", **PC), Worker.objects.filter(village=HOME).first()
    li.open(reverse("person", args=[who.pk]))
    assert who.name in li.page.content()
    li.tap(f"form[action='{reverse('sign_out')}'] button")
    assert "/sign-in/" in li.page.url
    li.page.go_back()
    li.page.wait_for_load_state()
    assert who.name not in li.page.content()
    assert "/sign-in/" in li.page.url
