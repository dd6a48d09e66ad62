"""Small numbers of brokers and townships hidden from who may not see people, and what would tell them.

Townships add up to the county, a township's brokers to the township.
"""

from collections import defaultdict

from laborreg.suppression import ALSO, SMALL, Cells, adds_up
from workers import led

# A mean adds up to nothing, and brokers are no secret.
ADDING = [figure.key for figure in led.FIGURES if figure.unit != led.YUAN]


def hide(found: dict, township_of: dict[str, str]) -> dict:
    """`found` as of `led.counts` by "", township and broker, with marks in place of numbers."""
    shown = {by: {value: led.with_small_hidden(row) for value, row in rows.items()} for by, rows in found.items()}
    lines = _lines(found, township_of)
    for key in ADDING:
        values = {(by, value): row[key] for by, rows in found.items() for value, row in rows.items()}
        for (by, value), mark in Cells(values, lines).hide().items():
            shown[by][value][key] = mark
    return shown


def _lines(found, township_of) -> list:
    brokers = defaultdict(list)
    for broker in found["broker"]:
        brokers[township_of.get(broker, "")].append(("broker", broker))
    county = adds_up(("", ""), [("township", code) for code in found["township"]])
    return [county, *(adds_up(("township", code), parts) for code, parts in brokers.items() if code in found["township"])]


def beside_own(whole: dict, mine: dict) -> dict:
    """For who may see only some of the people, whose figures are `mine`: small ones hidden, and the pay of one or two others."""
    shown = led.with_small_hidden(whole)
    if 0 < whole["pay_known"] - mine["pay_known"] < SMALL:
        shown["mean_pay"] = ALSO
    return shown
