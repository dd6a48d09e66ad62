"""The office's own file with what is wrong or in doubt: to be mended where it was written, and brought in again."""

from workers.models import StagedRow
from workers.sheets import columns, storing
from workers.sheets.problems import DOUBT, PROBLEMS, WRONG


def write(batch, path):
    """An .xlsx at `path`: cells colored and explained, and behind the last column how to mend each row."""
    # Reads and writes workbooks: not loaded by who only commits.
    from laborreg.sheets.marking import mark

    marks, advice = {}, {}
    rows = StagedRow.objects.filter(batch=batch, verdict__in=[WRONG, DOUBT]).order_by("number")
    places = {name: int(place) for place, name in batch.columns.items()}
    for number, problems in rows.values_list("number", "problems").iterator():
        told = [problem for problem in problems if PROBLEMS[problem[1]].weight in (WRONG, DOUBT)]
        advice[number] = "\n".join(dict.fromkeys(_advice(problem, batch.kind) for problem in told))
        for problem in told:
            if (place := places.get(problem[0])) is not None:
                marks.setdefault((number, place + 1), _explained(problem))
    mark(storing.path_of(batch), path, batch.sheet, marks, advice, header_row=batch.header_row)


def _explained(problem) -> str:
    _column, code, words, _text = problem
    kind = PROBLEMS[code]
    return f"{words or kind.sentence} {kind.way_out}"


def _advice(problem, kind) -> str:
    column = problem[0]
    heading = columns.heading_of(column, kind)
    return f"{heading}: {_explained(problem)}" if heading else _explained(problem)
