"""Whether this process can serve: the database answers and has every table."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

_migrated: list[bool] = []


def is_well() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return _is_migrated()
    except Error:
        return False


def _is_migrated():
    """Reading every migration is slow and its answer never turns back, so a yes is kept."""
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.append(True)
    return True
