"""Tables that the demo's bureau and a station keep: one shared with the county, one with the office, one of one's own."""

from officers.models import Officer
from reports.actions import tables
from reports.deadlines import newest_open_month
from reports.tables.counting import Question

# (account, its place below the county, name, who sees it, rows, columns, filters, measure)
KEPT = [
    ("zhao", "", "各乡镇外出人员去向（省份）", "county", ("township",), ("province",), (), "away"),
    ("zhao", "", "脱贫户外出务工区域", "county", ("township",), ("region",), (), "away.relieved"),
    ("zhao", "", "制造业、建筑业外出人员年龄性别", "mine", ("age",), ("sex",), (("section", ("C", "E")),), "away"),
    ("wang", "100", "各村务工收入", "office", ("village",), (), (), "income"),
]


def save_tables(county):
    """As their owners would; where an account or month is missing, nothing."""
    month = newest_open_month(county)
    for account, below, name, sharing, rows, columns, filters, measure in KEPT:
        owner = Officer.objects.filter(username=account).first()
        area = county.code + below
        if owner and month and owner.may(tables.POWER, at=area):
            question = Question("month", area, month, rows, columns, filters, measure)
            tables.save_table(question, name=name, sharing=sharing, by=owner)
