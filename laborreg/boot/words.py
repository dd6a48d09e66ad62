"""What the first minutes say, in both languages. The translations of the product are not there yet at this point."""

import os

CHINESE = {
    "Labor Transfer Registry": "劳务转移就业台账",
    "The registry is being made ready": "系统正在准备中",
    "The registry could not start": "系统未能启动",
    "This page turns into the registry by itself. The first start takes a minute or two; later ones take seconds.":
        "准备好后本页会自动进入系统。首次启动约需一两分钟，以后只需几秒。",
    "This step failed:": "此步骤失败：",
    "What to do": "处理办法",
    "Last lines": "最后几行输出",
    "Not ready yet. Try again in a few seconds.": "尚未就绪，请稍后再试。",
    "done": "已完成",
    "now": "正在进行",
    "failed": "失败",
    "to do": "待办",
    "Python environment": "创建 Python 运行环境",
    "Packages": "安装软件包",
    "Database": "建立数据库",
    "Places of the county": "导入本县区划",
    "First administrator": "开设首个管理员账号",
    "Demo county: everybody in it is invented": "生成演示县（人员均为虚构）",
    "Styles and icons": "准备样式与图标",
    "Months": "开启报表月份",
    "Server": "启动服务",
    "Waiting for an answer in the terminal": "等待在终端窗口中回答",
    "Python's venv module is missing or the disk is full. On Debian and Ubuntu: apt install python3-venv. "
    "Then start again.":
        "缺少 Python 的 venv 模块，或磁盘已满。Debian、Ubuntu 上请执行：apt install python3-venv，然后重新启动。",
    "If this machine has no way to the internet: on one that has, with the same Python, run "
    "“pip download -r requirements.txt -d wheels”, copy the folder wheels next to ./run and start again.":
        "如果本机不能上网：请在能上网、Python 版本相同的机器上执行“pip download -r requirements.txt -d wheels”，"
        "把 wheels 文件夹复制到 ./run 旁边，再重新启动。",
    "See that the disk has room and that the data folder can be written, then start again. "
    "What is there already is kept.":
        "请确认磁盘有空间、数据文件夹可写，然后重新启动。已有数据不会丢失。",
    "Mend what the last lines say and start again.": "请按最后几行的提示改正，然后重新启动。",
    "Start again: what is there already is kept.": "请重新启动，已有内容会保留。",
    "Port {port} is in use, perhaps by the registry in another window. Choose another: PORT={other} ./run":
        "端口 {port} 已被占用，可能是另一个窗口中的本系统。请换一个端口：PORT={other} ./run",
    "PORT must be a number from 1 to 65535, not “{port}”.": "PORT 应为 1 至 65535 之间的数字，不能是“{port}”。",
    "This process may not open port {port}. Choose one from 1024 on: PORT=8000 ./run":
        "没有权限打开端口 {port}，请用 1024 以上的端口：PORT=8000 ./run",
    "This data folder holds a demo, and real data never go into a demo: {data}\n"
    "Set it aside (mv {data} {data}-demo) or name another folder: LABORREG_DATA=/path/to/data ./run --empty":
        "该数据文件夹是演示数据，真实数据不得写入演示库：{data}\n"
        "请先移开（mv {data} {data}-demo），或另选文件夹：LABORREG_DATA=/path/to/data ./run --empty",
    "The database that DATABASE_URL names holds a demo, and real data never go into a demo. Name another one.":
        "DATABASE_URL 指定的数据库是演示库，真实数据不得写入。请另选数据库。",
    "--empty needs answers, and there is no terminal to ask in. Give them: "
    "./run --empty --places FILE.csv --county CODE --admin USERNAME --name NAME":
        "--empty 需要回答几个问题，但当前没有终端。请用参数给出："
        "./run --empty --places 文件.csv --county 代码 --admin 账号 --name 姓名",
    "There is no file {file}.": "找不到文件 {file}。",
    "--places, --county, --admin and --name belong to --empty.": "--places、--county、--admin、--name 须与 --empty 一起使用。",
    "This registry has its accounts already; starting it.": "本系统已有账号，直接启动。",
    "A real installation. Three questions before it starts.": "正式安装。启动前有三个问题。",
    "Places of the county (CSV file)": "本县区划文件（CSV）",
    "Code of the county (6 digits)": "县代码（6 位）",
    "Account of the first administrator": "首个管理员的账号",
    "Name of the first administrator": "首个管理员的姓名",
    "Keep a copy of {keys} in a safe place apart from the data: without it no ID number can be read again.":
        "请把 {keys} 另行妥善备份（不要与数据放在一起）：丢失后身份证号将无法读出。",
    "Open {address} to watch.": "可打开 {address} 查看进度。",
    "Ready after {seconds} s: {address}   (Ctrl-C stops it)": "{seconds} 秒后就绪：{address}   （Ctrl-C 停止）",
    "The page {address} shows this too. Ctrl-C ends it.": "网页 {address} 也显示此错误。按 Ctrl-C 结束。",
    "The server stopped by itself; its last words stand above.": "服务意外停止，原因见上。",
    "The hourly look for a new month failed:": "每小时检查新月份失败：",
    "Stopped.": "已停止。",
}


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


def say(sentence: str, language: str | None = None, **values) -> str:
    language = language or of_terminal()
    return (CHINESE[sentence] if language == "zh" else sentence).format(**values)
