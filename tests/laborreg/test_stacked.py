"""Rows of a table as lying bars."""

from xml.etree import ElementTree

from laborreg import charts

SVG = "{http://www.w3.org/2000/svg}"


def read(svg):
    return ElementTree.fromstring(str(svg))


def widths(svg) -> list[float]:
    return [float(mark.get("width")) for mark in read(svg).iter() if mark.tag.endswith("rect") and mark.get("height") == "16"]


def test_its_bars_are_as_long_as_the_numbers():
    one, two = widths(charts.stacked([("桥头镇", [30], 30), ("塔尔镇", [15], 15)], ["人"], label="Away"))
    assert one == 2 * two


def test_parts_lie_one_behind_the_other_and_are_told_in_the_key():
    svg = charts.stacked([("桥头镇", [30, 10], 40)], ["男", "女"], label="Away")
    assert len(widths(svg)) == 2
    assert {"男", "女", "40", "桥头镇"} <= {mark.text for mark in read(svg).iter() if mark.tag.endswith("text")}
    assert "桥头镇 · 女: 10" in [mark.text for mark in read(svg).iter() if mark.tag.endswith("title")]


def test_what_is_hidden_is_not_drawn_and_the_whole_stays_what_it_is():
    svg = charts.stacked([("桥头镇", ["<3", 10, None], 12)], ["男", "女", "不明"], label="Away")
    assert len(widths(svg)) == 1
    assert "12" in str(svg)


def test_texts_are_escaped_and_long_ones_cut():
    svg = charts.stacked([("<b>" + "桥" * 30, [1], 1)], ["<i>"], label="<u>", href=lambda n: "/x?a=1&b=2")
    root = read(svg)
    assert root.get("aria-label") == "<u>"
    assert any((mark.text or "").endswith("…") for mark in root.iter())


def test_nothing_draws_nothing():
    assert widths(charts.stacked([], ["人"], label="Away")) == []
    assert widths(charts.stacked([("桥头镇", [0], 0)], ["人"], label="Away")) == []
