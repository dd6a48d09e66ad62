"""The definitions themselves: complete, told in the docs, and kind to addition."""

import re
from pathlib import Path

from tests.workers.day_by_day import KEYS as CONTRACT
from workers import ledger

DOCS = Path(__file__).parents[2] / "docs" / "indicators.md"


def test_every_figure_of_the_contract_is_defined_and_no_other():
    assert sorted(ledger.KEYS) == sorted(CONTRACT)


def test_every_figure_is_told_in_a_sentence():
    told = re.findall(r"^\| `([a-z_0-9.]+)` \| (stock|flow|year)", DOCS.read_text(), flags=re.MULTILINE)
    assert told == [(figure.key, figure.kind) for figure in ledger.FIGURES]


def test_columns_are_distinct():
    assert len({figure.column for figure in ledger.FIGURES}) == len(ledger.FIGURES)


def test_only_times_yuan_and_signed_flows_add_over_months():
    assert not any(figure.adds_over_months for figure in ledger.FIGURES if figure.kind != "flow")
    assert ledger.BY_KEY["left"].adds_over_months
    assert ledger.BY_KEY["late"].adds_over_months
    assert not ledger.BY_KEY["left_persons"].adds_over_months
