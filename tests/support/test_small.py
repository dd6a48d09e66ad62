"""What the county leader may not read, nor work out from what stands beside it."""

from hypothesis import given
from hypothesis import strategies as st

from laborreg.suppression import ENDLESS, FEW, SMALL
from support import small
from support.ranking import NOTHING

COUNTIES = st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=4), min_size=1, max_size=4)


def found(townships) -> tuple[dict, dict]:
    """Person-times of each township's brokers, and the sums of them."""
    brokers = {f"{t}-{b}": times for t, row in enumerate(townships) for b, times in enumerate(row)}
    sums = {str(t): sum(row) for t, row in enumerate(townships)}
    told = {"": {"": sum(sums.values())}, "township": sums, "broker": brokers}
    rows = {by: {key: NOTHING | {"person_times": times} for key, times in each.items()} for by, each in told.items()}
    return rows, {broker: broker.split("-")[0] for broker in brokers}


def times(rows) -> dict:
    return {by: {key: row["person_times"] for key, row in each.items()} for by, each in rows.items()}


@given(COUNTIES)
def test_no_one_and_no_two_stand_anywhere_nor_follow_from_a_sum(townships):
    rows, township_of = found(townships)
    true, shown = times(rows), times(small.hide(rows, township_of))
    for each in shown.values():
        assert not {1, 2} & set(each.values())
    sums = [(true[""][""], list(true["township"]), "township")]
    sums += [(whole, [b for b in true["broker"] if township_of[b] == code], "broker") for code, whole in true["township"].items()]
    for whole, parts, by in sums:
        hidden = {part: shown[by][part] for part in parts if isinstance(shown[by][part], str)}
        if len(hidden) < len(parts):
            rest = whole - sum(true[by][part] for part in parts if part not in hidden)
            assert all(least < most for least, most in possible(hidden, rest))


def possible(hidden: dict[str, str], rest: int):
    """The least and the most of each hidden number, for one who knows their sum and what the marks mean."""
    ends = [(1, SMALL - 1) if mark == FEW else (0, ENDLESS) for mark in hidden.values()]
    for n, (least, most) in enumerate(ends):
        others = [pair for m, pair in enumerate(ends) if m != n]
        yield max(least, rest - sum(high for _low, high in others)), min(most, rest - sum(low for low, _high in others))


def test_three_of_one_person_each_are_not_told_by_their_sum():
    rows, township_of = found([[1, 1, 1, 9, 20]])
    shown = times(small.hide(rows, township_of))["broker"]
    assert [shown[f"0-{b}"] for b in range(3)] == [FEW] * 3
    assert isinstance(shown["0-3"], str) and shown["0-4"] == 20


def test_a_number_that_is_large_enough_stays():
    rows, township_of = found([[9, 3], [5]])
    assert small.hide(rows, township_of) == rows
