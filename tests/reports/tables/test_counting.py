"""Any table says what Python says that looks at every line; only names of the lists reach the database."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports import totals
from reports.models import FiledLine, MonthlyReturn
from reports.tables import asking, counting, names
from reports.tables.asking import Unasked
from reports.tables.counting import Question, TooMuch, counted
from reports.tables.dimensions import BY_NAME, DIMENSIONS
from reports.tables.measures import MEASURES
from reports.tables.showing import Answer
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR
from tests.reports.tables.many import ManyCase
from tests.reports.test_actions import OCTOBER
from workers import codes
from workers.counting import count
from workers.ledger import BY_KEY, age_band, channel_class, partitions, sector_of, shares
from workers.reading import histories, rules_of
from workers.regions import REGIONS

TODAY = date(2026, 11, 2)
OWN = {"village": lambda line, day: village_of(line), "township": lambda line, day: village_of(line)[:9]}
STEPS = [(1, "under_1"), (3, "1_2"), (6, "3_5"), (12, "6_11"), (24, "12_23")]


def village_of(line) -> str:
    return line.village_id if isinstance(line, FiledLine) else line.village


def of_work(value):
    return lambda line, day: value(line, day) if line.state in ("away", "local") else "not_at_work"


def place(length):
    return of_work(lambda line, day: line.destination[:length] if line.destination[0].isdigit() else line.destination)


def since(line, day):
    months = (day.year - line.started_on.year) * 12 + day.month - line.started_on.month
    last = (day + timedelta(days=1)).day == 1
    months -= line.started_on.day > day.day and not last
    return next((code for limit, code in STEPS if months < limit), "over_23")


def pay(line, day):
    bands = [(2000, "under_2000"), (4000, "2000_3999"), (6000, "4000_5999"), (8000, "6000_7999")]
    return "unknown" if line.pay is None else next((code for limit, code in bands if line.pay < limit), "8000_up")


def five(line, day):
    if line.age is None:
        return "unknown"
    low = line.age // 5 * 5
    return "under_20" if line.age < 20 else "over_64" if line.age > 64 else f"{low}_{low + 4}"


def short(code):
    return {"channel_unknown": "unknown", "sector_unknown": "unknown"}.get(code, code)


# Each dimension told again, line by line.
TOLD = OWN | {
    "state": lambda line, day: line.state,
    "region": of_work(lambda line, day: line.region or "unknown"),
    "province": place(2), "prefecture": place(4),
    "sector": of_work(lambda line, day: short(sector_of(line.section))),
    **{
        name: of_work(lambda line, day, name=name: getattr(line, name) or "unknown")
        for name in ("section", "job", "form", "channel")
    },
    "organized": of_work(lambda line, day: short(channel_class(line.channel))),
    "bearer": of_work(lambda line, day: line.channel if line.bearer else "none"),
    **{name: lambda line, day, name=name: getattr(line, name) or "unknown" for name in ("sex", "education", "skill")},
    "age": lambda line, day: age_band(line.age) or line.age_band or "unknown",
    "age_5": five, "pay": of_work(pay), "since": of_work(since),
    "relieved": lambda line, day: "yes" if line.relieved else "no",
    "monitored": lambda line, day: "yes" if line.monitored else "no",
    "named": lambda line, day: "unnamed" if line.key[0] == "group" else "named",
}


def shares_of(line):
    return line.shares if isinstance(line, FiledLine) else shares(line)


def transferred_form(line, day):
    if "transferred.own_business" in shares_of(line):
        return "own_business"
    if line.form in ("", "own_business"):
        return "unknown" if line.state in ("away", "local") else "not_at_work"
    return line.form


# What the parts of the return tell of those who were transferred this year, whatever became of them.
TRANSFERRED = {
    "region": lambda line, day: next(
        (region for region in REGIONS if f"transferred.{region}" in shares_of(line)), "unknown"
    ),
    "form": transferred_form,
    "relieved": lambda line, day: "yes" if "transferred.relieved" in shares_of(line) else "no",
}
TRIPS = {"organized": "trips.organized", "self": "trips.self", "unknown": "trips.channel_unknown"}


def looked_at(line, question):
    """[(code of organized or None, the number the line adds)]: of trips by organized once for each part."""
    measure = question.measure
    if measure in TRIPS.values():
        return [(next(code for code, key in TRIPS.items() if key == measure), share(line, measure))]
    if measure == "trips" and "organized" in question.named:
        return [(code, share(line, key)) for code, key in TRIPS.items()]
    return [(None, share(line, measure))]


def told(line, day, name, question, organized):
    if name == "organized" and organized:
        return organized
    if question.measure.split(".")[0] in ("transferred", "transferred_times") and name in TRANSFERRED:
        return TRANSFERRED[name](line, day)
    return TOLD[name](line, day)


def share(line, measure):
    if measure == "persons":
        return line.persons
    return shares_of(line).get(measure, 0)


def naive(lines, question, day):
    """{codes: number}, by looking at every line."""
    sums, persons = Counter(), Counter()
    for line in lines:
        if not village_of(line).startswith(question.area):
            continue
        for organized, number in looked_at(line, question):
            if not all(told(line, day, name, question, organized) in only for name, only in question.filters):
                continue
            key = tuple(told(line, day, name, question, organized) for name in (*question.rows, *question.columns))
            if question.measure != "mean_pay":
                sums[key] += number
            elif line.state in ("away", "local") and line.pay is not None:
                sums[key] += line.pay * line.persons
                persons[key] += line.persons
    if question.measure == "mean_pay":
        return {key: (2 * total + persons[key]) // (2 * persons[key]) for key, total in sums.items() if total}
    return {key: number for key, number in sums.items() if number}


def questions(source, month):
    names_ = [dimension.name for dimension in DIMENSIONS]
    measures = [m.name for m in MEASURES if source == "month" or m.is_live]
    codes_of = {name: [code for code, _label in BY_NAME[name].codes(COUNTY)] for name in names_}
    chosen = st.lists(st.sampled_from(names_), min_size=1, max_size=5, unique=True)
    filters = st.dictionaries(st.sampled_from(names_), st.integers(0, 2**30), max_size=2)

    def question(named, split, filtered, measure, area):
        rows = min(max(split, 1), 3, len(named))
        only = tuple(
            (name, tuple(code for n, code in enumerate(codes_of[name][:400]) if (seed >> n % 30) & 1) or (codes_of[name][0],))
            for name, seed in filtered.items()
        )
        return Question(source, area, month, tuple(named[:rows]), tuple(named[rows : rows + 2]), only, measure)

    areas = st.sampled_from([COUNTY, HOME[:9], HOME, FAR])
    return st.builds(question, chosen, st.integers(1, 3), filters, st.sampled_from(measures), areas)


class Counting(ManyCase):
    def build(self):
        super().build()
        counted_ = MonthlyReturn.objects.filter(month=OCTOBER).values("counted")
        self.filed = list(FiledLine.objects.filter(version__in=counted_))
        self.now = self.live_lines()

    def live_lines(self):
        """The ledger's own reading, on today."""
        rules = rules_of(self.county)
        month = self.county.month_of(TODAY)
        today = replace(rules(month), last_day=TODAY)
        found = count(
            histories(COUNTY), [HOME, NEXT_DOOR, FAR], month, rules_of=lambda m: today if m == month else rules(m)
        )
        lines = [line for village in found.values() for line in village.lines if line.state != "gone"]
        return lines

    def test_the_data_have_something_of_everything(self):
        self.assertGreater(len(self.filed), 70)
        self.assertGreater(len(self.now), len(self.filed) - 20)
        for name, told in TOLD.items():
            self.assertGreater(len({told(line, TODAY) for line in self.now}), 1, name)

    def test_every_dimension_and_measure_is_told_again(self):
        self.assertEqual(set(TOLD), set(BY_NAME))

    def check(self, source, lines, day, month):
        @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
        @given(questions(source, month))
        def ask(question):
            self.assertEqual(counted(question), naive(lines, question, day), question)

        ask()

    def test_a_month_counts_as_python_does(self):
        self.check("month", self.filed, date(2026, 10, 31), OCTOBER)

    def test_today_counts_as_python_does(self):
        self.check("today", self.now, TODAY, None)

    def test_each_dimension_by_itself(self):
        for source, month, lines, day in (("month", OCTOBER, self.filed, date(2026, 10, 31)), ("today", None, self.now, TODAY)):
            for dimension in DIMENSIONS:
                for measure in ("persons", "away", "mean_pay"):
                    question = Question(source, COUNTY, month, (dimension.name,), measure=measure)
                    self.assertEqual(counted(question), naive(lines, question, day), f"{source} {dimension.name} {measure}")

    def test_what_is_counted_from_columns_is_the_share(self):
        for measure in MEASURES:
            if measure.figure:
                question = Question("month", COUNTY, OCTOBER, ("township",), measure=measure.name)
                shared = Counter()
                for line in self.filed:
                    shared[(line.village_id[:9],)] += line.shares.get(measure.figure, 0)
                self.assertEqual(counted(question), {key: n for key, n in shared.items() if n}, measure.name)

    def test_it_ties_with_the_totals(self):
        for key in ("away", "local", "trips", "income", "labor_force", "transferred.other_province", "households"):
            for at in (9, 6):
                sums = totals.sums_of_returns(COUNTY, OCTOBER, at=at)
                answer = Answer(Question("month", COUNTY, OCTOBER, ("township",), measure=key))
                if at == 6:
                    self.assertEqual(answer.grand.value, sums[COUNTY][key], key)
                else:
                    shown = {row.codes[0]: row.cells[0].value for row in answer.rows}
                    self.assertEqual(shown, {code: row[key] for code, row in sums.items()}, key)

    def test_every_partition_of_the_return_is_the_same_as_a_table(self):
        """Of every figure that the return splits, the split and a table by the same thing have one set of numbers."""
        figures = totals.sums_of_returns(COUNTY, OCTOBER, at=6)[COUNTY]
        compared = set()
        for whole, parts in partitions():
            dimension = {"channel": "organized", "plan": ""}.get(BY_KEY[parts[0]].facet, BY_KEY[parts[0]].facet)
            if whole == "came_home" or not dimension:
                continue
            table = counted(Question("month", COUNTY, OCTOBER, (dimension,), measure=whole))
            for part in parts:
                code = part.split(".")[1].removeprefix("age_")
                code = "unknown" if code.endswith("unknown") else code
                self.assertEqual(table.get((code,), 0), figures[part], f"{whole} by {dimension}: {part}")
            self.assertEqual(sum(table.values()), figures[whole])
            compared.add((whole, dimension))
        self.assertEqual(compared, {
            *(("away", name) for name in ("region", "sex", "age", "sector", "organized")),
            ("trips", "organized"), ("transferred", "region"),
        })

    def test_what_the_return_counts_apart_is_the_same_in_a_table(self):
        figures = totals.sums_of_returns(COUNTY, OCTOBER, at=6)[COUNTY]
        for measure, dimension, code, key in (
            ("transferred", "relieved", "yes", "transferred.relieved"), ("away", "relieved", "yes", "away.relieved"),
            ("transferred", "form", "own_business", "transferred.own_business"),
            ("away", "monitored", "yes", "away.monitored"), ("away", "named", "unnamed", "unnamed"),
            ("trips.self", "organized", "self", "trips.self"),
        ):
            table = counted(Question("month", COUNTY, OCTOBER, (dimension,), measure=measure))
            self.assertEqual(table.get((code,), 0), figures[key], f"{measure} by {dimension}")
            only = Question("month", COUNTY, OCTOBER, ("township",), (), ((dimension, (code,)),), measure)
            self.assertEqual(sum(counted(only).values()), figures[key], f"{measure}, only {dimension}")
        self.assertTrue(figures["transferred.own_business"])
        only = Question("month", COUNTY, OCTOBER, ("sex",), ("region",), (("organized", ("organized",)),), "trips")
        self.assertEqual(sum(counted(only).values()), figures["trips.organized"])
        whole = names.behind(Question("month", COUNTY, OCTOBER, ("organized",), measure="trips"), (None,))
        self.assertEqual(sum(each.share for each in whole), figures["trips"])
        self.assertEqual(len({each.key for each in whole}), len(whole))

    def test_a_fact_of_the_last_day_says_so(self):
        answer = Answer(Question("month", COUNTY, OCTOBER, ("form", "region"), ("sex",), measure="income"))
        self.assertEqual(answer.row_heads[0], "Form of work (on the last day of the month)")
        self.assertIn("on the last day of the month", answer.title)
        self.assertTrue(any("worked earlier and are at home" in sentence for sentence in answer.definitions))
        exact = Answer(Question("month", COUNTY, OCTOBER, ("region",), measure="transferred"))
        self.assertEqual(exact.row_heads, ["How far away"])
        self.assertTrue(any("newest run of work days" in sentence for sentence in exact.definitions))
        of_a_day = Answer(Question("month", COUNTY, OCTOBER, ("form",), measure="away"))
        self.assertEqual(of_a_day.row_heads, ["Form of work"])

    def test_the_names_behind_a_number_add_up_to_it(self):
        for source, month in (("month", OCTOBER), ("today", None)):
            question = Question(source, COUNTY, month, ("township", "sex"), ("region",), (("channel", ("own", "broker")),))
            for codes_, number in counted(question).items():
                self.assertEqual(sum(each.share for each in names.behind(question, codes_)), number)
            everybody = names.behind(question, (None, None, None))
            self.assertEqual(sum(each.share for each in everybody), sum(counted(question).values()))
            self.assertTrue(all(each.line.channel in ("own", "broker") for each in everybody))

    def test_one_statement_counts(self):
        question = Question("month", COUNTY, OCTOBER, ("township", "sex"), ("region", "age"))
        with CaptureQueriesContext(connection) as asked:
            counted(question)
        tables = [each["sql"] for each in asked if "reports_filedline" in each["sql"]]
        self.assertEqual(len(tables), 1)
        self.assertIn("GROUP BY 1, 2, 3, 4", tables[0])


