"""Office files made by hand, part by part: as no office program would save them."""

import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NS = f'xmlns="{MAIN}" xmlns:r="{LINKS}"'
STYLES = "".join(f'<xf numFmtId="{n}"/>' for n in (0, 14, 31, 57, 10, 46))
CALC = "application/vnd.oasis.opendocument.spreadsheet"


def sheet(rows, before="") -> str:
    return f"<worksheet {NS}>{before}<sheetData>{rows}</sheetData></worksheet>"


def inline(text, at="A1") -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number, *cells) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def parts(rows="", *, strings="", workbook="", before="") -> dict[str, str | bytes]:
    """The parts of a workbook with one sheet, "S"."""
    links = [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")]
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{LINKS}/{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(links, 1)
    )
    return {
        "[Content_Types].xml":
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels":
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {NS}>{workbook}<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>',
        "xl/sharedStrings.xml": f"<sst {NS}>{strings}</sst>",
        "xl/styles.xml": f"<styleSheet {NS}><cellXfs>{STYLES}</cellXfs></styleSheet>",
        "xl/worksheets/sheet1.xml": sheet(rows, before),
    }


def packed(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def xlsx(folder, rows="", *, more=None, **about):
    return packed(folder / "book.xlsx", parts(rows, **about) | (more or {}))


def ods(folder, rows, *, more=None, mimetype=CALC):
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    hidden = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    content = (
        f"<office:document-content {spaces}>"
        f"<office:automatic-styles>{hidden}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{rows}</table:table>'
        f'<table:table table:name="H" table:style-name="ta2"><table:table-row>{ods_cell("h")}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    parts = {"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": manifest}
    return packed(folder / "book.ods", parts | (more or {}))


def ods_cell(text, attributes="") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def ods_row(*cells, times=1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def ole(*names) -> bytes:
    """A container whose directory holds these names; no more than what is looked at."""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *names))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries.ljust(512, b"\0")
