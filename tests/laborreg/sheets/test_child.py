"""What a child process gives back, however it ends."""

import os
import time

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from laborreg.identity import clean_id_number
from laborreg.refusals import Refusal
from laborreg.sheets import child
from laborreg.sheets.faults import NotTaken

LIMITS = {"seconds": 20, "megabytes": 600}


def added(*numbers):
    return sum(numbers)


def counted(until):
    yield from ([number] * 3 for number in range(until))


def refused(what):
    raise {"no": Refusal("No."), "macro": NotTaken("macro"), "error": KeyError("x")}[what]


def died():
    os._exit(3)


def slept():
    time.sleep(30)


def took(megabytes):
    return len(bytearray(megabytes * 1_000_000))


def said():
    return _("Enter the date.")


def run(function, *args, bare=True, **more):
    return child.run(function, *args, bare=bare, **LIMITS | more)


def test_a_result():
    assert run(added, 1, 2) == 3


def test_items_come_one_by_one():
    pages = []
    assert run(counted, 3, each=pages.append) is None
    assert pages == [[0] * 3, [1] * 3, [2] * 3]


def test_what_refuses_here_stops_the_child():
    def enough(_page):
        raise Refusal("Enough.")

    with pytest.raises(Refusal, match="Enough"):
        run(counted, 100_000_000, each=enough)


def test_refusals_come_out_as_they_are():
    with pytest.raises(Refusal, match=r"No\."):
        run(refused, "no")
    with pytest.raises(NotTaken, match="macros"), override("en"):
        run(refused, "macro")


def test_a_fault_of_our_own_is_not_blamed_on_the_file():
    with pytest.raises(child.Failed, match="KeyError"):
        run(refused, "error")


def test_with_models_cleaners_speak_the_language_of_the_caller():
    with override("zh-hans"):
        assert run(said, bare=False) == _("Enter the date.") != "Enter the date."
        with pytest.raises(ValidationError):
            run(clean_id_number, "1", bare=False)


@pytest.mark.parametrize(("function", "args", "limits"), [
    (died, (), {}), (slept, (), {"seconds": 1}), (took, (2_000,), {}),
])
def test_death_delay_and_greed_are_a_file_that_grows_too_large(function, args, limits):
    before = time.monotonic()
    with pytest.raises(NotTaken) as caught:
        run(function, *args, **limits)
    assert caught.value.code == "bomb"
    assert time.monotonic() - before < 10
