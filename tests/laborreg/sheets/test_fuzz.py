"""Workbooks damaged at random, in their archive and in their XML: read, or refused in words, never anything else."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from laborreg.sheets import book, child, reading
from laborreg.sheets.faults import SENTENCES, NotTaken
from tests.laborreg.sheets import builders
from tests.laborreg.sheets.builders import inline, ods_cell, ods_row, row

PIECES = [
    b"<", b">", b"/", b'"', b"&", b"]]>", b"<!--", b"\0", b"\xff", b"99999999999", b"-1", b"1e400", b' r="A0"', b't="d"',
    b"<row>", b"</row>", b'<row r="70000">', b"<c ", b'table:number-rows-repeated="70000"', b"xl/workbook.xml",
]
STRINGS = "<si><t>课</t></si><si><r><t>a</t></r></si>"
ROWS = "".join(
    row(
        n, f'<c r="A{n}" t="s"><v>{n % 2}</v></c>', inline("甲", f"B{n}"),
        f'<c r="C{n}" s="1"><v>45000</v></c>', f'<c r="D{n}" t="e"><v>#N/A</v></c>',
    )
    for n in range(1, 8)
)
# Which of the books, whether the whole of it or one of its parts, where, how much goes, and what comes in its place.
DAMAGE = st.tuples(
    st.sampled_from(["xlsx", "ods"]), st.integers(-1, 6), st.floats(0, 1), st.integers(0, 30),
    st.one_of(st.sampled_from(PIECES), st.binary(max_size=4)),
)


def damaged(content: bytes, place, gone, piece) -> bytes:
    at = round(place * len(content))
    return content[:at] + piece + content[at + gone :]


def made(folder, kind, part, place, gone, piece):
    if kind == "xlsx":
        path = builders.xlsx(folder, ROWS, strings=STRINGS)
    else:
        path = builders.ods(folder, ods_row(ods_cell("x"), times=2))
    if part < 0:
        path.write_bytes(damaged(path.read_bytes(), place, gone, piece))
        return path
    with builders.zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = list(parts)[-1 - part % len(parts)]
    return builders.packed(path, parts | {name: damaged(parts[name], place, gone, piece)})


def answers(paths) -> list[str]:
    return [_answer(path) for path in paths]


def _answer(path) -> str:
    try:
        found = book.inspect(path, "x")
        for sheet in found.sheets:
            rows = list(reading.rows(path, found.kind, sheet.name))
            assert [(number, [reading.as_text(cell) for cell in cells]) for number, cells in rows[:30]] == sheet.head
    except NotTaken as fault:
        return fault.code
    return found.kind


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(damages=st.lists(DAMAGE, min_size=25, max_size=25))
def test_damaged_workbooks_are_read_or_refused(tmp_path_factory, damages):
    folders = [tmp_path_factory.mktemp("book") for _damage in damages]
    paths = [str(made(folder, *damage)) for folder, damage in zip(folders, damages, strict=True)]
    try:
        found = child.run(answers, paths, seconds=60, megabytes=1_000, bare=True)
    except NotTaken as fault:
        found = [fault.code]
    assert set(found) <= {"xlsx", "ods", *SENTENCES}
