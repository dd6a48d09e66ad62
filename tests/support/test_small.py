"""What the county leader may not read, nor work out from what stands beside it."""

from hypothesis import given
from hypothesis import strategies as st

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


@given(COUNTIES)
def test_no_one_and_no_two_stand_anywhere_nor_follow_from_a_sum(townships):
    rows, township_of = found(townships)
    shown = small.hide(rows, township_of)
    value = {by: {key: row["person_times"] for key, row in each.items()} for by, each in shown.items()}
    for each in value.values():
        assert not {1, 2} & set(each.values())
    lines = [("", "", "township", list(value["township"]))]
    lines += [("township", each, "broker", [b for b in value["broker"] if township_of[b] == each]) for each in value["township"]]
    for by, whole, parts_by, parts in lines:
        hidden = [part for part in parts if isinstance(value[parts_by][part], str)]
        nonzero = [part for part in parts if rows[parts_by][part]["person_times"]]
        if isinstance(value[by][whole], str):
            assert hidden
        elif hidden:
            assert len(hidden) > 1 or len(nonzero) == 1


def test_a_number_that_is_large_enough_stays():
    rows, township_of = found([[9, 3], [5]])
    assert small.hide(rows, township_of) == rows
