"""Cells of a table colored by their number."""

# From which share of the largest number a cell takes this shade of static/app.css.
SHADES = [(0.75, "s5"), (0.45, "s4"), (0.25, "s3"), (0.1, "s2")]


def heat(value, largest) -> str:
    """The class of a cell: shade s0 (nothing) to shade s5; a hidden number ("<3") is pale."""
    if not value:
        return "shade s0"
    if isinstance(value, str) or not largest:
        return "shade s1"
    return "shade " + next((shade for share, shade in SHADES if value >= share * largest), "s1")
