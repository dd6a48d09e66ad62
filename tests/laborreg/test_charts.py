"""The charts: what they draw is read back from the SVG."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.utils import translation

from laborreg import charts
from laborreg.charts.provinces import PROVINCES
from laborreg.months import Month

MONTHS = Month(2026, 10).since(Month(2025, 11))
AWAY = [210, 205, 180, 120, 190, 220, 225, 226, 228, 230, 231, 232]


def read(svg):
    return ElementTree.fromstring(str(svg))


def marks(svg, css):
    return [mark for mark in read(svg).iter() if css in mark.get("class", "").split()]


def texts(svg):
    return [mark.text for mark in read(svg).iter("text")]


def titles(svg):
    return [mark.text for mark in read(svg).iter("title")]


def every_chart():
    rows = [(("Qiaotou", "Jiangsu"), 3), (("Qiaotou", "Gansu"), 1)]
    return [
        charts.spark(AWAY, label="Away"),
        charts.trend(AWAY, months=MONTHS, label="Away"),
        charts.trend(AWAY, months=MONTHS, label="Away", href=lambda month: f"/{month}"),
        charts.bar(3, 4, label="Away"),
        charts.pace(0.5, [(0.8, "gone")], label="Away"),
        charts.tiles({"32": 12}, label="Away"),
        charts.flows(rows, label="Away"),
        charts.pyramid([("20–24", 3, 4)], sides=("Women", "Men"), label="Away"),
        charts.grouped([("Farming", 3, 4)], sides=("now", "before"), label="Away", href=lambda n: f"/{n}"),
        charts.stacks({"Festival": AWAY}, names=MONTHS, label="Away"),
        charts.years({"2025": [1, 2], "2026": [2, None]}, ticks=["", "1"], label="Away"),
    ]


@pytest.mark.parametrize("svg", every_chart())
def test_each_is_read_aloud_by_its_label_and_carries_no_style(svg):
    root = read(svg)
    assert root.get("aria-label") == "Away"
    assert root.get("role") == ("group" if list(root.iter("a")) else "img")
    assert not any("style" in mark.attrib for mark in root.iter())


def test_texts_are_escaped():
    evil = '<script>alert("1")</script>'
    for svg in [
        charts.spark([1], label=evil),
        charts.trend([1], months=[evil], label=evil, marks=[(evil, evil)], href=lambda month: evil),
        charts.bar(1, 2, label=evil),
        charts.pace(0.5, [(0.8, evil)], label=evil, told=evil),
        charts.tiles({"32": evil}, label=evil),
        charts.flows([((evil, evil), 1)], label=evil),
    ]:
        assert "<script" not in svg
        assert read(svg).get("aria-label") == evil


class TestTrend:
    def test_its_axis_begins_at_zero_and_holds_the_largest_value(self):
        svg = charts.trend(AWAY, months=MONTHS, label="Away")
        numbers = [text for text in texts(svg) if text.isdigit()]
        assert numbers == ["0", "50", "100", "150", "200", "250", "232"]

    def test_the_last_value_is_written_out(self):
        [value] = marks(charts.trend([20734, 20735], months=MONTHS[:2], label="Away"), "value")
        assert value.text == "20,735"

    def test_the_last_value_stands_clear_of_the_line(self):
        for series, is_below in (([100, 200], False), ([200, 100], True), ([200, 1], False)):
            svg = charts.trend(series, months=MONTHS[:2], label="Away")
            [value], [dot] = marks(svg, "value"), marks(svg, "last")
            assert (float(value.get("y")) > float(dot.get("cy"))) == is_below, series

    def test_each_month_says_its_figure_and_that_of_the_year_before(self):
        svg = charts.trend(AWAY, months=MONTHS, label="Away", previous=[100, *[None] * 11])
        assert titles(svg)[0] == "November 2025: 210 · a year before: 100"
        assert titles(svg)[-1] == "October 2026: 232"
        assert len(titles(svg)) == 12

    def test_a_gap_is_not_drawn_over(self):
        svg = charts.trend([1, 2, None, 3, 4], months=MONTHS[:5], label="Away")
        assert len(marks(svg, "curve")) == 2
        assert len(titles(svg)) == 4

    def test_a_festival_is_marked_in_its_month_only(self):
        festival = [(Month(2026, 2), "Spring Festival"), (Month(2020, 1), "long ago")]
        svg = charts.trend(AWAY, months=MONTHS, label="Away", marks=festival)
        assert [mark.text for mark in marks(svg, "mark-text")] == ["Spring Festival"]

    def test_each_point_leads_to_its_month(self):
        svg = charts.trend(AWAY, months=MONTHS, label="Away", href=lambda month: f"/totals/{month}/")
        links = list(read(svg).iter("a"))
        assert links[-1].get("href") == "/totals/2026-10/"
        assert links[-1].get("aria-label") == "October 2026: 232"

    @pytest.mark.parametrize("values", [[], [None, None], [0, 0, 0], [5], [None, 7]])
    def test_it_stands_whatever_comes(self, values):
        svg = charts.trend(values, months=MONTHS[: len(values)], label="Away", previous=values)
        assert len(titles(svg)) == sum(value is not None for value in values)
        assert "nan" not in svg and "inf" not in svg

    def test_few_persons_have_whole_steps(self):
        assert "0.5" not in texts(charts.trend([1, 2], months=MONTHS[:2], label="Away"))


class TestSpark:
    def test_its_line_ends_at_the_last_known_value(self):
        svg = charts.spark([1, 3, None], label="Away")
        assert len(marks(svg, "point")) == 1
        assert read(svg).get("width") == "120"

    @pytest.mark.parametrize("values", [[], [None], [0, 0], [4], [1, None, 2]])
    def test_it_stands_whatever_comes(self, values):
        assert read(charts.spark(values, label="Away")).get("role") == "img"


class TestBar:
    def test_its_length_is_the_share(self):
        back, fill = read(charts.bar(1, 2)).iter("rect")
        assert float(fill.get("width")) * 2 == float(back.get("width"))

    def test_without_a_label_only_the_number_beside_it_is_read(self):
        assert read(charts.bar(1, 2)).get("aria-hidden") == "true"

    @pytest.mark.parametrize(("value", "maximum"), [(0, 10), (None, 10), (5, 0), (0, 0)])
    def test_nothing_draws_no_fill(self, value, maximum):
        assert not marks(charts.bar(value, maximum), "bar-fill")

    def test_it_never_runs_over(self):
        [fill] = marks(charts.bar(12, 10, tone="ok"), "ok")
        assert fill.get("width") == "64"


class TestTiles:
    def test_there_are_34_and_none_lies_on_another(self):
        assert len(PROVINCES) == 34
        assert len({place[:2] for place in PROVINCES.values()}) == 34
        assert len(marks(charts.tiles({}, label="Where"), "s0")) == 34

    def test_the_more_people_the_darker(self):
        svg = charts.tiles({"44": 1000, "33": 300, "32": 150, "62": 30, "65": 1}, label="Where")
        assert [len(marks(svg, f"s{n}")) for n in range(6)] == [29, 1, 1, 1, 1, 1]

    def test_a_hidden_number_stays_hidden(self):
        svg = charts.tiles({"44": "<3", "32": 9}, label="Where")
        assert "Guangdong: <3" in titles(svg)
        assert len(marks(svg, "s1")) == 1

    def test_the_own_province_is_framed_and_filled_ones_lead_on(self):
        svg = charts.tiles({"63": 5}, label="Where", home="63", href=lambda code: f"/to/{code}/")
        assert len(marks(svg, "tile-home")) == 1
        assert [link.get("href") for link in read(svg).iter("a")] == ["/to/63/"]

    def test_names_follow_the_language(self):
        with translation.override("zh-hans"):
            assert "青" in texts(charts.tiles({"63": 5}, label="去向", home="63"))
        assert "QH" in texts(charts.tiles({"63": 5}, label="Where"))


class TestFlows:
    ROWS = [
        (("Qiaotou", "Jiangsu", "Building"), 30),
        (("Qiaotou", "Gansu", "Catering"), 10),
        (("Tangjia", "Gansu", "Catering"), 5),
        (("Tangjia", "Gansu", "Building"), 0),
    ]

    def test_every_station_says_its_sum(self):
        told = titles(charts.flows(self.ROWS, label="Flows"))
        assert {"Qiaotou: 40", "Gansu: 15", "Building: 30", "Gansu → Catering: 15"} <= set(told)

    def test_ribbons_add_up_to_the_same_on_both_sides(self):
        told = titles(charts.flows(self.ROWS, label="Flows"))
        ribbons = [words.rsplit(": ", 1) for words in told if "→" in words]
        for left, right in pairwise([{"Qiaotou", "Tangjia"}, {"Jiangsu", "Gansu"}, {"Building", "Catering"}]):
            leaving = [int(n) for way, n in ribbons if way.split(" → ")[0] in left]
            arriving = [int(n) for way, n in ribbons if way.split(" → ")[1] in right]
            assert sum(leaving) == sum(arriving) == 45

    def test_nodes_and_ribbons_lead_to_what_they_name(self):
        svg = charts.flows(self.ROWS, label="Flows", href=lambda way: "/" + "/".join(name or "-" for name in way))
        links = {link.get("aria-label"): link.get("href") for link in read(svg).iter("a")}
        assert links["Gansu: 15"] == "/-/Gansu/-"
        assert links["Qiaotou → Gansu: 10"] == "/Qiaotou/Gansu/-"
        assert links["Gansu → Catering: 15"] == "/-/Gansu/Catering"
        assert read(svg).get("role") == "group"

    def test_the_longest_name_on_the_left_stands_inside_the_drawing(self):
        name = "Shuobei Tibetan Township 朔北藏族乡"
        svg = read(charts.flows([((name, "Gansu", "Catering"), 5), *self.ROWS], label="Flows"))
        [x] = [float(text.get("x")) for text in svg.iter("text") if text.text == name]
        assert x >= 25 * 6.5 + 5 * 12

    def test_nobody_away_is_an_empty_drawing(self):
        assert not titles(charts.flows([], label="Flows"))


class TestPace:
    def test_the_bar_is_as_long_as_what_is_done_and_the_marks_stand_where_the_year_does(self):
        svg = charts.pace(0.5, [(0.8, "season"), (1.0, "gone")], told="half", tone="warn")
        [_back, fill] = list(read(svg).iter("rect"))
        assert float(fill.get("width")) / 160 * 1.25 == 0.5
        assert fill.get("class") == "bar-fill warn"
        line, dashed = (mark for mark in read(svg).iter("line") if mark.get("class") != "axis")
        assert (line.get("class"), float(line.get("x1"))) == ("pace-line", 102.4)
        assert (dashed.get("class"), float(dashed.get("x1"))) == ("mark-line", 128)
        assert titles(svg) == ["half", "season", "gone"]

    def test_nothing_done_has_no_bar_and_too_much_stays_in_the_drawing(self):
        assert len(list(read(charts.pace(0)).iter("rect"))) == 1
        assert len(list(read(charts.pace(None)).iter("rect"))) == 1
        [_back, fill] = list(read(charts.pace(9.9)).iter("rect"))
        assert float(fill.get("width")) == 160
class TestPyramid:
    rows = (("Under 20", 0, 2), ("20–24", 5, 10), ("25–29", "<3", 5))

    def draw(self, **more):
        return charts.pyramid(self.rows, sides=("Women", "Men"), label="Away", **more)

    def test_the_youngest_stand_at_the_bottom_and_the_sides_share_a_scale(self):
        assert texts(self.draw())[2] == "25–29"
        men = [float(bar.get("width")) for bar in marks(self.draw(), "side1")]
        women = [float(bar.get("width")) for bar in marks(self.draw(), "side0")]
        assert men[1] == 2 * women[1] and men[0] == women[1] and women[0] == women[2] == 0

    def test_a_hidden_number_is_written_as_it_is(self):
        assert "Women, 25–29: <3" in titles(self.draw())

    def test_nobody_leads_nowhere(self):
        links = [mark.get("href") for mark in read(self.draw(href=lambda n, side: f"/{n}/{side}")).iter("a")]
        assert links == ["/2/0", "/2/1", "/1/0", "/1/1", "/0/1"]


class TestGrouped:
    def test_now_and_before_share_a_scale(self):
        svg = charts.grouped([("Farming", 10, 20), ("Mining", None, "<3")], sides=("2026", "2025"), label="Industry")
        now, before = marks(svg, "bar-now")[1:], marks(svg, "bar-before")[1:]
        assert float(before[0].get("width")) == 2 * float(now[0].get("width"))
        assert float(now[1].get("width")) == float(before[1].get("width")) == 0
        assert "Mining, 2025: <3" in titles(svg)

    def test_a_long_name_is_cut_where_the_bars_begin(self):
        svg = charts.grouped([("电力、热力、燃气及水生产和供应业", 1, 1)], sides=("2026", "2025"), label="Industry")
        assert "电力、热力、燃气及水生产…" in texts(svg)


class TestStacks:
    def test_parts_stand_on_one_another(self):
        svg = charts.stacks({"Festival": [3, None], "Season": [1, "<3"]}, names=["Jan", "Feb"], label="Why")
        first, second = [mark for css in ("c0", "c1") for mark in marks(svg, css) if mark.find("title") is not None][:2]
        assert float(first.get("y")) - float(second.get("height")) == pytest.approx(float(second.get("y")), abs=0.2)
        assert titles(svg)[:2] == ["Jan · Festival: 3", "Jan · Season: 1"]


class TestYears:
    lines = {"2024": [None, 4], "2025": [1, 2], "2026": [2, None]}

    def test_the_newest_is_the_strongest_and_a_gap_stays_one(self):
        svg = charts.years(self.lines, ticks=["−1", "0"], label="Away", mark=(1, "Festival"))
        newest = [mark for mark in marks(svg, "l0") if len(list(mark.iter("circle")))]
        assert len(newest) == 1 and len(list(newest[0].iter("circle"))) == 1
        assert titles(svg) == ["2024, 0: 4", "2025, −1: 1", "2025, 0: 2", "2026, −1: 2"]
        assert {"2024", "2025", "2026", "Festival"} <= set(texts(svg))


@pytest.mark.parametrize("value, css", [(0, "s0"), ("<3", "s1"), (1, "s1"), (20, "s2"), (50, "s4"), (100, "s5")])
def test_the_more_the_darker(value, css):
    assert charts.heat(value, 100) == f"shade {css}"
