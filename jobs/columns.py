"""The columns of the register of cooperation points."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from laborreg.columns import Column, clean_date, optional, words
from laborreg.identity import clean_phone, plain

MOST_JOBS = 100_000


def clean_jobs(text) -> int | None:
    """A whole number of jobs; nothing typed is not known."""
    typed = re.sub(r"[\s,]", "", plain(text)).removesuffix("人").removesuffix("个")
    if not typed:
        return None
    if not re.fullmatch("[0-9]{1,9}", typed) or int(typed) > MOST_JOBS:
        sentence = _now("“%(text)s” is not a number of jobs. Write a whole number up to %(most)s.")
        raise ValidationError(sentence % {"text": plain(text)[:50], "most": f"{MOST_JOBS:,}"})
    return int(typed)


# The place is judged from the county, so the action cleans it: villages.destinations.clean.
COLUMNS = [
    Column("name", pgettext_lazy("of a point", "Name"), words(80, missing=_("Enter the name.")), "驻深圳劳务协作点",
           ("名称",), required=True),
    Column("destination", _("Place"), plain, "4403", ("地点", "区域"), required=True),
    Column("partner", _("Partner"), words(80), "深圳市某人力资源公司", ("合作单位", "协作单位")),
    Column("contact", _("Contact"), words(50), "李主任", ("联系人",)),
    Column("phone", _("Phone"), clean_phone, "0755-25555555", ("联系电话", "电话")),
    Column("signed_on", _("Signed on"), optional(clean_date), "2026-03-01", ("签订时间", "建成时间")),
    Column("jobs_offered", _("Jobs offered"), clean_jobs, "120", ("提供岗位数", "岗位数")),
]
BY_NAME = {column.name: column for column in COLUMNS}
