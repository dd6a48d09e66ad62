"""Small numbers stay hidden: none can be worked out from what is shown in its row, column or partition."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laborreg.suppression import ENDLESS
from reports import destinations, suppression
from reports.suppression import ALSO, FEW, bounds, equations, hide, hide_cells
from workers import ledger
from workers.ledger import BY_KEY, KEYS

COUNTY, TOWNSHIPS = "630121", ["630121100", "630121101", "630121102"]


def whole(parts):
    return {key: sum(row[key] for row in parts.values()) for key in KEYS}


def row(**values):
    """Figures in which every partition and the closing hold."""
    figures = dict.fromkeys(KEYS, 0) | {key.replace("__", "."): value for key, value in values.items()}
    for total, parts in ledger.partitions():
        rest = figures[total] - sum(figures[part] for part in parts)
        figures[parts[-1]] += rest
    figures["opening"] = figures["away"] - figures["left"] + figures["came_home"] - figures["moved"] - figures["late"]
    return figures


@st.composite
def rows(draw):
    """A township's figures: parts drawn first, small numbers often, so that wholes and closing hold."""
    few = st.one_of(st.integers(0, 4), st.integers(0, 300))
    figures = {key: draw(few) for key in KEYS if not BY_KEY[key].signed}
    figures |= {key: draw(st.integers(-4, 4)) for key in KEYS if BY_KEY[key].signed}
    for total, parts in ledger.partitions():
        # Several partitions share a whole: the last part of each takes up what the others leave.
        figures[total] = max(figures[total], sum(figures[part] for part in parts[:-1]))
    for total, parts in ledger.partitions():
        figures[parts[-1]] = figures[total] - sum(figures[part] for part in parts[:-1])
    figures["opening"] = figures["away"] - figures["left"] + figures["came_home"] - figures["moved"] - figures["late"]
    figures["moved"] += min(figures["opening"], 0)
    figures["opening"] = max(figures["opening"], 0)
    return figures


worlds = st.lists(rows(), min_size=2, max_size=3).map(lambda parts: dict(zip(TOWNSHIPS, parts, strict=False)))


def with_county(parts):
    return {COUNTY: whole(parts)} | parts


def ranges(line, values, hidden):
    """By hand, term by term: what each hidden part of a line can be for one who knows its whole."""
    (_sign, whole), *parts = line
    unknown = [(sign, cell) for sign, cell in parts if cell in hidden]
    rest = -sum(sign * values[cell] for sign, cell in line if cell not in hidden or cell == whole)
    for sign, cell in unknown:
        least = most = 0
        for other_sign, other in unknown:
            if other != cell:
                ends = sorted(other_sign * end for end in bounds(other, hidden[other]))
                least, most = least + ends[0], most + ends[1]
        ends = sorted(sign * (rest - end) for end in (least, most))
        low, high = bounds(cell, hidden[cell])
        yield cell, max(low, ends[0]), min(high, ends[1])


@settings(max_examples=60, deadline=None)
@given(worlds)
def test_no_line_tells_a_hidden_number(parts):
    figures = with_county(parts)
    hidden = hide(COUNTY, figures)
    values = {(code, key): value for code, line in figures.items() for key, value in line.items()}
    for line in equations(COUNTY, figures):
        if any(cell not in hidden for _sign, cell in line[1:]):
            for cell, low, high in ranges(line, values, hidden):
                assert low < high, (cell, line)


@settings(max_examples=60, deadline=None)
@given(worlds)
def test_every_small_count_is_hidden_and_marks_tell_the_truth(parts):
    figures = with_county(parts)
    hidden = hide(COUNTY, figures)
    for code, line in figures.items():
        for key, value in line.items():
            mark = hidden.get((code, key))
            if BY_KEY[key].unit != "y":
                # Where one or two in a sum would tell both its parts, the mark says less.
                assert mark or not 0 < abs(value) < 3
                assert mark != FEW or 0 < abs(value) < 3


def exactly(lines, hidden):
    """What the lines determine, with fractions: Gauss and Jordan, written without a thought for speed."""
    cells = sorted(hidden)
    matrix = [[Fraction(sum(sign for sign, c in line if c == cell)) for cell in cells] for line in lines]
    matrix = [line for line in matrix if any(line)]
    done = 0
    for column in range(len(cells)):
        found = next((n for n in range(done, len(matrix)) if matrix[n][column]), None)
        if found is None:
            continue
        matrix[done], matrix[found] = matrix[found], matrix[done]
        matrix[done] = [entry / matrix[done][column] for entry in matrix[done]]
        for n, line in enumerate(matrix):
            if n != done and line[column]:
                matrix[n] = [a - line[column] * b for a, b in zip(line, matrix[done], strict=True)]
        done += 1
    single = [[n for n, entry in enumerate(line) if entry] for line in matrix]
    return {cells[places[0]] for places in single if len(places) == 1}


