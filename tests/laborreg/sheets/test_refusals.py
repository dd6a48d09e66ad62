"""Whatever file comes gets an answer that names the fault and the way out, and shows nothing of our inside."""

import re

import pytest
from django.utils.translation import override

from laborreg.sheets import book, faults
from laborreg.sheets.faults import NotTaken
from tests.laborreg.sheets import builders
from tests.laborreg.sheets.builders import inline, row

ONE = row(1, inline("姓名"))


def refused(path, name="file.xlsx") -> str:
    with pytest.raises(NotTaken) as caught:
        book.inspect(path, name)
    return caught.value.code


def written(folder, content: bytes):
    path = folder / "file"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty"),
    (b" \r\n\t\n", "empty"),
    (b"%PDF-1.7\n%\xe2\xe3", "type"),
    (b"\x89PNG\r\n\x1a\n", "type"),
    (b"\xff\xd8\xff\xe0JFIF", "type"),
    (b"Rar!\x1a\x07\0", "type"),
    (b"\0\1\2\3" * 900, "type"),
    (b"a,b\n1,\0\n", "type"),
    (b"\n<html><table><tr><td>1", "html"),
    (b"\xef\xbb\xbf<!DOCTYPE html><table>", "html"),
    (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "html"),
    (b"MIME-Version: 1.0\nContent-Type: multipart/related", "html"),
    (b"PK\3\4 and nothing behind it", "corrupt"),
    (b"PK\5\6" + bytes(18), "type"),
    (b"name,\xe9\xff,1", "characters"),
    ('姓名,村\n"张三,上村\n李四,下村\n'.encode(), "quotes"),
    (builders.ole("EncryptionInfo", "EncryptedPackage"), "encrypted"),
    (builders.ole("Workbook", "_VBA_PROJECT_CUR"), "macro"),
    (builders.ole("WordDocument"), "type"),
    (builders.ole("Workbook"), "corrupt"),
])
def test_files_that_are_no_archive(tmp_path, content, code):
    assert refused(written(tmp_path, content)) == code


