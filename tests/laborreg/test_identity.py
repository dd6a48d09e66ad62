"""Names, ID numbers and phones as officers type and paste them."""

import random
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from laborreg.identity import (
    clean_account,
    clean_id_number,
    clean_name,
    clean_phone,
    id_facts,
    mask_account,
    mask_name,
    mask_phone,
    pinyin,
)


def numbered(first_17: str) -> str:
    return first_17 + ric.calc_check_digit(first_17 + "0")


WOMAN = numbered("63000019880312002")
ENDS_IN_X = next(n for n in (numbered(f"630000199001010{k:02d}") for k in range(10, 100)) if n.endswith("X"))


@pytest.fixture(autouse=True)
def a_day(monkeypatch):
    monkeypatch.setenv("LABORREG_TODAY", "2026-11-04")


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


@pytest.mark.parametrize("typed", [
    WOMAN, f"  {WOMAN}\n", full_width(WOMAN), f"{WOMAN[:6]} {WOMAN[6:14]} {WOMAN[14:]}",
    f"{WOMAN[:6]}\u3000{WOMAN[6:14]}\u00a0{WOMAN[14:]}", f"{WOMAN[:6]}\t{WOMAN[6:]}",
])
def test_the_same_number_however_it_was_typed(typed):
    assert clean_id_number(typed) == (WOMAN, None)


@pytest.mark.parametrize("typed", [ENDS_IN_X, ENDS_IN_X.lower(), full_width(ENDS_IN_X.lower())])
def test_the_last_x_may_be_small_or_wide(typed):
    assert clean_id_number(typed)[0] == ENDS_IN_X


def test_a_place_that_nobody_knows_is_a_doubt_and_no_refusal():
    number, doubt = clean_id_number(numbered("99999919880312002"))
    assert number and "first six" in doubt
    # Its province is known, its county is not.
    assert clean_id_number(numbered("12345619880312002"))[1]


def test_a_number_is_older_than_the_code_of_its_place():
    assert clean_id_number(numbered("63012119700312002"))[1] is None


@pytest.mark.parametrize(("typed", "words"), [
    ("", "Enter the ID number"),
    (None, "Enter the ID number"),
    (WOMAN[:-1], "this one has 17"),
    (WOMAN + "0", "this one has 19"),
    ("630121880312002", "this one has 15"),
    ("6.3E+17", "18 characters"),
    (WOMAN[:17] + ("1" if WOMAN[17] != "1" else "2"), "last character"),
    (WOMAN[:16] + "X" + WOMAN[17], "17 digits"),
    ("٦" + WOMAN[1:], "17 digits"),
    ("\u00b2" + WOMAN[1:], "17 digits"),
    (numbered("63000019880230002"), "not in the calendar"),
    (numbered("63000019881301002"), "not in the calendar"),
    (numbered("63000000000101002"), "not in the calendar"),
    (numbered("63000018991231002"), "before 1900"),
    (numbered("63000020261105002"), "in the future"),
    ("\ud800" * 18, "17 digits"),
])
def test_refused_numbers_say_what_is_wrong(typed, words):
    with pytest.raises(ValidationError, match=words):
        clean_id_number(typed)


def test_born_today_is_not_in_the_future():
    assert clean_id_number(numbered("63000020261104002"))


@given(st.one_of(st.text(), st.integers(), st.text(alphabet="0123456789Xx \u3000", min_size=16, max_size=20)))
def test_no_input_does_more_than_be_refused(anything):
    for cleaner in (clean_id_number, clean_name, clean_phone):
        try:
            cleaner(anything)
        except ValidationError as refused:
            assert refused.messages[0]


def test_a_digit_typed_wrong_is_found_wherever_it_stands():
    chance = random.Random(7)
    for place in range(17):
        wrong = chance.choice([d for d in "0123456789" if d != WOMAN[place]])
        with pytest.raises(ValidationError):
            clean_id_number(WOMAN[:place] + wrong + WOMAN[place + 1:])


def test_sex_and_birth_date_stand_in_the_number():
    assert id_facts(WOMAN) == ("female", date(1988, 3, 12))
    assert id_facts(numbered("63000019900101001"))[0] == "male"


@pytest.mark.parametrize(("typed", "name"), [
    ("王秀英", "王秀英"),
    (" 王 英 ", "王英"),
    ("王\u3000英", "王英"),
    ("\U00020bb7野", "\U00020bb7野"),
    ("李\U0002b74f", "李\U0002b74f"),
    ("张\U00030edd", "张\U00030edd"),
    ("周\U0002ebf0", "周\U0002ebf0"),
    ("〇明", "〇明"),
    ("古丽・买买提", "古丽·买买提"),
    ("古丽•买买提", "古丽·买买提"),
    ("古丽‧买买提", "古丽·买买提"),
    ("古丽∙买买提", "古丽·买买提"),
    ("古丽．买买提", "古丽·买买提"),
    ("古丽.买买提", "古丽·买买提"),
    ("古丽 · 买买提", "古丽·买买提"),
    ("Ann  O’Neill-Smith", "Ann O'Neill-Smith"),
    ("Ｊｏｈｎ Smith Jr.", "John Smith Jr."),
    ("Jose\u0301", "José"),
    ("\U00020000" * 50, "\U00020000" * 50),
])
def test_names_as_they_are_written(typed, name):
    assert clean_name(typed) == name


