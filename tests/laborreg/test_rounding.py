"""Half is rounded up, everywhere alike."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils import translation

from laborreg.rounding import percent, rounded, whole
from reports.blanks import keys
from reports.blanks.showing import as_shown
from reports.blanks.values import _scaled, as_text
from reports.briefs.sentences import money
from reports.models import INCOME
from reports.target_table import amount_told
from reports.workbook.columns import MONEY, Column


def test_a_sum_in_ten_thousands_is_the_same_on_page_in_workbook_and_brief():
    wan = Column("", "", lambda yuan: yuan / 10_000, MONEY)
    ask, alone = keys.ask("income|10000"), keys.ask("income|10000|2")
    for yuan in range(0, 40_000, 50):
        told = f"{(Decimal(yuan) / 10_000).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
        assert amount_told(INCOME, yuan) == told
        assert as_text(_scaled(yuan, ask), keys.ask("income|10000|2")) == told, yuan
        assert f"{_scaled(yuan, alone):.2f}" == told
        assert wan.shown(yuan) == told
        assert as_shown(repr(yuan / 10_000), "0.00") == told
        with translation.override("zh-hans"):
            assert told in money(yuan)


def test_halves():
    assert [str(rounded(yuan, 2, divisor=10_000)) for yuan in (10_150, 10_149, -10_150)] == ["1.02", "1.01", "-1.02"]
    assert [whole(value) for value in (0.5, 1.5, 2.5, None)] == [1, 2, 3, None]
    assert [percent(0.0005), percent(0.12345, 2), percent(1)] == ["0.1%", "12.35%", "100.0%"]