# Small tables of rows, columns and their sums, where it is cheap to solve for everything.
tables = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 7), min_size=width, max_size=width), min_size=2, max_size=5)
)


def as_lines(table):
    values = {(str(r), f"c{c}"): n for r, line in enumerate(table) for c, n in enumerate(line)}
    lines = []
    for r, line in enumerate(table):
        values[str(r), "sum"] = sum(line)
        lines.append([(1, (str(r), "sum")), *((-1, (str(r), f"c{c}")) for c in range(len(line)))])
    for name in [*(f"c{c}" for c in range(len(table[0]))), "sum"]:
        values["all", name] = sum(values[str(r), name] for r in range(len(table)))
        lines.append([(1, ("all", name)), *((-1, (str(r), name)) for r in range(len(table)))])
    return values, lines


@settings(max_examples=200, deadline=None)
@given(tables)
def test_all_lines_together_tell_no_hidden_number(table):
    values, lines = as_lines(table)
    hidden = hide_cells(values, lines)
    shown = set(values) - set(hidden)
    told = exactly(lines, hidden)
    assert told == suppression.worked_out(lines, hidden)
    # Where nothing is left to hide, nothing is shown that could tell.
    assert not told or not shown


def possible(values, lines, hidden):
    """{hidden cell: (least, most)} for one who goes through all lines, one term at a time, until nothing changes."""
    spans = {cell: (1, 2) if hidden[cell] == FEW else (0, ENDLESS) for cell in hidden}
    changed = True
    while changed:
        changed = False
        for line in lines:
            for sign, cell in line:
                if cell not in hidden:
                    continue
                ends = [[-s * end for end in (spans[c] if c in hidden else (values[c], values[c]))]
                        for s, c in line if c != cell]
                low, high = sorted(sign * end for end in (sum(map(min, ends)), sum(map(max, ends))))
                span = max(low, spans[cell][0]), min(high, spans[cell][1])
                changed, spans[cell] = changed or span != spans[cell], span
    return spans


@settings(max_examples=200, deadline=None)
@given(tables)
def test_all_marks_together_leave_every_hidden_number_two_values(table):
    values, lines = as_lines(table)
    hidden = hide_cells(values, lines)
    for cell, (low, high) in possible(values, lines, hidden).items():
        assert low <= values[cell] <= high
        assert low < high, (cell, hidden)


def test_two_of_a_sum_of_two_are_not_told_by_their_marks():
    values = {("", "male"): 1, ("", "female"): 1, ("", "sum"): 2}
    line = [(1, ("", "sum")), (-1, ("", "male")), (-1, ("", "female"))]
    assert hide_cells(values, [line]) == {("", "male"): ALSO, ("", "female"): ALSO, ("", "sum"): FEW}


def test_a_closing_does_not_tell_what_came_late():
    parts = {
        TOWNSHIPS[0]: row(away=45, came_home=11, late=1), TOWNSHIPS[1]: row(away=90, left=20, left_persons=20),
        TOWNSHIPS[2]: row(away=80, left=30, left_persons=30),
    }
    assert parts[TOWNSHIPS[0]]["opening"] == 55
    hidden = hide(COUNTY, with_county(parts))
    # One came late and none moved: of two that are hidden, one of which may be less than none, each could be another.
    of_closing = {key for _sign, key in suppression.CLOSING if (TOWNSHIPS[0], key) in hidden}
    assert {"late", "moved"} <= of_closing and "away" not in of_closing


def test_what_another_page_shows_is_not_hidden_to_protect_something():
    values = {("", "sum"): 50, ("", "a"): 2, ("", "b"): 8, ("", "c"): 40}
    line = [(1, ("", "sum")), (-1, ("", "a")), (-1, ("", "b")), (-1, ("", "c"))]
    assert hide_cells(values, [line], (), [("", "b"), ("", "sum")]) == {("", "a"): FEW, ("", "c"): ALSO}


