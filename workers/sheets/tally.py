"""How many rows there are of each kind, kept in Batch.counts so that no page counts rows."""

from collections import Counter

from workers.sheets.problems import LEFT_OUT, PROBLEMS, WARNING, WRONG

# So many different texts of one problem are told apart; the rest stand together.
MOST_TEXTS = 500


class Tally:
    """verdicts; problems (the weightiest of each row); groups [problem, column, text, rows]; warnings; persons; trips;
    normalized by column."""

    def __init__(self, counts=None):
        counts = counts or {}
        self.outcomes = Counter({tuple(key): number for *key, number in counts.get("outcomes", [])})
        self.groups = Counter({tuple(key): number for *key, number in counts.get("groups", [])})
        self.warnings = Counter(counts.get("warnings", {}))
        self.normalized = Counter(counts.get("normalized", {}))

    def add(self, row, sign=1):
        """A Row, or a StagedRow to be taken out with -1."""
        says = row.said
        self.outcomes[(row.verdict, row.problem, says.get("person", ""), says.get("trip", ""))] += sign
        if row.problems:
            self._add_problems(row.problems, sign)
        for column in {each[0] for each in row.normalized} if row.normalized else ():
            self.normalized[column] += sign

    def _add_problems(self, problems, sign):
        column, code, _words, text = problems[0]
        if PROBLEMS[code].weight not in (WARNING, LEFT_OUT):
            self.groups[self._group(code, column, text)] += sign
        for code in {each[1] for each in problems}:
            if PROBLEMS[code].weight == WARNING:
                self.warnings[code] += sign

    def _group(self, code, column, text):
        key = code, column, text if PROBLEMS[code].grouped else ""
        if key in self.groups or len(self.groups) < MOST_TEXTS:
            return key
        return code, column, ""

    def as_json(self) -> dict:
        verdicts, problems, persons, trips = Counter(), Counter(), Counter(), Counter()
        for (verdict, problem, person, trip), number in self.outcomes.items():
            verdicts[verdict] += number
            problems[problem] += number
            if verdict not in (WRONG, "doubt", LEFT_OUT):
                persons[person] += number
                trips[trip] += number
        return {
            "verdicts": _kept(verdicts), "problems": _kept(problems), "persons": _kept(persons), "trips": _kept(trips),
            "warnings": _kept(self.warnings), "normalized": _kept(self.normalized),
            "outcomes": [[*key, number] for key, number in self.outcomes.items() if number],
            "groups": sorted(([*key, number] for key, number in self.groups.items() if number), key=lambda group: -group[3]),
        }


def _kept(counter) -> dict:
    return {key: number for key, number in counter.items() if number and key}
