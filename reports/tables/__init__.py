"""Any table: how many, by what is written on the lines of a month or in the ledger today.

`dimensions` and `measures` are the allow-lists, `sources` the two places that are counted, `counting` the one
statement that counts, `asking` reads a question from a form or a file, `showing` lays the answer out.
"""
