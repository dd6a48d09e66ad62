"""What a list of doubts is asked for, and how each of them is told and mended."""

from urllib.parse import urlencode

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from workers import doubts
from workers.doubts import BY_CODE, RULES, SEVERITIES
from workers.models import Doubt, Worker


class Query:
    """The doubts of an area, narrowed by what was asked; what is unknown narrows nothing."""

    def __init__(self, officer, area, asked):
        self.officer, self.area = officer, area
        self.rule = BY_CODE.get(asked.get("rule"))
        self.severity = asked.get("severity") if asked.get("severity") in SEVERITIES else ""
        self.is_settled = asked.get("state") == "settled"

    @property
    def of_area(self):
        return Doubt.objects.visible_to(self.officer).under(self.area.code)

    def rows(self):
        rows = self.of_area.settled() if self.is_settled else self.of_area.open()
        if self.rule:
            rows = rows.filter(rule=self.rule.code)
        elif self.severity:
            rows = rows.filter(rule__in=doubts.of_severity(self.severity))
        return rows.select_related("worker", "household", "village", "settled_by").order_by("village_id", "found_on", "pk")

    @property
    def rules(self):
        """What the filter offers."""
        return [rule for rule in RULES if not self.severity or rule.severity == self.severity]

    @property
    def severities(self):
        return [(name, label) for name, (label, _tone) in SEVERITIES.items()]


def describe(rows, back: str = "") -> list[Doubt]:
    """Each doubt with its rule, the value in words, whom it is about, and where it is mended; one query for all heads.

    `back`: the address of the list, to which the forms lead again.
    """
    rows = list(rows)
    homes = {row.household_id for row in rows if row.household_id}
    # A head who is registered elsewhere is none of the reader's business.
    own = Worker.objects.valid().filter(relation="head", village=F("household__village"))
    heads = {head.household_id: head.name for head in own.filter(household__in=homes)} if homes else {}
    for row in rows:
        row.told = BY_CODE[row.rule]
        row.label, row.tone = SEVERITIES[row.told.severity]
        row.value = row.told.words(row.detail)
        row.about = row.worker.name if row.worker else _name(row, heads)
        row.about_url = reverse("person", args=[row.worker_id]) if row.worker else reverse("household", args=[row.household_id])
        row.mend_url = mend_url(row, back)
        row.right_url = _with_back(reverse("doubt_right", args=[row.pk]), back)
    return rows


def _name(row, heads) -> str:
    named = heads.get(row.household_id) or next(iter(row.detail.get("names", [])), row.household.number)
    return _("Household of %(name)s") % {"name": named}


def mend_url(row, back: str = "") -> str:
    """The form that mends it, at the field."""
    rule = BY_CODE[row.rule]
    keys = {"person": row.worker_id, "transfer": row.transfer_id, "household": row.household_id}
    key = keys[rule.by] or row.worker.household_id
    anchor = f"#id_{rule.field}" if rule.field else ""
    return _with_back(reverse(rule.page, args=[key]), back) + anchor


def _with_back(url, back) -> str:
    return f"{url}?{urlencode({'next': back})}" if back else url
