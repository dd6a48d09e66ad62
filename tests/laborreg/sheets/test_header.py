"""Titles above, merged and stacked headings, column numbers below."""

import pytest

from laborreg.sheets.header import Header, find, shape

PERSON = ["1", "才让卓玛", "630000199001010018", "西宁", "建筑", "4000", "13800000000"]


def numbered(*rows, start=1):
    return [(number, list(cells)) for number, cells in enumerate(rows, start)]


def test_titles_and_the_line_of_unit_and_date_stand_above():
    head = numbered(
        ["大通县2026年农村劳动力转移就业台账"], ["填报单位（盖章）：桥头镇", "", "", "", "填报日期：2026年3月"],
        ["序号", "姓 名*", "身份证\n号", "务工情况", "", "", "联系电话"], ["", "", "", "地点", "行业", "月收入", ""], PERSON,
    )
    names = ["序号", "姓名", "身份证号", "务工情况 地点", "务工情况 行业", "务工情况 月收入", "联系电话"]
    assert find(head) == Header(3, 4, names)


def test_groups_above_and_a_row_of_column_numbers_below():
    head = numbered(
        ["标题"], ["基本情况", "", "", "外出", "", ""], ["姓名", "性别", "出生", "省", "市", "县"],
        ["1", "2", "3", "4", "5", "6"],
        ["张三", "男", "1990", "青海", "西宁", "大通"],
    )
    expected = ["基本情况 姓名", "基本情况 性别", "基本情况 出生", "外出 省", "外出 市", "外出 县"]
    assert find(head) == Header(2, 4, expected)


@pytest.mark.parametrize("body", [["张三", "上村"], ["", "上村"], ["张三", ""]])
def test_people_of_words_only_are_not_taken_for_headings(body):
    assert find(numbered(["姓名", "村"], body, ["李四", "下村"])) == Header(1, 1, ["姓名", "村"])


def test_the_second_of_a_household_leaves_cells_empty():
    head = numbered(["户编号", "姓名", "与户主关系", "备注"], ["1", "甲", "户主", "x"], ["", "乙", "配偶", ""])
    assert find(head).last_row == 1


def test_rows_count_as_the_file_does():
    assert find(numbered(["姓名", "性别"], ["张三", "男"], start=7)) == Header(7, 7, ["姓名", "性别"])


@pytest.mark.parametrize("head", [[], numbered(["只有标题"]), numbered(PERSON, PERSON)])
def test_a_sheet_without_headings(head):
    assert find(head) == Header(0, 0, [])


def test_the_required_mark_of_our_own_template_is_taken_off():
    assert find(numbered(["*姓名", "身份证号（必填）", "Sex"], ["张三", "x", "男"])).headings == ["姓名", "身份证号", "Sex"]


def test_the_shape_of_headings():
    assert shape(["姓名", "村", "", ""]) == shape(["姓 名", "村"]) != shape(["村", "姓名"])
    assert len(shape([])) == 64
    assert shape(["a", "b"]) != shape(["ab"])
