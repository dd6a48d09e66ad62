"""Where the tests of the actions sit: the cast at its posts on 2026-11-04, and ID numbers that nobody has."""

from datetime import date

from stdnum.cn import ric

from laborreg import clock
from laborreg.refusals import Refusal
from officers.models import AuditEvent
from tests import cast
from tests.built import Built
from villages.models import Division

TODAY = date(2026, 11, 4)


def id_number(born="19880312", order="002", area="630000") -> str:
    """An invented ID number with the right check digit; an even order is a woman's."""
    return area + born + order + ric.calc_check_digit(f"{area}{born}{order}0")


class Desk(Built):
    def setUp(self):
        clock.pin(TODAY)
        self.addCleanup(clock.pin, None)

    def build(self):
        clock.pin(TODAY)
        self.addCleanup(clock.pin, None)
        self.county = cast.county()
        for name, officer in cast.cast().items():
            setattr(self, name, officer)
        for code, name in (("44", "广东省"), ("4403", "深圳市")):
            Division.objects.get_or_create(code=code, defaults={"name": name})

    def verbs(self):
        return list(AuditEvent.objects.order_by("number").values_list("verb", flat=True))

    def refuses(self, words, action, *args, refusal=None, **kwargs):
        """The refusal of the action, which says these words."""
        with self.assertRaises(refusal or Refusal) as caught:
            action(*args, **kwargs)
        self.assertIn(words, str(caught.exception.message))
        return caught.exception
