"""What the first minutes say, in both languages; the product's own translations cannot be read yet."""

import os

SENTENCES = {
    # The page
    "product": ("Labor Transfer Registry", "劳动力转移就业台账"),
    "making ready": ("The registry is being made ready", "系统正在准备中"),
    "could not start": ("The registry could not start", "系统未能启动"),
    "wait": (
        "This page turns into the registry by itself. The first start takes a minute or two, "
        "later ones take seconds.",
        "准备好后本页会自动进入系统。首次启动约需一两分钟，以后只需几秒。",
    ),
    "not ready": ("Not ready yet. Try again in a few seconds.", "尚未就绪，请稍后再试。"),
    "step failed": ("This step failed:", "此步骤失败："),
    "what to do": ("What to do", "处理办法"),
    "last lines": ("Last lines", "最后几行输出"),
    "done": ("done", "已完成"),
    "now": ("now", "正在进行"),
    "failed": ("failed", "失败"),
    "todo": ("to do", "待办"),
    # The steps
    "environment": ("Python environment", "创建 Python 运行环境"),
    "packages": ("Packages", "安装软件包"),
    "database": ("Database", "建立数据库"),
    "places": ("Places of the county", "导入本县区划"),
    "first account": ("First administrator", "开设首个管理员账号"),
    "demo": ("Demo county: everybody in it is invented", "生成演示县（人员均为虚构）"),
    "static": ("Styles and icons", "准备样式与图标"),
    "months": ("Months", "开启报表月份"),
    "server": ("Server", "启动服务"),
    # What to do where a step failed
    "get venv": (
        "Python's venv module is missing, or the disk is full. On Debian and Ubuntu: "
        "apt install python3-venv. Then start again.",
        "缺少 Python 的 venv 模块，或磁盘已满。"
        "Debian、Ubuntu 上请执行 apt install python3-venv，然后重新启动。",
    ),
    "bring wheels": (
        "If this machine has no way to the internet: on one that has, with the same Python, run "
        "“pip download -r requirements.txt -d wheels”, copy the folder wheels next to ./run and start again.",
        "如果本机不能上网：请在能上网、Python 版本相同的机器上执行"
        "“pip download -r requirements.txt -d wheels”，把 wheels 文件夹复制到 ./run 旁边，再重新启动。",
    ),
    "see the disk": (
        "See that the disk has room and that the data folder can be written, then start again. "
        "What is there already is kept.",
        "请确认磁盘有空间、数据文件夹可写，然后重新启动。已有数据不会丢失。",
    ),
    "mend": ("Mend what the last lines say and start again.", "请按最后几行的提示改正，然后重新启动。"),
    "start again": ("Start again: what is there already is kept.", "请重新启动，已有内容会保留。"),
    # The terminal
    "watch": ("Open {address} to watch.", "可打开 {address} 查看进度。"),
    "ready": (
        "Ready after {seconds} s: {address}   (Ctrl-C stops it)",
        "{seconds} 秒后就绪：{address}   （Ctrl-C 停止）",
    ),
    "stopped": ("Stopped.", "已停止。"),
    "failure stays": (
        "The page {address} shows this too. Ctrl-C ends it.",
        "网页 {address} 也显示此错误。按 Ctrl-C 结束。",
    ),
    "server ended": ("The server stopped by itself; the lines above say why.", "服务意外停止，原因见上。"),
    "no month": ("The hourly look for a new month failed:", "每小时检查新月份失败："),
    "nothing thrown away": (
        "Throwing away old uploaded sheets failed:", "清理过期上传表格失败：",
    ),
    "no look at the trail": ("The daily look through the audit trail failed:", "每天检查操作日志失败："),
    "trail not verified": ("Verifying the audit trail failed:", "校验操作日志失败："),
    "nobody erased": ("Erasing the people whose time is over failed:", "每天删除保存期满人员信息失败："),
    "no doubts found": ("The daily look for doubts in the ledger failed:", "每天查找台账疑点失败："),
    "port in use": (
        "Port {port} is in use, perhaps by the registry in another window. "
        "Choose another: PORT={other} ./run",
        "端口 {port} 已被占用，可能是另一个窗口中的本系统。请换一个端口：PORT={other} ./run",
    ),
    "port is no number": (
        "PORT must be a number from 1 to 65535, not “{port}”.",
        "PORT 应为 1 至 65535 之间的数字，不能是“{port}”。",
    ),
    "port not allowed": (
        "Port {port} is kept for the system. Choose one from 1024 on: PORT=8000 ./run",
        "端口 {port} 为系统保留，请用 1024 以上的端口：PORT=8000 ./run",
    ),
    # A real installation
    "a demo is here": (
        "This folder holds a demo, and real data never go into a demo: {data}\n"
        "Set it aside (mv {data} {data}-demo) or take another: LABORREG_DATA=/path/to/data ./run --empty",
        "该文件夹是演示数据，真实数据不得写入演示库：{data}\n"
        "请先移开（mv {data} {data}-demo），或另选文件夹：LABORREG_DATA=/path/to/data ./run --empty",
    ),
    "a demo is there": (
        "The database that DATABASE_URL names holds a demo, and real data never go into a demo. "
        "Name another one.",
        "DATABASE_URL 指定的数据库是演示库，真实数据不得写入。请另选数据库。",
    ),
    "begun already": (
        "This registry has its accounts already; starting it.",
        "本系统已有账号，直接启动。",
    ),
    "no terminal": (
        "--empty asks, and there is no terminal to ask in. Give the answers: "
        "./run --empty --places FILE.csv --county CODE --admin USERNAME --name NAME",
        "--empty 需要回答几个问题，但当前没有终端。请用参数给出："
        "./run --empty --places 文件.csv --county 代码 --admin 账号 --name 姓名",
    ),
    "options of empty": (
        "--places, --county, --admin and --name belong to --empty.",
        "--places、--county、--admin、--name 须与 --empty 一起使用。",
    ),
    "no file": ("There is no file {file}.", "找不到文件 {file}。"),
    "waits in terminal": ("Waiting for an answer in the terminal", "等待在终端窗口中回答"),
    "ask places": ("Places of the county (CSV file)", "本县区划文件（CSV）"),
    "ask county": ("Code of the county (6 digits)", "县代码（6 位）"),
    "ask account": ("Account of the first administrator", "首个管理员的账号"),
    "ask name": ("Name of the first administrator", "首个管理员的姓名"),
    "keep the keys": (
        "Keep a copy of {keys} in a safe place, apart from the data: "
        "without it no ID number can be read again.",
        "请把 {keys} 另行妥善备份（不要与数据放在一起）：丢失后身份证号将无法读出。",
    ),
}


def say(name: str, language: str | None = None, **values) -> str:
    """A sentence in `en` or `zh`; in the terminal's language where none is named."""
    english, chinese = SENTENCES[name]
    return (chinese if (language or of_terminal()) == "zh" else english).format(**values)


def of_terminal() -> str:
    """The language of the terminal, by the usual variables."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh" if os.environ[name].lower().startswith("zh") else "en"
    return "en"


def of_browser(accept_language: str) -> str:
    """Whichever of the two languages an Accept-Language header names first."""
    for part in accept_language.lower().split(","):
        if part.strip().startswith(("zh", "en")):
            return part.strip()[:2]
    return "en"