def test_the_next_smallest_of_the_partition_and_of_the_column_goes_with_it():
    parts = {
        TOWNSHIPS[0]: row(away=62, away__male=40, away__female=20, away__other_province=62),
        TOWNSHIPS[1]: row(away=70, away__male=40, away__female=30, away__other_province=70),
        TOWNSHIPS[2]: row(away=90, away__male=50, away__female=40, away__other_province=90),
    }
    assert parts[TOWNSHIPS[0]]["away.sex_unknown"] == 2
    hidden = hide(COUNTY, with_county(parts))
    assert hidden[TOWNSHIPS[0], "away.sex_unknown"] == FEW
    assert hidden[TOWNSHIPS[0], "away.female"] == ALSO
    assert (COUNTY, "away") not in hidden and (TOWNSHIPS[0], "away") not in hidden
    # In each of the two columns another township: of those with nobody unknown one is hidden too.
    assert hidden[TOWNSHIPS[1], "away.sex_unknown"] == ALSO
    assert hidden[TOWNSHIPS[1], "away.female"] == ALSO


def test_nobody_is_nobodys_secret():
    parts = {code: row(away=50, away__male=30, away__female=20, away__other_province=50) for code in TOWNSHIPS}
    assert hide(COUNTY, with_county(parts)) == {}


def test_where_nobody_is_in_the_whole_county_no_township_is_hidden():
    came = {"came_home.reason_season_over": 30, "came_home.reason_family": 0, "came_home.from_other_province": 30}
    parts = {
        code: row(away=100 + n, left=n, left_persons=n) | came | {"came_home": 30, "came_home_persons": 30}
        for n, code in enumerate(TOWNSHIPS)
    }
    parts[TOWNSHIPS[0]] |= {"came_home.reason_season_over": 29, "came_home.reason_family": 1}
    for figures in parts.values():
        figures |= {"came_home.reason_other": 0, "came_home.from_abroad": 0}
        figures["opening"] = figures["away"] - figures["left"] + figures["came_home"]
    hidden = hide(COUNTY, with_county(parts))
    assert hidden[TOWNSHIPS[0], "came_home.reason_family"]
    assert not [cell for cell in hidden if cell[1] in ("came_home.reason_festival", "came_home.from_abroad", "away")]


def test_persons_do_not_tell_the_times():
    parts = {
        TOWNSHIPS[0]: row(away=50, left=3, left_persons=2), TOWNSHIPS[1]: row(away=50, left=9, left_persons=9),
        TOWNSHIPS[2]: row(away=50, left=30, left_persons=28),
    }
    hidden = hide(COUNTY, with_county(parts))
    assert (hidden[TOWNSHIPS[0], "left_persons"], hidden[TOWNSHIPS[0], "left"]) == (FEW, ALSO)
    for code in (COUNTY, *TOWNSHIPS):
        assert ((code, "left") in hidden) == ((code, "left_persons") in hidden)


def test_income_of_a_few_is_hidden_with_their_number():
    parts = {
        TOWNSHIPS[0]: row(away=2, trips=2, income_month=9000, income=30000),
        TOWNSHIPS[1]: row(away=50, trips=50, income_month=90000, income=300000),
        TOWNSHIPS[2]: row(away=60, trips=60, income_month=90000, income=400000),
    }
    hidden = hide(COUNTY, with_county(parts))
    for key in ("income", "income_month"):
        assert hidden[TOWNSHIPS[0], key] == ALSO
        assert sum((code, key) in hidden for code in TOWNSHIPS) >= 2


class TestDestinations:
    found = {"63": 40, "44": 30, "32": 20, "81": 2, "JPN": 5, "65": 1}
    figures = {"away.other_province": 51, "away.abroad": 7}

    def hide(self, *hidden):
        return destinations.hide(self.found, self.figures, "63", lambda key: key in hidden)

    def test_a_small_place_takes_the_next_smallest_of_its_group_with_it(self):
        assert self.hide() == {"63": 40, "44": 30, "32": ALSO, "81": FEW, "JPN": ALSO, "65": FEW}

    def test_where_the_sum_is_hidden_its_places_are(self):
        seen = self.hide("away.abroad")
        assert (seen["81"], seen["JPN"], seen["44"]) == (ALSO, ALSO, 30)
        assert self.hide("away.county")["63"] == ALSO

    @pytest.mark.parametrize("place, is_abroad", [("44", False), ("71", True), ("81", True), ("JPN", True)])
    def test_beyond_the_borders(self, place, is_abroad):
        assert destinations.is_abroad(place) == is_abroad
