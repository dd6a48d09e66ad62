"""The two workbooks of the province in the demo: uploaded as they came, keys and all."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from reports.blanks import keeping

FOLDER = Path(__file__).resolve().parents[1] / "data"
BLANKS = [
    ("农村劳动力就业统计表", "employment.xlsx", (
        "台账不记用工单位性质（国企、民企、个体户、党政机关、事业单位、合作社）、社区工厂、就业扶贫基地、公岗类别、"
        "苏陕协作项目；易地搬迁户不随月报上报。这些栏留空，由业务科室另行填报。"
    )),
    ("三项指标完成情况表", "three-targets.xlsx",
     "创业一栏按本年转移就业人员中自主创业的人数填报；没有下达任务的单位，任务栏留空。"),
]


def upload(county, *, by):
    for name, file, note in BLANKS:
        keeping.upload(county, by=by, name=name, note=note, file=SimpleUploadedFile(file, (FOLDER / file).read_bytes()))
