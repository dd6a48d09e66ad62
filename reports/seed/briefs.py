"""The briefs of the demo: last month's is issued, the newest month's is being written."""

from datetime import timedelta

from django.utils.translation import override

from laborreg.months import Month
from reports.briefs import drafting
from reports.seed.months import LOCKED, on_day
from villages.models import County

OWN = "下步工作", (
    "一是继续做好返乡人员登记和回访，掌握就业意愿；二是对接省外劳务协作点，组织有意愿的人员有序外出；"
    "三是督促缺报村尽快上报。"
)


def write(county: County, newest: Month, *, by, today):
    """Last month's on the day after it was sealed, with the office's own paragraph; the newest's draft on the demo's day."""
    before = newest.previous
    with override("zh-hans"):
        with on_day(county.last_day(before) + timedelta(days=LOCKED + 1)):
            brief = drafting.start(county, before, by=by)
            title, text = OWN
            drafting.add(brief, title=title, text=text, by=by, version=brief.version)
            drafting.issue(brief, by=by, version=brief.version + 1)
        with on_day(today):
            drafting.start(county, newest, by=by, as_last_month=True)
