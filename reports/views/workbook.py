"""The county's workbook as a download; written down in the audit trail, so it is asked for by POST."""

from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from laborreg.downloads import download as as_file
from officers import audit
from officers.pages import page
from reports.workbook import file_name, workbook
from villages.models import County


@page("export")
@require_POST
def download(request, county, month):
    county = get_object_or_404(County.objects.visible_to(request.user), pk=county)
    request.user.must("export", at=county)
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    content = workbook(county, month, language=language)
    audit.record_file(
        "exported", content, county, by=request.user, place=county.code, detail={"month": str(month), "language": language}
    )
    return as_file(content, file_name(county, month))
