"""What is enciphered in the database, wherever it lies, put under the newest key while the office works."""

import json
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import BinaryField, Q

from laborreg import bulk, crypto

BATCH = 500


@dataclass(frozen=True)
class Column:
    """A column with cipher text, and beside it the version of its key."""

    model: type
    cipher: str
    version: str

    @property
    def names(self) -> list[str]:
        return [self.cipher, self.version]

    def older(self, newest: int) -> Q:
        return Q(**{f"{self.cipher}__isnull": False, f"{self.version}__lt": newest})

    def again(self, row) -> list:
        """The two values under the newest key."""
        return list(crypto.encipher(crypto.decipher(getattr(row, self.cipher), getattr(row, self.version))))

    def versions(self) -> Counter:
        rows = self.model._base_manager.filter(**{f"{self.cipher}__isnull": False})
        return Counter(rows.values_list(self.version, flat=True).iterator())


@dataclass(frozen=True)
class InJson:
    """Cipher text inside JSON: `{prefix}_cipher` in base64 and `{prefix}_key`, as a model's ENCIPHERED says."""

    model: type
    column: str
    prefixes: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return [self.column]

    def older(self, newest: int) -> Q:
        found = Q(pk__in=[])
        for prefix in self.prefixes:
            found |= Q(**{f"{self.column}__{prefix}_key__lt": newest})
        return found

    def again(self, row) -> list:
        said = dict(getattr(row, self.column))
        for prefix in self.prefixes:
            if f"{prefix}_cipher" in said:
                text = crypto.decipher(b64decode(said[f"{prefix}_cipher"]), said[f"{prefix}_key"])
                cipher, said[f"{prefix}_key"] = crypto.encipher(text)
                said[f"{prefix}_cipher"] = b64encode(cipher).decode()
        return [json.dumps(said, ensure_ascii=False)]

    def versions(self) -> Counter:
        found = Counter()
        for prefix in self.prefixes:
            key = f"{self.column}__{prefix}_key"
            rows = self.model._base_manager.filter(**{f"{key}__isnull": False})
            found.update(rows.values_list(key, flat=True).iterator())
        return found


def enciphered() -> list[Column | InJson]:
    """Every column of every room: a BinaryField that ends with `cipher`, and what a model names in ENCIPHERED."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, BinaryField) and field.name.endswith("cipher"):
                found.append(_column(model, field.name))
        if said := getattr(model, "ENCIPHERED", None):
            found.append(InJson(model, *said))
    return found


def _column(model, name) -> Column:
    version = f"{name.removesuffix('cipher')}key_version"
    try:
        model._meta.get_field(version)
    except FieldDoesNotExist:
        raise ImproperlyConfigured(f"{model.__name__}.{name} needs {version} beside it.") from None
    return Column(model, name, version)


def left_behind(newest: int) -> int:
    """Rows that are not under the newest key, counted once a column."""
    return sum(column.model._base_manager.filter(column.older(newest)).count() for column in enciphered())


def versions_in_use() -> Counter:
    """Version → how many texts lie under it."""
    return sum((column.versions() for column in enciphered()), Counter())


def encipher_again(newest: int) -> Iterator[tuple[str, int]]:
    """(table, rows) after each batch. Each batch is a transaction: a process that dies loses one, and the next goes on."""
    for column in enciphered():
        last = 0
        while numbers := _next(column, newest, last):
            yield column.model._meta.db_table, _batch(column, newest, numbers)
            last = numbers[-1]


def _next(column, newest, last) -> list[int]:
    rows = column.model._base_manager.filter(column.older(newest), pk__gt=last)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _batch(column, newest, numbers) -> int:
    """As the rows are now, locked: an officer may have put a number right since they were looked for."""
    rows = column.model._base_manager.filter(column.older(newest), pk__in=numbers)
    found = rows.order_by("pk").select_for_update(no_key=True).only("pk", *column.names)
    values = [(*column.again(row), row.pk) for row in found]
    if values:
        bulk.update(column.model, column.names, [column.model._meta.pk.name], values)
    return len(values)


def lock():
    """Until the end of the transaction nobody writes a row that holds cipher text. SQLite's own lock is the whole file's."""
    if connection.vendor == "postgresql":
        tables = {connection.ops.quote_name(column.model._meta.db_table) for column in enciphered()}
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(sorted(tables))} IN SHARE MODE")