HOSTILE = [
    "township; DROP TABLE workers_worker", "1", "l.name", "shares", "name", "{village}", "SUBSTR(r.village_id,1,9)", "'",
    '"', "township--", "TOWNSHIP", "%s", "%(first)s", "township\x00", "", "乡镇", "__class__", "id_number",
]


class Refused(ManyCase):
    """No identifier of a question reaches the SQL but those of the lists."""

    def build(self):
        """People are not needed to refuse."""
        super(ManyCase, self).build()

    def spec(self, **more):
        return {"source": "month", "area": COUNTY, "month": "2026-10", "rows": ["township"]} | more

    def test_what_is_on_no_list_is_refused_in_words(self):
        for word in HOSTILE:
            for spec in (
                self.spec(rows=[word]), self.spec(columns=[word]), self.spec(measure=word), self.spec(filter={word: ["a"]}),
                self.spec(filter={"sex": [word]}), self.spec(source=word), self.spec(area=word), self.spec(month=word),
                self.spec(**{word or "x": 1}) if word != "shares" else self.spec(shares=1),
            ):
                with self.assertRaises(Unasked, msg=f"{word} {spec}"):
                    asking.read(spec)

    def test_what_has_another_shape_is_refused_in_words(self):
        for spec in (
            None, [], "away", 7, self.spec(rows="township"), self.spec(rows=[]), self.spec(rows=None),
            self.spec(rows=[["township"]]),
            self.spec(rows=["sex", "age", "form", "job"]), self.spec(columns=["sex", "age", "form"]),
            self.spec(rows=["sex"], columns=["sex"]), self.spec(filter=["sex"]), self.spec(filter={"sex": [1]}),
            self.spec(filter={"sex": {"a": 1}}), self.spec(area=630121), self.spec(area="６３０１２１"), self.spec(month=202610),
            self.spec(measure=["away"]), self.spec(source="today", measure="income"),
        ):
            with self.assertRaises(Unasked, msg=spec):
                asking.read(spec)

    def test_a_question_reads_as_it_was_written(self):
        spec = self.spec(columns=["sex"], filter={"section": ["C", "E"], "relieved": ["yes"]}, measure="income")
        self.assertEqual(asking.spec_of(asking.read(spec)), spec)

    def test_only_expressions_of_the_lists_are_in_the_statement_and_values_are_parameters(self):
        question = asking.read(self.spec(filter={"province": ["44"], "section": ["C"]}))
        sql, values = counting.statement(question)
        self.assertNotIn("'44'", sql)
        self.assertNotIn(COUNTY, sql)
        self.assertEqual(values["filter_0_0"], "44")
        self.assertNotIn("{", sql)

    def test_a_table_that_takes_too_long_is_stopped_with_a_way_out(self):
        slow = {
            "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
            "postgresql": "SELECT pg_sleep(20)",
        }[connection.vendor]
        with self.assertRaisesMessage(TooMuch, "smaller area"), counting.limited(1), connection.cursor() as cursor:
            cursor.execute(slow)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            self.assertEqual(cursor.fetchone(), (1,))

    def test_codes_of_the_lists_are_known(self):
        for dimension in DIMENSIONS:
            found = dimension.codes(COUNTY)
            self.assertEqual(len(found), len(dict(found)), dimension.name)
        self.assertLessEqual(dict(codes.SECTIONS).keys(), dict(BY_NAME["section"].codes(COUNTY)).keys())


class TooLarge(ManyCase):
    def test_a_table_of_too_many_cells_names_a_way_out(self):
        most, counting.MOST_CELLS = counting.MOST_CELLS, 10
        self.addCleanup(setattr, counting, "MOST_CELLS", most)
        with self.assertRaisesMessage(TooMuch, "leave one of the rows or columns out"):
            counted(Question("month", COUNTY, OCTOBER, ("township", "sex"), ("region",)))
