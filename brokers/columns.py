"""The columns of the register of labor brokers."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from brokers import codes
from laborreg.columns import Column, choice, clean_date, optional, words
from laborreg.identity import clean_account, clean_id_number, clean_name, clean_phone, plain


def clean_optional_id(text) -> str:
    """Brokers need no ID number; a doubt about its place is the form's to tell."""
    return (optional(clean_id_number)(text) or ("", None))[0]


def clean_yes_no(text) -> bool | None:
    """A form brings the truth itself, a sheet its word; nothing typed is not known."""
    if isinstance(text, bool):
        return text
    return {"yes": True, "no": False}.get(choice(codes.YES_NO)(text))


def clean_hours(text) -> int:
    typed = plain(text)
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4 and int(typed)):
        raise ValidationError(_now("Write the hours as a whole number, such as 24."))
    return int(typed)


COLUMNS = [
    Column("name", _("Name"), clean_name, "马占海", ("姓名", "经纪人姓名"), required=True),
    Column("phone", _("Phone"), clean_phone, "13897123456", ("联系电话", "电话", "手机号")),
    Column("id_number", _("ID number"), clean_optional_id, "630000198803120027", ("身份证号", "身份证号码")),
    Column("kind", _("Full-time or part-time"), choice(codes.KINDS), codes.KINDS[0][1], ("专职/兼职", "类型"), required=True),
    Column("background", _("Background"), choice(codes.BACKGROUNDS), codes.BACKGROUNDS[0][1], ("身份",)),
    Column(
        "is_relieved", _("From a household lifted from poverty"), clean_yes_no, codes.YES_NO[0][1],
        ("是否脱贫户", "是否脱贫劳动力", "贫困劳动力"),
    ),
    Column("trades", _("Trades"), words(200), "建筑, 餐饮", ("从事行业", "工种")),
    Column("destinations", _("Usual destinations"), words(200), "西宁, 拉萨", ("主要输出地", "去向")),
    Column("project", _("Project of the second or third industry"), words(100), "拉面店", ("二三产业项目", "项目")),
    Column("policies", _("Policies enjoyed, awards"), words(200), "创业补贴", ("享受政策", "获得奖励或补贴")),
    Column("bank", _("Bank"), words(60), "大通县农商银行", ("开户行", "开户银行")),
    Column("account", _("Bank account"), clean_account, "6217000000000000004", ("银行账号", "银行卡号", "账号")),
    Column("registered_on", _("Registered on"), clean_date, "2026-03-01", ("认定年月", "登记日期"), required=True),
]
BY_NAME = {column.name: column for column in COLUMNS}

ASSOCIATION = [
    Column(
        "name", _("Name of the association"), words(80, missing=_("Enter the association's name.")), "大通县劳务经纪人协会",
        required=True,
    ),
    Column("founded_on", _("Founded on"), clean_date, "2026-04-28", required=True),
]
COURSE = [
    Column("name", _("Course"), words(80, missing=_("Enter the course's name.")), "劳务经纪人培训班", required=True),
    Column("subject", _("Subject"), words(100), "就业政策与法律"),
    Column("trainer", _("Trainer"), words(60), "县就业局"),
    Column("venue", _("Venue"), words(80), "县职校"),
    Column("hours", _("Hours"), clean_hours, "24", required=True),
    Column("from_on", _("First day"), clean_date, "2026-03-02", required=True),
    Column("to_on", _("Last day"), clean_date, "2026-03-04", required=True),
]
COURSE_BY_NAME = {column.name: column for column in COURSE}
