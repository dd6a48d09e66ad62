"""Half is rounded up, as offices and their programs do it: one rounding for pages, workbooks and briefs."""

from decimal import ROUND_HALF_UP, Decimal


def rounded(value: float, decimals: int = 0, *, divisor: float = 1) -> Decimal:
    """`value` / `divisor`, both as they are written: 1.015 is no 1.01499…; below zero away from it."""
    return (Decimal(str(value)) / Decimal(str(divisor))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def whole(value: float | None) -> int | None:
    return None if value is None else int(rounded(value))


def percent(share: float, decimals: int = 1) -> str:
    """0.1235 as 12.4%."""
    return f"{rounded(share, decimals, divisor=0.01)}%"
