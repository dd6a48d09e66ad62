"""A sheet read in pieces is the sheet read as a whole."""

import pytest

from laborreg.sheets import archive, pieces, reading
from laborreg.sheets.faults import NotTaken
from tests.laborreg.sheets import builders
from tests.laborreg.sheets.builders import inline, row

ROWS = "".join(
    row(
        n, inline("", f"A{n}"), inline(f"𠮷{n}", f"B{n}"),
        f'<c r="C{n}" s="1"><v>{40_000 + n}</v></c>', f'<c r="D{n}" t="e"><v>#N/A</v></c>',
    )
    for n in range(5, 900, 3)
) + row(5_000, inline("end", "C5000"))
PREFIXED = f'<x:worksheet xmlns:x="{builders.MAIN}"><x:sheetData/>{" " * 9_000}</x:worksheet>'


def without_place(text) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 4_000)
    monkeypatch.setattr(archive, "BLOCK", 1_500)


@pytest.mark.parametrize("about", [{}, {"workbook": '<workbookPr date1904="1"/>'}, {"before": '<dimension ref="A1"/>'}])
def test_pieces_make_the_whole(tmp_path, monkeypatch, about):
    path = builders.xlsx(tmp_path, ROWS, **about)
    whole = list(reading.rows(path, "xlsx", "S"))
    assert pieces.of(path, "S") is None
    for block in (997, 1_500, 4_111):
        monkeypatch.setattr(pieces, "PIECE", 4_000)
        monkeypatch.setattr(archive, "BLOCK", block)
        assert len(list(pieces.of(path, "S"))) > 9
        assert list(reading.rows(path, "xlsx", "S")) == whole
    assert (whole[0][0], whole[0][1][1::2], whole[-1]) == (5, ["𠮷5", "#N/A"], (5_000, [None, None, "end"]))


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("about", [
    {"rows": ROWS.replace("<row ", "<row x='1' ").replace(' r="5"', "")},
    {"rows": ROWS, "strings": "<si><t>x</t></si>" * 40_000},
    {"rows": "", "more": {"xl/worksheets/sheet1.xml": PREFIXED}},
])
def test_what_cannot_be_cut_is_read_as_a_whole(tmp_path, about):
    assert pieces.of(builders.xlsx(tmp_path, **about), "S") is None


@pytest.mark.usefixtures("small_pieces")
def test_a_row_in_the_middle_that_has_no_number_is_not_counted_wrongly(tmp_path):
    rows = ROWS + f"<row >{without_place('甲' * 400)}</row>" * 30
    with pytest.raises(NotTaken) as caught:
        list(reading.rows(builders.xlsx(tmp_path, rows), "xlsx", "S"))
    assert caught.value.code == "corrupt"
