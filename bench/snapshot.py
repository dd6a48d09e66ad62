"""The database of a copy as it stood at a moment, put back as often as a trial needs it."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from bench import server


class Snapshot:
    """Nobody else may be connected while it is kept or put back."""

    def __init__(self, name):
        from django.db import connection

        self.name, self.address = name, os.environ.get("DATABASE_URL", "")
        self.live = str(connection.settings_dict["NAME"])
        server.forget_connections()
        if server.is_sqlite():
            self.kept = f"{self.live}.{name}"
            _forget_journal(self.live)
            shutil.copy(self.live, self.kept)
        else:
            self.kept = f"{urlsplit(self.address).path[1:]}_{name}"
            server.say_to_server(self.address, f"CREATE DATABASE {self.kept} TEMPLATE {self.live}")

    def put_back(self):
        server.forget_connections()
        if server.is_sqlite():
            _forget_journal(self.live)
            shutil.copy(self.kept, self.live)
        else:
            server.drop(self.address, self.live)
            server.say_to_server(self.address, f"CREATE DATABASE {self.live} TEMPLATE {self.kept}")

    def drop(self):
        if server.is_sqlite():
            Path(self.kept).unlink()
        else:
            server.say_to_server(self.address, f"DROP DATABASE {self.kept}")


def _forget_journal(file):
    """What it holds belongs to the state that is given up."""
    for tail in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.remove(file + tail)
