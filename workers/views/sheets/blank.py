"""An empty workbook to fill in."""

import io

from django.http import FileResponse, Http404

from officers.pages import page
from workers import codes
from workers.sheets import blank


@page("import sheets", scoped=False)
def sheet_template(request, kind):
    if kind not in dict(codes.SHEET_KINDS):
        raise Http404
    book = io.BytesIO()
    blank.write(book, kind)
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=f"{dict(codes.SHEET_KINDS)[kind]}.xlsx")