@pytest.mark.parametrize(("typed", "words"), [
    ("", "Enter the name"),
    ("   ", "Enter the name"),
    (None, "Enter the name"),
    ("王" * 51, "at most 50"),
    ("王2", "“2” does not belong"),
    ("<b>王</b>", "“<” does not belong"),
    ("=王", "“=” does not belong"),
    ("王@英", "“@” does not belong"),
    ("王英?", r"“\?” does not belong"),
    ("王\x00英", "cannot be seen"),
    ("王\u202e英", "cannot be seen"),
    ("王\ue000", "cannot be seen"),
    ("·王", "starts and ends"),
    ("王·", "starts and ends"),
    ("-", "starts and ends"),
])
def test_what_is_no_name(typed, words):
    with pytest.raises(ValidationError, match=words):
        clean_name(typed)


@pytest.mark.parametrize(("name", "full", "initials"), [
    ("王秀英", "wangxiuying", "wxy"),
    ("单于婉", "chanyuwan", "cyw"),
    ("尉迟恭", "yuchigong", "ycg"),
    ("长孙明", "zhangsunming", "zsm"),
    ("仇英", "qiuying", "qy"),
    ("单雄信", "shanxiongxin", "sxx"),
    ("曾国", "zengguo", "zg"),
    ("王曾", "wangceng", "wc"),
    ("解缙", "xiejin", "xj"),
    ("查良", "zhaliang", "zl"),
    ("盖明", "geming", "gm"),
    ("区明", "ouming", "om"),
    ("王朝阳", "wangzhaoyang", "wzy"),
    ("吕梁", "lvliang", "ll"),
    ("古丽·买买提", "gulimaimaiti", "glmmt"),
    ("Ann O'Neill", "annoneill", "aon"),
    ("〇明", "lingming", "lm"),
])
def test_names_are_found_by_their_reading(name, full, initials):
    assert pinyin(name) == (full, initials)


def test_a_character_without_a_known_reading_is_passed_over():
    assert pinyin("王\U0002ebf0英") == ("wangying", "wy")


@pytest.mark.parametrize(("typed", "phone"), [
    ("", ""), (None, ""), ("13897123456", "13897123456"), ("138 9712 3456", "13897123456"),
    ("138-9712-3456", "13897123456"), (full_width("13897123456"), "13897123456"), ("+8613897123456", "13897123456"),
    ("0086 13897123456", "13897123456"), ("8613897123456", "13897123456"), (13897123456, "13897123456"),
    ("09712722222", "0971-2722222"), ("0971-2722222", "0971-2722222"), ("(0971) 2722222", "0971-2722222"),
    (full_width("0971-2722222"), "0971-2722222"), ("010-12345678", "010-12345678"), ("02812345678", "028-12345678"),
])
def test_phones(typed, phone):
    assert clean_phone(typed) == phone


@pytest.mark.parametrize(
    "typed", ["12345678901", "1389712345", "138971234567", "2722222", "0971-123", "none", "٠9712722222"]
)
def test_what_is_no_phone(typed):
    with pytest.raises(ValidationError, match="11 digits"):
        clean_phone(typed)


def test_a_masked_phone():
    assert (mask_phone("13897123456"), mask_phone("12345"), mask_phone("")) == ("138****3456", "****", "")


@pytest.mark.parametrize(("name", "masked"), [
    ("马占海", "马*海"), ("马海", "马*"), ("单于婉儿", "单**儿"), ("𠮷", "*"), ("", ""), ("阿不都·买买提", "阿*****提"),
])
def test_a_masked_name(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(("typed", "kept"), [
    ("６２１７ 0000 0000 0000 004", "6217000000000000004"), ("6217-0000-0000-0000-004", "6217000000000000004"),
    ("123456789012", "123456789012"), ("2203001234567890", "2203001234567890"), ("1" * 22, "1" * 22), ("", ""), (None, ""),
])
def test_a_bank_account(typed, kept):
    assert clean_account(typed) == kept


@pytest.mark.parametrize(("typed", "words"), [
    ("6217000000000000005", "last digit of the bank card"), ("12345678901", "12 to 22 digits"), ("1" * 23, "12 to 22 digits"),
    ("农商银行", "12 to 22 digits"), ("٦٢١٧000000000000", "12 to 22 digits"),
])
def test_what_is_no_bank_account(typed, words):
    with pytest.raises(ValidationError, match=words):
        clean_account(typed)


def test_a_masked_account():
    assert (mask_account("6217000000000000004"), mask_account("")) == ("**** 0004", "")
