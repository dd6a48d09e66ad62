"""Small numbers of brokers and townships hidden from who may not see people, and what would tell them.

Townships add up to the county, a township's brokers to the township: where one number of a line is hidden and the sum is
shown, the next smallest goes with it; where the sum is hidden, one number at least is hidden too.
"""

from collections import defaultdict

from workers import led

# A mean adds up to nothing, and brokers are no secret.
ADDING = [figure.key for figure in led.FIGURES if figure.unit != led.YUAN]


def hide(found: dict, township_of: dict[str, str]) -> dict:
    """`found` as of `led.counts` by "", township and broker, with marks in place of numbers."""
    shown = {by: {value: led.with_small_hidden(row) for value, row in rows.items()} for by, rows in found.items()}
    brokers = defaultdict(list)
    for broker in found["broker"]:
        brokers[township_of.get(broker, "")].append(broker)
    for key in ADDING:
        _hide_with("township", list(found["township"]), shown[""][""], key, found, shown)
        for township, parts in brokers.items():
            whole = shown["township"].get(township, shown[""][""])
            _hide_with("broker", parts, whole, key, found, shown)
    return shown


def beside_own(whole: dict, mine: dict) -> dict:
    """For who may see only some of the people, whose figures are `mine`: small ones hidden, and the pay of one or two others."""
    shown = led.with_small_hidden(whole)
    if 0 < whole["pay_known"] - mine["pay_known"] < led.SMALL:
        shown["mean_pay"] = led.ALSO
    return shown


def _hide_with(by, parts, whole, key, found, shown):
    hidden = [part for part in parts if isinstance(shown[by][part][key], str)]
    needed = 1 if isinstance(whole[key], str) else 2 if hidden else 0
    rest = [part for part in parts if part not in hidden and found[by][part][key]]
    for part in sorted(rest, key=lambda part: (found[by][part][key], part))[: max(needed - len(hidden), 0)]:
        shown[by][part][key] = led.ALSO
