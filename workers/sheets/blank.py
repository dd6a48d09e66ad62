"""The workbook that an office fills in and sends: the columns of a kind, with their lists."""

from hashlib import sha256

from laborreg.sheets.templates import TemplateColumn, template
from workers import codes
from workers.sheets import columns
from workers.sheets.columns import COLUMNS

NUMBERS = {"pay", "yearly_pay", "persons"}


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
        column.heading, str(column.example), tuple(label for _code, label in column.choices),
        required=column.heading in _required(kind), kind="number" if column.name in NUMBERS else "text",
    )


def _required(kind) -> list[str]:
    return columns.missing(kind, [], one_village=False)
