"""The Python environment in .venv, kept in step with a requirements file; .ci/prepare runs it too."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from laborreg.boot import processes

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Packages brought along for a machine without a way to the internet.
WHEELS = ROOT / "wheels"


def is_current(requirements: str) -> bool:
    """Whether the environment runs and holds what this file, or a file that includes it, asks for."""
    stamp = _stamp(requirements)
    return _runs() and stamp.exists() and stamp.read_text() == digest(requirements)


def make(*, tell=lambda line: None):
    """A new environment, unless the one that is there works."""
    if not _runs("import pip"):
        processes.follow([sys.executable, "-m", "venv", "--clear", VENV], tell=tell)


def install(requirements: str, *, tell=lambda line: None):
    """Bring the environment in step with the file."""
    source = ["--no-index", "--find-links", WHEELS] if WHEELS.is_dir() else []
    processes.follow([PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off",
                      *source, "-r", ROOT / requirements], tell=tell)
    for file in _with_included(requirements):
        _stamp(file).write_text(digest(file))


def digest(requirements: str) -> str:
    """One digest of the file and of all files that it includes."""
    return sha256(b"".join((ROOT / file).read_bytes() for file in _with_included(requirements))).hexdigest()


def _with_included(requirements):
    lines = (ROOT / requirements).read_text().splitlines()
    included = [line.removeprefix("-r ").strip() for line in lines if line.startswith("-r ")]
    return [requirements, *(file for name in included for file in _with_included(name))]


def _stamp(requirements):
    return VENV / f".installed-{requirements}"


def _runs(code="pass"):
    """Whether the environment's Python starts; it does not after the system's Python was replaced."""
    try:
        return subprocess.run([PYTHON, "-c", code], capture_output=True).returncode == 0
    except OSError:
        return False


def main():
    requirements = sys.argv[1]
    if is_current(requirements):
        return
    print(f"Installing {requirements} …", flush=True)
    try:
        make()
        install(requirements)
    except processes.Failed as failed:
        sys.exit("\n".join([f"This failed: {failed}", *failed.tail]))


if __name__ == "__main__":
    main()
