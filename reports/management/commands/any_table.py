import json
import sys
from pathlib import Path

from django.core.management.base import CommandError

from laborreg.refusals import Refusal
from officers.commands import OfficeCommand
from reports import progress
from reports.tables import asking, showing, sources
from reports.tables.counting import Question
from reports.tables.showing import Answer
from villages.areas import area_at
from villages.models import County

MOST_BYTES = 100_000


class Command(OfficeCommand):
    help = (
        'Answers a question such as {"source": "month", "area": "630121", "month": "2026-10", "rows": ["township"], '
        '"columns": ["sex"], "filter": {"section": ["C"]}, "measure": "away"} from a file, or from "-", the input.'
    )

    def add_arguments(self, parser):
        parser.add_argument("spec", metavar="SPEC.json")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, spec, as_json, **options):
        try:
            answer = Answer(_checked(asking.read(_read(spec))))
        except Refusal as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(json.dumps(showing.as_json(answer), ensure_ascii=False) if as_json else _text(answer))





def _read(name: str):
    try:
        text = sys.stdin.read(MOST_BYTES) if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        return json.loads(text[:MOST_BYTES])
    except (OSError, UnicodeDecodeError) as wrong:
        raise CommandError(f"{name} cannot be read: {wrong}") from wrong
    except (ValueError, RecursionError) as wrong:
        raise CommandError(f"{name} is not JSON: {wrong}") from wrong


def _checked(question: Question) -> Question:
    if area_at(question.area) is None:
        raise CommandError(f"There is no area {question.area}.")
    county = County.objects.get(pk=question.area[:6])
    if question.source == sources.MONTH and progress.opened(county, question.month) is None:
        raise CommandError(f"{county.label} did not open {question.month}.")
    return question


def _text(answer: Answer) -> str:
    lines = [f"{answer.title} · {answer.area.label}", ""]
    head = [*answer.row_heads, *answer.column_names, *([answer.total_name] if answer.question.columns else [])]
    body = [
        [*row.full, *(_number(cell.value) for cell in [*row.cells, *([row.total] if row.total else [])])]
        for row in answer.rows
    ]
    foot = [answer.total_name, *[""] * (answer.width - 1), *(_number(cell.value) for cell in answer.foot)]
    lines += ["\t".join(row) for row in [head, *body, foot]]
    return "\n".join([*lines, "", *answer.definitions])


def _number(value) -> str:
    return "–" if value is None else value if isinstance(value, str) else f"{value:,}"
