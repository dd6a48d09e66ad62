"""The workbook that an office fills in and sends: the columns of a kind, with their lists."""

from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from laborreg.sheets.templates import TemplateColumn, template
from workers import codes
from workers.sheets import columns
from workers.sheets.columns import COLUMNS

NUMBERS = {"pay", "yearly_pay", "persons"}
_DAY = _("A day, such as 2026-03-01.")
_PART = _("By its full name, in place of the destination.")
HOW = {
    "township": _("Its name, where two townships have a village of the same name."),
    "village": _("Its name, or its code of 12 digits."),
    "name": _("As on the ID card."),
    "id_number": _("18 characters; leave the cells as text."),
    "head_id": _("The same in every row of the household; leave the cells as text."),
    "household_number": _("The same in every row of the household."),
    "phone": _("A mobile number of 11 digits, or a landline with its area code."),
    "birth_date": _DAY, "status_from": _DAY,
    "started_on": _("A day, such as 2026-03-01; the month alone will do: 2026-03."),
    "ended_on": _("A day, such as 2026-10-20; empty as long as the work goes on."),
    "contract_until": _("A day, such as 2027-02-28; a month stands for its last day."),
    "planned_home": _("A month, such as 2027-01."),
    "destination": _("Province, city and county, or the country."),
    "province": _PART, "city": _PART, "district": _PART,
    "broker": _("The name of a broker whom the registry knows."),
    "point": _("The name of a point that the registry knows."),
    "pay": _("Whole yuan of one month."),
    "yearly_pay": _("In units of 10,000 yuan; instead of the monthly pay."),
    "persons": _("A whole number."),
}


def write(path, kind):
    """To a path or an open file, in the language of now. Days stay as they are typed: a month alone is no day."""
    offered = [_offered(column, kind) for column in COLUMNS[kind]]
    template(path, offered, title=dict(codes.SHEET_KINDS)[kind], version=version(kind))


def version(kind) -> str:
    """Another one whenever a column comes, goes or takes other words."""
    said = [(column.name, [code for code, _label in column.choices]) for column in COLUMNS[kind]]
    return sha256(repr(said).encode()).hexdigest()[:8]


def _offered(column, kind) -> TemplateColumn:
    return TemplateColumn(
        column.heading, str(column.example), tuple(label for _code, label in column.choices), _how(column),
        required=column.heading in _required(kind), kind="number" if column.name in NUMBERS else "text",
    )


def _how(column):
    chosen = _("Choose one from the list.") if column.choices else _("In a few words, without ID numbers or phones.")
    return HOW.get(column.name, chosen)


def _required(kind) -> list[str]:
    return columns.missing(kind, [], one_village=False)
