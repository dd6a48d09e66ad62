"""What a table is called: whom it counts, what, and by what; on the page, in a file and as a file's name."""

import re

from django.utils.translation import gettext as _

from reports.tables import dimensions, parts
from reports.tables.counting import Question
from reports.tables.measures import Measure
from workers.ledger import BY_KEY

MOST_CODES = 3


def title_of(question: Question) -> str:
    """Such as "Household under monitoring, another province: away at the end of the month, by township, sex"."""
    by = _(", ").join(_within(parts.label_of(dimension.name, question.counts)) for dimension in question.grouped)
    words = {"measure": measure_of(question.counts), "dimensions": by}
    if not question.filters:
        return _("%(measure)s, by %(dimensions)s") % words
    only = _(", ").join(_only(question.area, name, codes) for name, codes in question.filters)
    return _("%(filters)s: %(measure)s, by %(dimensions)s") % (words | {"filters": only})


def measure_of(measure: Measure) -> str:
    """A figure's words without a colon of their own."""
    over = BY_KEY[measure.figure].part_of or BY_KEY[measure.figure].below if measure.figure else None
    if not over:
        return str(measure.label)
    return _("%(whole)s (%(part)s)") % {"whole": BY_KEY[over].label, "part": measure.label}


def _only(area: str, name: str, codes) -> str:
    """A filter in a word or a few: of yes and no the thing itself."""
    dimension = dimensions.BY_NAME[name]
    if codes == ("yes",):
        return str(dimension.label)
    if len(codes) > MOST_CODES:
        return _("%(dimension)s (%(n)d of them)") % {"dimension": dimension.label, "n": len(codes)}
    labels = _(" or ").join(dimension.labels(area, codes).values())
    is_clear = codes != ("no",) and not {dimensions.UNKNOWN, dimensions.NOT_AT_WORK} & set(codes)
    return labels if is_clear else _("%(dimension)s %(codes)s") % {"dimension": dimension.label, "codes": labels}


def file_name(question: Question, day: str, kind: str) -> str:
    """Says what is counted and by what, in characters that every system takes: `away-by-township-sex-630121-2026-10.xlsx`."""
    rows = "-".join([*question.rows, *question.columns])
    stem = f"{question.measure}-by-{rows}-{question.area}-{question.month or day}"
    if question.filters:
        stem += "-only-" + "-".join(name for name, _codes in question.filters)
    return re.sub(r"[^A-Za-z0-9_-]", "-", stem) + f".{kind}"


def _within(label: str) -> str:
    """A label in the middle of a sentence."""
    return label[:1].lower() + label[1:]
