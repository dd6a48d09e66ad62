"""The workbook to fill in says of every column how."""

import io

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from workers.sheets import blank
from workers.sheets.columns import COLUMNS


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", COLUMNS)
def test_no_column_is_left_without_a_word_on_how_to_fill_it_in(kind, language):
    content = io.BytesIO()
    with override(language):
        blank.write(content, kind)
    told = load_workbook(content).worksheets[-1]
    how = {row[0]: row[4] for row in told.iter_rows(min_row=5, max_row=4 + len(COLUMNS[kind]), values_only=True)}
    assert [heading for heading, words in how.items() if not words] == []
    assert len(how) == len(COLUMNS[kind])
