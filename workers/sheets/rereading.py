"""A staged row read as if it stood in the file once more."""

from workers.sheets.columns import SECRET
from workers.sheets.rows import opened


def read_again(desk, staged, change=None):
    """As it stands in the preview; with `change(cells, decided)`, cells by name of our column."""
    cells = {name: _cell(staged, name, place) for name, place in desk.matched.items()}
    decided = dict(staged.values.get("decided", {}))
    if change:
        change(cells, decided)
    line = [None] * desk.width
    for name, place in desk.matched.items():
        line[place] = cells[name] or None
    return desk.row(staged.number, line, decided)


def _cell(staged, name, place) -> str:
    """The text; of an ID number what was typed, not what is shown."""
    if name in SECRET and (cipher := staged.values.get(f"{SECRET[name]}_cipher")):
        return opened(cipher, staged.values[f"{SECRET[name]}_key"])
    return staged.cells[place] if place < len(staged.cells) else ""
