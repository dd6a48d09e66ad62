"""What may be wrong or doubtful with a row: code, sentence, and what mends it."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

WRONG, DOUBT, WARNING, LEFT_OUT = "wrong", "doubt", "warning", "skipped"
# A row with one of these is not written.
FAULTS = (WRONG, DOUBT)


class Kind(NamedTuple):
    """`weight`: what becomes of the row; `grouped`: equal texts are mended together; `spans`: it depends on other rows."""

    weight: str
    sentence: str
    way_out: str
    grouped: bool = False
    spans: bool = False


PROBLEMS: dict[str, Kind] = {
    # A cell that cannot be read.
    "not_listed": Kind(WRONG, _("Not in the list of the column"), _("Choose what is meant."), True),
    "bad_date": Kind(WRONG, _("Not a date"), _("Write it as 2026-10-05."), True),
    "unclear_date": Kind(WRONG, _("The date can be read in two ways"), _("Choose which one is meant."), True),
    "month_without_day": Kind(WRONG, _("The day is missing"), _("Write the day, too, or choose the first or last one."), True),
    "bad_id": Kind(WRONG, _("The ID number cannot be right"), _("Compare it with the card, digit by digit.")),
    "id_lost_digits": Kind(
        WRONG, _("The spreadsheet cut the ID number"), _("Format the column as text, and type the numbers again.")
    ),
    "bad_phone": Kind(WRONG, _("The phone number cannot be right"), _("Correct it, or leave it empty.")),
    "bad_name": Kind(WRONG, _("The name cannot be right"), _("Correct the name.")),
    "bad_pay": Kind(WRONG, _("The pay cannot be read"), _("Write whole yuan a month, such as 4500."), True),
    "bad_persons": Kind(WRONG, _("The number of persons cannot be right"), _("Write a whole number, such as 12."), True),
    "bad_words": Kind(WRONG, _("The text cannot stay as it is"), _("Shorten it; write no ID number or phone into it.")),
    "unknown_village": Kind(WRONG, _("The village is unknown"), _("Choose the village."), True),
    "unclear_village": Kind(WRONG, _("Several villages have this name"), _("Choose the village."), True),
    "outside_scope": Kind(WRONG, _("The village does not belong to your office"), _("Leave these rows to its own office."), True),
    "unknown_place": Kind(WRONG, _("The destination is unknown"), _("Choose the place that is meant."), True),
    "vague_place": Kind(WRONG, _("The destination is too vague"), _("Say where exactly."), True),
    "unknown_broker": Kind(WRONG, _("The labor broker is unknown"), _("Register the broker first, or leave the cell empty."),
    True),
    "unknown_point": Kind(
        WRONG, _("The cooperation point is unknown"), _("Register it first, or leave the cell empty."), True
    ),
    "unclear_bearer": Kind(WRONG, _("Several have this name"), _("Enter the departure on the person's page."), True),
    # What is missing.
    "name_missing": Kind(WRONG, _("The name is missing"), _("Enter the name.")),
    "village_missing": Kind(WRONG, _("The village is missing"), _("Choose the village.")),
    "persons_missing": Kind(
        WRONG, _("The number of persons is missing"), _("Enter how many, or leave these rows out.")
    ),
    "id_missing": Kind(WRONG, _("Neither an ID number nor a reason why there is none"), _("Enter it, or say why it is missing.")),
    "start_missing": Kind(WRONG, _("The day of leaving is missing"), _("Enter the day or the month of leaving.")),
    "place_missing": Kind(WRONG, _("The destination is missing"), _("Enter where the work is.")),
    "unknown_person": Kind(
        WRONG, _("The ledger does not know this person"),
        _("Correct the ID number, or bring the sheet in as workers with their departures."),
    ),
    # Cells that do not go together.
    "cells_differ": Kind(WRONG, _("Two cells of the row do not agree"), _("Correct one of them, or leave it empty.")),
    "id_differs": Kind(WRONG, _("Sex or birth date differ from the ID number"), _("Correct one of them, or leave it empty.")),
    "birth_day_missing": Kind(WRONG, _("The day of birth is missing"), _("Enter the ID number or the whole birth date.")),
    "bad_birth": Kind(WRONG, _("The birth date cannot be right"), _("Check the year.")),
    "too_young": Kind(WRONG, _("Under 16 and not at work"), _("Leave these rows out.")),
    "relation_and_sex": Kind(WRONG, _("The relation does not fit the sex"), _("Correct one of them.")),
    "days_in_disorder": Kind(WRONG, _("The days are out of order"), _("Correct the days.")),
    "day_to_come": Kind(WRONG, _("The day is still to come"), _("Correct the day.")),
    "before_birth": Kind(WRONG, _("Left home before being born"), _("Correct the day or the ID number.")),
    "bearer_misfit": Kind(
        WRONG, _("Broker, cooperation point or agency do not fit the channel"), _("Correct the channel, or leave the name empty.")
    ),
    "bearer_stopped": Kind(WRONG, _("The broker or point had stopped before"), _("Correct the day, or leave the name empty.")),
    "broker_barred": Kind(
        WRONG, _("The labor broker is suspended or revoked"), _("Name another broker, or leave the name empty.")
    ),
    "public_post": Kind(WRONG, _("No public-welfare post can be there"), _("Correct the form of work or the destination.")),
    "end_missing": Kind(WRONG, _("A reason for coming home without the day"), _("Enter the day of the homecoming.")),
    # What the ledger says otherwise.
    "registered_elsewhere": Kind(WRONG, _("Registered in another place of the county"),
    _("Ask for the move, or correct the ID number.")),
    "died": Kind(WRONG, _("The ledger says that this person died"), _("Correct the ID number, or the ledger.")),
    "left_county": Kind(WRONG, _("The ledger says that this person left the county"), _("Register the person again on a page.")),
    "not_registered": Kind(WRONG, _("Not registered in the county on that day"), _("Correct the day.")),
    "overlap": Kind(
        WRONG, _("Another transfer is in the way"), _("Correct the days, or enter the homecoming first."), spans=True
    ),
    "not_out": Kind(WRONG, _("Nobody who is out for work"), _("Enter the departure, too."), spans=True),
    "second_head": Kind(WRONG, _("The household has a head already"), _("Correct the relation or the household.")),
    "second_spouse": Kind(WRONG, _("The head has a spouse already"), _("Correct the relation or the household.")),
    # What the actions of a register say.
    "refused": Kind(WRONG, _("The register does not take this row"), _("Correct the row, or leave it out.")),
    "bad_account": Kind(WRONG, _("The bank account cannot be right"), _("Compare it with the card, digit by digit.")),
    # What other rows of the file say.
    "twin": Kind(WRONG, _("The same person stands in another row"), _("Leave one of them out."), spans=True),
    "overlap_in_file": Kind(WRONG, _("Two rows of one person overlap"), _("Correct the days of one."), spans=True),
    "two_heads": Kind(WRONG, _("Two heads in one household"), _("Correct the relation or the household of one."), spans=True),
    "two_spouses": Kind(WRONG, _("Two spouses in one household"), _("Correct the relation or the household of one."), spans=True),
    # Who is meant?
    "other_name": Kind(DOUBT, _("The ledger has this ID number under another name"), _("Say whether the name is to be changed.")),
    "held_by_village": Kind(DOUBT, _("Registered in another village of your office"),
    _("A move is entered on the person's page.")),
    "namesake": Kind(DOUBT, _("Somebody in the village has this name, and the same birth date or phone"),
    _("Say whether it is one person.")),
    "namesake_in_file": Kind(DOUBT, _("Another row has this name and birth date"), _("Say whether it is one person."),
    spans=True),
    "by_name_only": Kind(DOUBT, _("Found by name alone"), _("Say whether it is this person.")),
    "id_ends_in_zeros": Kind(DOUBT, _("The ID number ends in three zeros"),
    _("A spreadsheet may have cut it; compare it with the card.")),
    "other_household": Kind(DOUBT, _("The ledger has this person in another household"),
    _("Say whether the household is to be changed.")),
    "other_status": Kind(DOUBT, _("The household has another poverty status"), _("End that one on the household's page first.")),
    "alike_group": Kind(
        DOUBT, _("The ledger has an unnamed group like this"), _("Say whether it is another one, or leave these rows out.")
    ),
    "twin_counts": Kind(
        DOUBT, _("Another row says the same of as many persons"), _("Say whether it is another group, or leave these rows out."),
        spans=True,
    ),
    "moved_meanwhile": Kind(
        DOUBT, _("The ledger changed after the file was read"),
            _("Bring the file in again; it is compared with the ledger as it is now.")
    ),
    # Worth a look; the row is taken.
    "id_place": Kind(WARNING, _("The first six digits of the ID number are no known place"), _("Compare it with the card.")),
    "odd_pay": Kind(WARNING, _("The pay looks odd"), _("Check that it is one month's, in yuan.")),
    "job_not_kept": Kind(WARNING, _("The job is not in the list, and is left empty"), _("Choose one of the list, if one fits.")),
    "status_not_kept": Kind(WARNING, _("A poverty status without a household"), _("Give the household number, too.")),
    "relation_not_kept": Kind(WARNING, _("A relation without a household"),
    _("Give the household number or the head's ID number, too.")),
    # Not a row of a person, or not wanted.
    "no_person": Kind(LEFT_OUT, _("No person in this row"), _("Sums, notes and repeated headings are left out.")),
    "left_out": Kind(LEFT_OUT, _("Left out by you"), _("It can be taken again.")),
}
# An officer answers a doubt in one of these ways.
TAKE, AS_NEW, KEEP = "take", "new", "keep"
