"""The columns of the registers' sheets, made of those of the forms: the same cleaners, the same headings."""


from django.utils.translation import gettext_lazy as _

from brokers import codes
from brokers.columns import BY_NAME, COURSE_BY_NAME
from laborreg.columns import choice, words
from workers.sheets.cleaning import Read, text_of
from workers.sheets.columns import BY_NAME as LEDGER_BY_NAME
from workers.sheets.columns import WHO, SheetColumn
from workers.sheets.days import read_day

BROKERS, MEMBERS, COURSES, PAYMENTS = "brokers", "members", "courses", "payments"
YES_NO = tuple(codes.YES_NO)


def _cells(clean):
    """A form's cleaner, for cells: what it makes of the text, and how that is written where it differs."""

    def read(cell):
        typed = text_of(cell)
        found = clean(typed)
        return Read(found, str(found) if isinstance(found, str) and found not in ("", typed) else "")

    return read


def _coded(clean, choices):
    """Of a code list the label is what is written."""
    labels = dict(choices)

    def read(cell):
        typed = text_of(cell)
        found = clean(typed)
        label = str(labels.get(found, ""))
        return Read(found or None, label if label not in ("", typed) else "")

    return read


def _of_form(column, *synonyms, choices=(), problem="bad_words", required=None) -> SheetColumn:
    read = _coded(column.clean, choices) if choices else _cells(column.clean)
    required = column.required if required is None else required
    return SheetColumn(
        column.name, column.heading, read, column.example, (*column.synonyms, *synonyms), required, choices=tuple(choices),
        problem="not_listed" if choices else problem,
    )


def _day(name, heading, example, *synonyms, required=False) -> SheetColumn:
    return SheetColumn(name, heading, read_day, example, synonyms, required, problem="bad_date")


def _text(name, heading, example, length, *synonyms, required=False) -> SheetColumn:
    return SheetColumn(name, heading, _cells(words(length)), example, synonyms, required, problem="bad_words")


def _yes_no(name, heading, *synonyms) -> SheetColumn:
    def read(cell):
        return {"yes": True, "no": False}.get(choice(codes.YES_NO)(text_of(cell)))

    return SheetColumn(name, heading, read, codes.YES_NO[0][1], synonyms, choices=YES_NO)


TOWNSHIP, VILLAGE, NAME, ID_NUMBER = WHO
PHONE = LEDGER_BY_NAME["workers"]["phone"]
# Who the row is about, where it is a broker of the register.
BROKER = [TOWNSHIP, VILLAGE, NAME, ID_NUMBER]

COLUMNS = {
    BROKERS: [
        *BROKER, PHONE,
        _of_form(BY_NAME["kind"], "专兼职", choices=codes.KINDS, required=False),
        _of_form(BY_NAME["background"], "人员类别", choices=codes.BACKGROUNDS),
        _yes_no("is_relieved", BY_NAME["is_relieved"].heading, *BY_NAME["is_relieved"].synonyms),
        *[_of_form(BY_NAME[name]) for name in ("trades", "destinations", "project", "policies", "bank")],
        _of_form(BY_NAME["account"], "银行卡", problem="bad_account"),
        _day("registered_on", BY_NAME["registered_on"].heading, "2026-03-01", "登记日期", "登记时间"),
        _day("filed_on", _("Filed on"), "2026-06-01", "备案日期", "认定年月", "认定日期"),
        _text("certificate_number", _("Certificate number"), "6301212026001", 20, "证书编号", "证书号", "经纪人证书编号"),
    ],
    MEMBERS: [
        *BROKER,
        _day("joined_on", _("Joined on"), "2026-04-28", "入会日期", "入会时间", required=True),
        SheetColumn("post", _("Post"), _coded(choice(codes.POSTS), codes.POSTS), codes.POSTS[-1][1],
                    ("职务", "协会职务"), choices=tuple(codes.POSTS)),
        _day("left_on", _("Left the association on"), "2026-10-31", "退会日期", "退会时间"),
    ],
    COURSES: [
        _text("course", COURSE_BY_NAME["name"].heading, "2026年劳务经纪人培训班", 80, "培训班", "培训名称", "班次",
              required=True),
        _day("from_on", COURSE_BY_NAME["from_on"].heading, "2026-04-10", "开班日期", "开始日期", "培训日期", required=True),
        _day("to_on", COURSE_BY_NAME["to_on"].heading, "2026-04-13", "结束日期", "结业日期"),
        _of_form(COURSE_BY_NAME["hours"], "学时", "课时", problem="bad_persons", required=False),
        *[_of_form(COURSE_BY_NAME[name], *more, required=False) for name, *more in (
            ("subject", "培训内容", "培训主题"), ("trainer", "授课老师", "讲师"), ("venue", "培训地点"),
        )],
        *BROKER,
        _yes_no("has_passed", _("Passed"), "是否合格", "合格", "考核结果"),
        _text("certificate_number", _("Certificate number"), "2026-0001", 30, "证书编号", "结业证书编号"),
        _day("expires_on", _("Holds until"), "2029-04-13", "有效期至", "证书有效期"),
    ],
    PAYMENTS: [
        _text("scheme", _("Scheme"), "劳务经纪人奖补办法", 80, "补贴办法", "奖补项目", required=True),
        _text("year", _("Year"), "2025", 4, "年度", "年份", required=True),
        *BROKER,
        _text("amount", _("Amount, yuan"), "1490", 12, "金额", "补贴金额", "奖补金额", "金额(元)"),
        _day("paid_on", _("Paid on"), "2026-03-20", "发放日期", "拨付日期", "付款日期", required=True),
    ],
}
# Columns without which no row can be taken.
NEEDED = {kind: [column.name for column in listed if column.required] for kind, listed in COLUMNS.items()}
# Enciphered in staged rows, under these names.
SECRETS = {"id_number": "id", "account": "account"}
