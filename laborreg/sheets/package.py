"""A workbook of the .xlsx kind that is edited in place: parts that nobody opens to edit come out as they went in.

It knows zip and XML, sheets and links between parts; what a row or a formula is stands in `grid` and `growing`.
"""

import logging
import re
import zipfile
from contextlib import contextmanager
from functools import cached_property
from io import BytesIO
from posixpath import dirname, join, normpath
from xml.parsers import expat

from lxml import etree

from laborreg.sheets import archive, book, openxml
from laborreg.sheets.faults import MEGABYTE, NotTaken

logger = logging.getLogger(__name__)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MOST_CELLS, MOST_SHEETS = 100_000, 40
# A tree takes about 200 bytes for each element and for each attribute, so much that ten megabytes of file could fill a machine.
MOST_NODES, MOST_OF_ONE = 600_000, 500
# Letters of all formulas: a second or two to read them.
MOST_OF_FORMULAS = 2_000_000
LARGEST_TO_EDIT = 40 * MEGABYTE
WORKBOOK = "xl/workbook.xml"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORKSHEET = re.compile(rb"<(?:[\w.-]+:)?worksheet[\s/>]")
_PROTECTED = re.compile(rb"<(?:[\w.-]+:)?sheetProtection\b[^>]*\bsheet\s*=\s*[\"'](?:1|true)[\"']")
_FORMULAS = {"f", "formula", "formula1", "formula2", "definedName"}
# What stands in the workbook behind its sheets, before how it is calculated.
_BEFORE_CALCULATION = ["definedNames", "externalReferences", "functionGroups", "sheets"]


def q(name: str) -> str:
    """The qualified name of an element of a sheet."""
    return f"{{{MAIN}}}{name}"


