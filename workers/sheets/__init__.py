"""The ledger's own sheets: from a matched file to a preview, from a preview to the ledger, and out again.

What a StagedRow holds
----------------------

`cells`     the row as text, place by place; ID numbers masked; columns that nobody matched stand empty.
`values`    one flat object; a key is missing where nothing was said. An empty cell never erases what is known.

    every column of workers.sheets.columns that was filled, under its name, as JSON: codes as codes, days as
    "2026-03-01", money as whole yuan, yes and no as true and false (contract and insurance as the ledger has them,
    "yes" and "no"). Besides:
    village          12 digits, always, also where the sheet has no such column
    id_index, id_last4_index, id_cipher, id_key    instead of the ID number: indexes, cipher in base64, version of its
                     key. Where the number cannot be right there is no index, and the cipher holds what was typed.
    head_id_index, head_id_cipher, head_id_key    the same of the head's ID
    sex, birth_date  also where only the ID number tells them
    household        number of a household of the ledger
    household_key    rows of one new household have the same one; the one whose relation is "head" starts it
    status, status_from    poverty flag of the household
    broker, point    numbers of rows, not names
    month_only       true where only the month of leaving is known; `started_on` is then its first day
    pay_band         also where only the pay tells it, as one sum or as a range within the band
    group_name       also where it stands behind the name of the village; a row of counts has it in its note
    person           "new", "changed" or "same"; a changed one is `worker_number` at `worker_version`
    trip             "new", "home" (ends the open transfer), "changed", "same"; missing where the row tells of none
    transfer, transfer_version    the transfer that is ended, changed or the same
    after            number of a row further down that ends the transfer in the way of this one; written after it
    decided          what the officer said of the row: {code of a doubt: "take", "new" or "keep"}, {"left_out": true},
                     {"said": {name of a column that the sheet does not have: text}}; {"no_person": true} of a sum or note

    verdict          wrong and doubt rows are not written, same ones change nothing, skipped ones were left out; only "new" and
                     "changed" go into the ledger. Several rows of a ledger may bring one new person, each with another
                     transfer: all say "new", and the first that is written registers the person.

    group, seen      kind groups: number of the group of the ledger that is the same; of those that are alike

    kind workers: never `trip`. kind transfers: `person` is always "same". kind ledger: both; `note` is the person's,
    `work_note` the transfer's. kind groups: neither; everything is the group's.

`changes`   of what the ledger has otherwise: {name of our column: [old, new]}, of the person, the household
            ("household": [number of its row or null, new number, null for one to be begun], "status": ["", new kind]),
            the phone ([the newest so far, masked, one more]), an ID number that was missing (["", masked]), and of a
            transfer that is ended or changed.
`problems`  [[name of our column or "", code, words, text found]], the weightiest first; `problem` is its code.
`normalized`    [[name of our column, from, to]]
"""
