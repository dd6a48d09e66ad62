"""What goes wrong on a real server, made to happen: scripts that need minutes, each run by hand, `python -m tests.faults.NAME`.

Each ends with lines `ID  figure  pass|FAIL`, and with status 1 if one failed.
"""
