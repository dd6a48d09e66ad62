"""Sheets of the small registers: brokers, members of the association, courses, payments.

`columns` lists what stands in them, `resources` says what a row is about and which action writes it, `desk` takes them
through the same pages as the ledger's sheets. `exporting` writes them out under the same headings.
"""


def join_the_wizard():
    """The kinds of sheets of this room among those that the wizard knows."""
    from support.sheets.columns import BROKERS, COLUMNS, COURSES, MEMBERS, NEEDED, PAYMENTS
    from support.sheets.desk import RegisterDesk, RegisterTaker
    from workers.sheets import columns
    from workers.sheets.kinds import KINDS, Kind

    powers = {
        BROKERS: ("register brokers", "brokers"), MEMBERS: ("keep branches", "association"),
        COURSES: ("check brokers", "courses"), PAYMENTS: ("pay brokers", "claims"),
    }
    for kind, (power, shown_at) in powers.items():
        columns.add(kind, COLUMNS[kind], needed=NEEDED[kind])
        KINDS[kind] = Kind(RegisterDesk, RegisterTaker, None, {"id_number", "name", "village"}, power, shown_at)
