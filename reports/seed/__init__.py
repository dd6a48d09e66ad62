"""An invented county on real places: people, where they work, and the months that were reported of it.

`names`, `people`, `trades` and `journeys` invent; `office` sets up who works with the registry; `story` arranges the
village of the first five minutes; `recording` writes the ledger as the office came to know it; `months` files.
`county` leads them all.
"""
