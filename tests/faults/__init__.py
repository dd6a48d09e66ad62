"""What breaks on purpose, against a real server on a copy of the demo: each is a script, `python -m tests.faults.NAME`."""