def local(element) -> str:
    """The name without its space; "" for comments and instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def look(path):
    """Refuses what cannot be filled: any other file, and workbooks with macros, links to others, locks or no end.

    It walks through every part; callers hand it to `child.run`, `bare`.
    """
    _must_be_xlsx(path)
    with archive.opened(path) as found:
        _check_unpacked(found)
        counted = _Counted()
        for name in found.namelist():
            counted.add(found, name)
        extents, _short = openxml.measured(found)
        if sum(extent.cells for extent in extents.values()) > MOST_CELLS:
            raise NotTaken("too_many_cells", most=f"{MOST_CELLS:,}")
        if len(extents) > MOST_SHEETS:
            raise NotTaken("too_many_sheets", most=MOST_SHEETS)
        if any(archive.bare(name).startswith(("xl/externallinks/", "xl/connections")) for name in found.namelist()):
            raise NotTaken("linked")
        for name, part in openxml.sheets(found).items():
            if part and any(_PROTECTED.search(block) for block in archive.blocks(found, part)):
                raise NotTaken("protected", sheet=name)


def _must_be_xlsx(path):
    """Other kinds that are read elsewhere are not filled: what is no workbook at all hears of this one only."""
    try:
        kind = book.kind_of(path, "")
    except NotTaken as fault:
        if fault.code in ("type", "characters"):
            raise NotTaken("not_a_blank") from None
        raise
    if kind != "xlsx":
        raise NotTaken("not_xlsx")


def _check_unpacked(found):
    if sum(info.file_size for info in found.infolist()) > LARGEST_TO_EDIT:
        raise NotTaken("too_full")


class _Counted:
    """Elements, attributes and letters of formulas of every part that can become a tree; refused once they are too many."""

    def __init__(self):
        self.nodes, self.letters, self.is_formula = 0, 0, False

    def add(self, found, name):
        parser = expat.ParserCreate()
        parser.ordered_attributes, parser.buffer_text = True, True
        parser.StartElementHandler, parser.CharacterDataHandler = self._begins, self._says
        try:
            for block in archive.blocks(found, name):
                parser.Parse(block)
        except expat.ExpatError:
            # Notes that Excel drew are often no sound XML: they hold no more than they have such signs.
            self._grow(sum(block.count(b"<") + block.count(b"=") for block in archive.blocks(found, name)))

    def _begins(self, name, attributes):
        if len(attributes) // 2 > MOST_OF_ONE:
            raise NotTaken("too_full")
        self.is_formula = name.rpartition(":")[2] in _FORMULAS
        self._grow(1 + len(attributes) // 2)

    def _says(self, text):
        if self.is_formula:
            self._grow(0, len(text))

    def _grow(self, nodes, letters=0):
        self.nodes, self.letters = self.nodes + nodes, self.letters + letters
        if self.nodes > MOST_NODES or self.letters > MOST_OF_FORMULAS:
            raise NotTaken("too_full")


@contextmanager
def readable():
    """Whatever goes wrong inside is a damaged file: it holds what no office program writes."""
    try:
        yield
    except (ValueError, TypeError, AttributeError, LookupError, StopIteration, etree.LxmlError) as fault:
        logger.info("A workbook could not be edited: %s", type(fault).__name__)
        raise NotTaken("corrupt") from None


class Package:
    """The parts of a workbook by name, in the file's order; `tree` opens one to edit, `content` is the file anew."""

    def __init__(self, content: bytes):
        self._trees, self._raw = {}, {}
        self.removed, self.edited = set(), set()
        with archive.opened(BytesIO(content)) as found:
            _check_unpacked(found)
            if not archive.part_named(found, WORKBOOK):
                raise NotTaken("not_a_blank")
            openxml.check_kind(found)
            self._infos = found.infolist()
            for info in self._infos:
                # What is no XML comes out empty of the reader that refuses entities.
                name = info.filename
                self._raw[name] = archive.text_of(found, name) or archive.text_of(found, name, any_kind=True)
            self.sheets = {
                name: part for name, part in openxml.sheets(found).items()
                if part and _WORKSHEET.search(self._raw[part][:4096])
            }

    def names(self) -> list[str]:
        return [info.filename for info in self._infos if info.filename not in self.removed]

    def raw(self, name: str) -> bytes:
        """A part as it came."""
        return self._raw[name]

    def named(self, name: str) -> str | None:
        return next((found for found in self.names() if archive.bare(found) == archive.bare(name)), None)

    def tree(self, name: str):
        """The root of a part to read, or to edit: whoever changes it says so with `touch`."""
        if name not in self._trees:
            # Of what begins otherwise, no entity was looked for and nothing counted.
            if not archive.is_xml(self._raw[name][:4096]):
                raise NotTaken("corrupt")
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False)
            try:
                self._trees[name] = etree.fromstring(self._raw[name], parser)
            except etree.XMLSyntaxError:
                raise NotTaken("corrupt") from None
        return self._trees[name]

    def forget(self, name: str):
        """Lets go of the tree of a part that nobody edited."""
        if name not in self.edited:
            self._trees.pop(name, None)

    def touch(self, name: str):
        self.edited.add(name)

    def links(self, part: str) -> list[tuple[str, str]]:
        """(kind, name of the part) of what a part links to inside the package."""
        rels = self.named(join(dirname(part), "_rels", part.rpartition("/")[2] + ".rels"))
        if rels is None:
            return []
        inside = [link for link in self.tree(rels) if local(link) == "Relationship" and link.get("TargetMode") != "External"]
        found = [(link.get("Type", "").rpartition("/")[2], self._target(part, link)) for link in inside]
        return [(kind, name) for kind, name in found if name]

    def _target(self, part, link) -> str | None:
        target = (link.get("Target") or "").replace("\\", "/")
        return self.named(normpath(join("/", dirname(part), target)).lstrip("/"))

    @cached_property
    def strings(self) -> list:
        """The shared texts, as elements."""
        part = next((name for kind, name in self.links(self.workbook) if kind == "sharedStrings"), None)
        return list(self.tree(part)) if part else []

    @property
    def workbook(self) -> str:
        return self.named(WORKBOOK)

    @cached_property
    def formats(self) -> list[str]:
        """Style of a cell → the number format that it names; "" for one of those that every office program knows."""
        part = next((name for kind, name in self.links(self.workbook) if kind == "styles"), None)
        if part is None:
            return []
        root = self.tree(part)
        own = {each.get("numFmtId"): each.get("formatCode", "") for each in root.iter(q("numFmt"))}
        built_in = {"9": "0%", "10": "0.00%", "2": "0.00", "4": "#,##0.00"}
        styles = root.find(q("cellXfs"))
        return [(own | built_in).get(xf.get("numFmtId"), "") for xf in styles] if styles is not None else []

    def forget_calculation_order(self):
        """The list of cells with formulas, in the order in which they were calculated: office programs make it anew."""
        part = next((name for kind, name in self.links(self.workbook) if kind == "calcChain"), None)
        if part is None:
            return
        self.removed.add(part)
        rels = self.named("xl/_rels/workbook.xml.rels")
        self._drop(rels, lambda each: each.get("Type", "").endswith("/calcChain"))
        told = "/" + archive.bare(part)
        self._drop(self.named("[Content_Types].xml"), lambda each: archive.bare(each.get("PartName", "")) == told)

    def _drop(self, part, is_it):
        root = self.tree(part)
        for each in [each for each in root if isinstance(each.tag, str) and is_it(each)]:
            root.remove(each)
        self.touch(part)

    def calculate_on_load(self):
        """Whoever opens the workbook calculates every formula anew."""
        root = self.tree(self.workbook)
        found = root.find(q("calcPr"))
        if found is None:
            found = etree.Element(q("calcPr"))
            before = next(each for name in _BEFORE_CALCULATION if (each := root.find(q(name))) is not None)
            before.addnext(found)
        found.set("fullCalcOnLoad", "1")
        self.touch(self.workbook)

    def content(self) -> bytes:
        """The file: parts in their order, with their dates, those that nobody edited byte for byte."""
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
            for info in self._infos:
                if info.filename not in self.removed:
                    made.writestr(_alike(info), self._bytes(info.filename))
        return buffer.getvalue()

    def _bytes(self, name) -> bytes:
        if name not in self.edited:
            return self._raw[name]
        return etree.tostring(self._trees[name].getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def _alike(info) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(info.filename, info.date_time)
    made.compress_type = zipfile.ZIP_STORED if info.compress_type == zipfile.ZIP_STORED else zipfile.ZIP_DEFLATED
    made.external_attr, made.create_system = info.external_attr, info.create_system
    return made
