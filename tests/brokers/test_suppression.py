"""What hides a small number hides with it what would tell it."""

from itertools import product

from django.test import SimpleTestCase

from brokers.suppression import ALSO, FEW, TOTAL, hide


class Hiding(SimpleTestCase):
    def test_nothing_small_hides_nothing(self):
        self.assertEqual(hide({"a": 5, "b": 0, "c": 9}), {})

    def test_with_a_small_one_the_next_smallest(self):
        self.assertEqual(hide({"a": 1, "b": 5, "c": 9}), {"a": FEW, "b": ALSO})

    def test_all_but_one_tells_the_one(self):
        hidden = hide({"a": 9, "b": 5, "c": 5}, {"a": 10, "b": 10, "c": 10})
        self.assertEqual(hidden, {"a": ALSO, "b": ALSO})

    def test_where_the_whole_is_hidden_its_part_is(self):
        self.assertEqual(set(hide({"a": 0, "b": 4, "c": 5}, {"a": 2, "b": 9, "c": 9}, {"a": FEW})), {"a", "b"})

    def test_a_small_sum_is_hidden_itself(self):
        self.assertEqual(hide({"a": 2, "b": 0}), {"a": FEW, "b": ALSO, TOTAL: FEW})

    def test_no_hidden_number_can_be_worked_out(self):
        """Every column of four small numbers: the marks and the sum leave each hidden number at least two values."""
        for column in product(range(6), repeat=4):
            shown = dict(zip("abcd", column, strict=True))
            hidden = hide(shown)
            if hidden and TOTAL not in hidden:
                for code in hidden:
                    self.assertGreater(len(possible(shown, hidden, code)), 1, f"{column} {hidden}")


def possible(column, hidden, code) -> set[int]:
    """What the hidden number can be, tried out."""
    rest, ranges = sum(column[each] for each in hidden), []
    for mark in hidden.values():
        ranges.append(range(0, 3) if mark == FEW else range(3, rest + 4))
    place = list(hidden).index(code)
    return {found[place] for found in product(*ranges) if sum(found) == rest}
