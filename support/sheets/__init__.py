"""Sheets of the small registers: brokers, members of the association, courses, payments.

`columns` lists what stands in them, `resources` says what a row is about and which action writes it, `desk` takes them
through the same pages as the ledger's sheets. `exporting` writes them out under the same headings.
"""
