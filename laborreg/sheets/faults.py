"""What is said of a file that is not taken: the fault, and the way out."""

from django.utils.translation import gettext_lazy as _l

from laborreg.refusals import Refusal

MEGABYTE = 1_000_000
LARGEST_FILE = 40 * MEGABYTE
LARGEST_UNPACKED = 300 * MEGABYTE
MOST_ROWS = 300_000
# Columns right of this hold nothing of ours; they are not read.
MOST_COLUMNS = 300


class NotTaken(Refusal):
    """A file that cannot be read. The sentence is made when it is shown, in the language of who reads it then."""

    def __init__(self, code: str, **about):
        Exception.__init__(self, code)
        self.code, self.about = code, about

    @property
    def message(self) -> str:
        return str(SENTENCES[self.code]) % ({"rows": f"{MOST_ROWS:,}", "size": LARGEST_FILE // MEGABYTE} | self.about)

    def __str__(self):
        return self.message

    def __reduce__(self):
        return _made_again, (self.code, self.about)


def _made_again(code, about):
    return NotTaken(code, **about)


# What it is, and what to do; "bomb" and "strict" are no words of an office.
SENTENCES = {
    "encrypted": _l("This file is locked with a password. Open it, remove the password, save it, then choose it again."),
    "xlsb": _l("This is a binary workbook (.xlsb). Open it, save it as an Excel workbook (.xlsx), then choose that file."),
    "macro": _l("This workbook holds macros. Open it, save it as an Excel workbook (.xlsx), then choose that file."),
    "strict": _l("This is a “Strict Open XML” workbook. Open it, save it as an Excel workbook (.xlsx), then choose that file."),
    "corrupt": _l("This file is damaged and cannot be read. Open it, save it again as .xlsx, then choose that file."),
    "empty": _l("There is nothing in this file. Check that you chose the right one."),
    "too_large": _l("This file is larger than %(size)s MB. Keep only the sheet that is needed, or send it in parts."),
    "too_long": _l("This sheet has more than %(rows)s rows. Split it, for instance by township, and choose one part at a time."),
    "bomb": _l(
        "This file grows too large when it is opened. Copy the rows that are needed into a new workbook, "
        "save it, then choose that one."
    ),
    "type": _l("This is not a spreadsheet. Files that can be read are .xlsx, .xls, .ods and .csv."),
    # Of workbooks that are filled in place.
    "not_xlsx": _l(
        "Only an Excel workbook (.xlsx) keeps its looks when it is filled. Open this file, save it as .xlsx, "
        "then choose that file."
    ),
    "linked": _l(
        "This workbook takes cells from another workbook or a data source. Open it, break the links (Data, Edit links), "
        "save it, then choose it again."
    ),
    "protected": _l(
        "The sheet “%(sheet)s” is protected. Open the workbook, take the protection off (Review, Unprotect sheet), save it, "
        "then choose it again."
    ),
    "too_many_cells": _l(
        "This workbook has more than %(most)s cells, many of them empty but with a border or color. "
        "Delete the empty rows and columns around the table, save it, then choose it again."
    ),
    "too_full": _l(
        "This workbook holds too much to be filled: too many cells, looks, page breaks or pictures. "
        "Copy the sheets that are needed into a new workbook, save it, then choose that one."
    ),
    "too_many_sheets": _l(
        "This workbook has more than %(most)s sheets. Delete those that are not filled, save it, then choose it again."
    ),
    "not_a_blank": _l("This is not an Excel workbook. What can be filled is a workbook saved as .xlsx by Excel or WPS."),
    "no_sheet": _l("This workbook has no sheet with cells, only charts. Choose the one that holds the table to be filled."),
    "formula": _l("The formula “%(formula)s” cannot be read. Mend it in the workbook, save it, then choose it again."),
    "merged_rows": _l(
        "Row %(row)s of the sheet “%(sheet)s” is merged with the row below it and cannot be repeated. "
        "Unmerge it, save the workbook, then choose it again."
    ),
    "html": _l(
        "This file is a web page under the name of a workbook. Open it in Excel or WPS, "
        "save it as an Excel workbook (.xlsx), then choose that file."
    ),
    "characters": _l("The characters of this text file cannot be read. Open it, save it as CSV UTF-8, then choose that file."),
    "quotes": _l(
        "In row %(row)s of this text file a quotation mark is not closed. "
        "Mend it there, or save the sheet as .xlsx, then choose that file."
    ),
}
