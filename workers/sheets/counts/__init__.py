"""Sheets of counts: one row says how many of a village are out, and becomes an unnamed group.

A county starts with these totals and fills in names later. File, columns, preview, repairs and the one transaction are
those of every sheet; here stands what is of groups alone: `desk` reads the rows, `judging` compares them with the ledger,
`taking` writes them, `undoing` takes them back.
"""