@pytest.mark.parametrize(("more", "code"), [
    ({"xl/workbook.bin": b"\x83"}, "xlsb"),
    ({"xl/vbaProject.bin": b"\xd0\xcf"}, "macro"),
    ({"customUI/vbaproject.BIN": b"\xd0\xcf"}, "macro"),
    ({"xl/macrosheets/sheet1.xml": "<m/>"}, "macro"),
    ({"[Content_Types].xml": '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'},
     "macro"),
    ({"xl/workbook.xml": '<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main" conformance="strict"/>'}, "strict"),
    ({"xl/workbook.xml": "<workbook"}, "corrupt"),
    ({"xl/_rels/workbook.xml.rels": "nothing"}, "corrupt"),
    ({"xl/worksheets/sheet1.xml": builders.sheet("<row r='1'><c r='A1' t='s'><v>9</v></c></row>")}, "corrupt"),
    ({"xl/worksheets/sheet1.xml": builders.sheet("")}, "empty"),
    ({"xl/worksheets/sheet1.xml": builders.sheet(ONE).encode("utf-16")}, "corrupt"),
    ({"xl/worksheets/sheet1.xml": '<?xml version="1.0" encoding="gb2312"?>' + builders.sheet(ONE)}, "corrupt"),
    ({"../../evil.xml": "<a/>"}, "corrupt"),
    ({"/etc/cron.d/evil": "x"}, "corrupt"),
    ({"..\\evil.xml": "<a/>"}, "corrupt"),
    ({"C:\\evil.xml": "<a/>"}, "corrupt"),
    ({"xl/WORKBOOK.xml": "<workbook/>"}, "corrupt"),
    ({"docProps/app.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "bomb"),
    ({"xl/theme.xml": "<a>" + " " * (1 << 20) + "<!entity b SYSTEM 'file:///etc/passwd'></a>"}, "bomb"),
])
def test_workbooks_of_other_kinds_and_broken_ones(tmp_path, more, code):
    assert refused(builders.xlsx(tmp_path, ONE, more=more)) == code


@pytest.mark.parametrize(("about", "code"), [
    ({"mimetype": "application/vnd.oasis.opendocument.text"}, "type"),
    ({"more": {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}}, "encrypted"),
    ({"more": {"Basic/Standard/Module1.xml": "<module/>"}}, "macro"),
    ({"more": {"styles.xml": "<!DOCTYPE a><a/>"}}, "bomb"),
    ({"more": {"content.xml": "<office"}}, "corrupt"),
])
def test_open_documents(tmp_path, about, code):
    assert refused(builders.ods(tmp_path, builders.ods_row(builders.ods_cell("x")), **about)) == code


def test_an_open_document_that_ends_within_a_table(tmp_path):
    path = builders.ods(tmp_path, builders.ods_row(builders.ods_cell("x")))
    content = builders.zipfile.ZipFile(path).read("content.xml").decode()
    for broken in (content.replace("</table:table>", ""), content.split("</table:table-row>")[0]):
        assert refused(builders.ods(tmp_path, "", more={"content.xml": broken})) == "corrupt"


def test_a_word_document_or_a_bare_archive_is_no_spreadsheet(tmp_path):
    parts = {"word/document.xml": "<w/>", "[Content_Types].xml": "<Types/>"}
    assert refused(builders.packed(tmp_path / "a.docx", parts)) == "type"
    inner = builders.xlsx(tmp_path, ONE).read_bytes()
    assert refused(builders.packed(tmp_path / "b.xlsx", {"inner.xlsx": inner})) == "type"


def test_an_archive_that_is_locked(tmp_path):
    content = bytearray(builders.xlsx(tmp_path, ONE).read_bytes())
    at = content.find(b"PK\1\2")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\1\2", at + 1)
    assert refused(written(tmp_path, bytes(content))) == "encrypted"


def test_a_damaged_part_is_found_by_its_checksum_wherever_it_lies(tmp_path):
    content = builders.xlsx(tmp_path, "".join(row(n, inline(f"甲{n * 7919}", f"A{n}")) for n in range(1, 400))).read_bytes()
    for at in (1700, 2000, 2400):
        assert refused(written(tmp_path, content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])) in ("corrupt", "bomb")
    assert refused(written(tmp_path, content[: len(content) // 2])) == "corrupt"


def test_what_is_in_the_file_counts_and_not_its_name(tmp_path):
    assert book.kind_of(builders.xlsx(tmp_path, ONE), "people.csv") == "xlsx"
    assert book.kind_of(written(tmp_path, "姓名,村".encode()), "people.xlsx") == "csv"
    assert refused(written(tmp_path, b"%PDF-1.4"), "people.xlsx") == "type"


def test_a_file_over_forty_megabytes_is_not_opened(tmp_path):
    path = tmp_path / "large"
    with open(path, "wb") as file:
        file.truncate(faults.LARGEST_FILE + 1)
    assert refused(path) == "too_large"


def test_more_rows_than_are_taken(tmp_path):
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, faults.MOST_ROWS + 2))
    assert refused(builders.xlsx(tmp_path, rows)) == "too_long"
    assert refused(written(tmp_path, b"1,2\n" * (faults.MOST_ROWS + 1))) == "too_long"


@pytest.mark.parametrize("code", sorted(faults.SENTENCES))
def test_every_sentence_is_whole_and_shows_no_internals(code):
    sentence = str(NotTaken(code, row=7, sheet="表一", most="100", formula="=A1"))
    assert sentence.endswith(".") and len(sentence) > 40
    assert not re.search(r"%\(|Error|Exception|zip|XML|/tmp|calamine|None", sentence.replace("Strict Open XML", ""))


def test_the_sentence_is_said_in_the_language_of_its_reader():
    import pickle

    fault = pickle.loads(pickle.dumps(NotTaken("quotes", row=7)))
    with override("en"):
        assert str(fault).startswith("In row 7 of this text file")
    assert fault.code == "quotes"
