"""Files of places: what loads, what is refused and on which line, and that the same file changes nothing."""

import pytest
from django.core.management import CommandError, call_command

from officers import audit
from officers.models import AuditEvent
from villages import divisions
from villages.models import FROM_THE_START, County, CountySettings, Division, Township, Village

pytestmark = pytest.mark.django_db

HEADINGS = "code,name,level,kind,parent,name_latin"
GOOD = [
    HEADINGS,
    "63,青海省,province,,,Qinghai",
    "6301,西宁市,prefecture,,63,Xining City",
    "630121,大通回族土族自治县,county,,6301,Datong Hui and Tu Autonomous County",
    "630121100,桥头镇,township,,630121,Qiaotou Town",
    "630121100001,人民路南居委会,village,community,630121100,Renminlunan Community",
    "630121100200,大煤洞村委会,village,village,630121100,Dameidong Village",
    "630121100201,草原牧委会,village,herding,630121100,Caoyuan Herding Village",
]


@pytest.fixture
def load(tmp_path, capsys):
    def _load(lines, encoding="utf-8", end="\n"):
        content = lines if isinstance(lines, bytes) else end.join(lines).encode(encoding)
        file = tmp_path / "places.csv"
        file.write_bytes(content)
        call_command("load_places", str(file))
        return capsys.readouterr().out

    return _load


def changed(number, line):
    """The good file with another text on one line, counted as an editor counts."""
    lines = list(GOOD)
    lines[number - 1] = line
    return lines


def rows():
    return [list(model.objects.values()) for model in (Division, County, CountySettings, Township, Village)]


def test_datong_loads_whole(capsys):
    call_command("load_places", str(divisions.DATONG))
    assert (County.objects.count(), Township.objects.count(), Village.objects.count()) == (1, 20, 313)
    assert Village.objects.filter(kind__in=["village", "herding"], files_from=FROM_THE_START).count() == 289
    assert Village.objects.filter(kind="community", files_from=None).count() == 24
    assert capsys.readouterr().out == (
        "Counties 1, townships 20, villages and communities 313: 334 new, 0 changed, 0 as before.\n"
    )


def test_each_level_goes_where_it_belongs(load):
    load(GOOD)
    village = Village.objects.get(code="630121100200")
    assert (village.kind, village.short_name) == ("village", "大煤洞村")
    assert village.township.county.name == "大通回族土族自治县"
    assert Village.objects.get(code="630121100201").files_from == FROM_THE_START
    assert Village.objects.get(code="630121100001").files_from is None
    assert CountySettings.objects.get().county_id == "630121"


def test_the_same_file_twice_changes_nothing(load):
    load(GOOD)
    before = rows()
    assert "0 new, 0 changed, 5 as before" in load(GOOD)
    assert rows() == before
    assert AuditEvent.objects.filter(verb="loaded places").count() == 1


def test_a_new_name_is_taken_over_and_the_filing_stays(load):
    load(GOOD)
    Village.objects.filter(code="630121100001").update(files_from="2026-01")
    assert "0 new, 2 changed" in load([
        line.replace("大煤洞村委会", "煤洞村委会").replace("人民路南", "人民南路") for line in GOOD
    ])
    assert Village.objects.get(code="630121100200").name == "煤洞村委会"
    assert str(Village.objects.get(code="630121100001").files_from) == "2026-01"


def test_a_file_leaves_a_trail_in_each_county_that_it_changed(load):
    load(GOOD)
    event = AuditEvent.objects.get(verb="loaded places")
    assert (event.county_code, event.detail["new"], len(event.detail["sha256"])) == ("630121", 5, 64)
    assert audit.first_fault("630121") is None


def test_several_counties_in_one_file_and_in_one_database(load):
    load(GOOD)
    load([*GOOD[:3], "630123,湟源县,county,,6301,", "630123100,城关镇,township,,630123,",
          "632221,门源回族自治县,county,,6322,", "632221100,浩门镇,township,,632221,"])
    assert list(Township.objects.values_list("county_id", flat=True)) == ["630121", "630123", "632221"]
    assert CountySettings.objects.count() == 3


def test_a_file_may_bring_villages_alone_once_the_township_is_known(load):
    load(GOOD)
    load([HEADINGS, "630121100202,元树尔村委会,village,village,630121100,"])
    assert Village.objects.get(code="630121100202").township_id == "630121100"


def test_divisions_that_the_national_list_lacks_are_added(load):
    load([HEADINGS, "6399,新设市,prefecture,,63,Xinshe City", "639901,新设区,county,,6399,"])
    assert Division.objects.get(code="6399").name == "新设市"
    assert divisions.division_name("639901") == "新设区"
    assert Division.objects.get(code="63").name == "青海省"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends_of_spreadsheets(load, encoding, end):
    load([*GOOD, "", ",,,,,"], encoding, end)
    assert Village.objects.get(code="630121100200").name == "大煤洞村委会"


def test_headings_in_another_order_and_full_width_digits(load):
    load(["Name, code,level,kind,parent,name_latin", "湟源县,６３０１２３,county,,６３０１,"])
    assert County.objects.get().code == "630123"


def test_what_is_no_committee_files_like_a_community(load):
    load([*GOOD, "630121100500,场部生活区,village,other,630121100,"])
    village = Village.objects.get(code="630121100500")
    assert (village.kind, village.files_from) == ("community", None)


@pytest.mark.parametrize(("lines", "words"), [
    (changed(4, "63012,大通,county,,6301,"), "line 4: “63012” is not a code of this level (county): it must have"),
    (changed(7, "63012110020A,大煤洞,village,village,630121100,"), "line 7: “63012110020A” is not a code"),
    (changed(7, "6.30121E+11,大煤洞,village,village,630121100,"), "line 7: “6.30121E+11” is not a code"),
    (changed(7, "63012110020²,大煤洞,village,village,630121100,"), "line 7: “63012110020²” is not a code"),
    (changed(5, "630121100,桥头镇,township,,630123,"), "line 5: The parent of 630121100 must be “630121”, not"),
    (changed(5, "630121100,桥头镇,township,,,"), "line 5: The parent of 630121100 must be “630121”, not “”"),
    (changed(2, "63,青海省,province,,86,"), "line 2: The parent of 63 must be “”, not “86”"),
    (changed(5, "630121101,城关镇,township,,630121,"), "line 6: 630121100, the parent of 630121100001, stands"),
    (changed(4, "639921,某县,county,,6399,"), "line 4: 6399, the parent of 639921, stands neither"),
    (changed(8, GOOD[6]), "line 8: 630121100200 stands on line 7 already"),
    (changed(6, "630121100001, ,village,community,630121100,"), "line 6: The name is missing"),
    (changed(6, "630121100001,人\x07民,village,community,630121100,"), "line 6: The name holds a character"),
    (changed(6, f"630121100001,{'人' * 61},village,community,630121100,"), "line 6: The name is too long"),
    (changed(6, "630121100001,人民,hamlet,community,630121100,"), "line 6: “hamlet” is not a level"),
    (changed(6, "630121100001,人民,village,town,630121100,"), "line 6: “town” is not a kind of village"),
    (changed(6, "630121100001,人民,village,,630121100,"), "line 6: “” is not a kind of village"),
    (changed(5, "630121100,桥头镇,township,village,630121,"), "line 5: “village” is not a kind of this level"),
    (changed(6, "630121100001,人民,village"), "line 6: This line has 3 cells; 6 are expected"),
    (changed(6, GOOD[5] + ",more"), "line 6: This line has 7 cells"),
    (changed(1, "code;name;level;kind;parent;name_latin"), "line 1: The columns must be"),
    (changed(1, "code,name,level,kind,parent"), "line 1: The columns must be"),
    (GOOD[1:], "line 1: The columns must be"),
    (["", "", "code,name"], "line 3: The columns must be"),
    ([""], "line 1: The file is empty"),
    (b"", "line 1: The file is empty"),
    (b"\xff\xff\xff", "line 1: The file is neither UTF-8 nor GBK"),
    ([*GOOD[:6], "", "", changed(7, "630121100200,,village,village,630121100,")[6]], "line 9: The name is missing"),
    ([*GOOD[:4], '630121100,"桥头\n镇",township,,630121,', "x,y,z,,,"], "line 5: The name holds"),
    ([*GOOD[:4], '630121100,"桥头\n镇",township,,630121,', "x,y,z,,,"], "line 7: “z” is not a level"),
])
def test_a_bad_line_is_named_and_nothing_is_loaded(load, lines, words):
    before = rows()
    with pytest.raises(CommandError) as refused:
        load(lines)
    assert words in str(refused.value)
    assert rows() == before
    assert not AuditEvent.objects.exists()


def test_all_bad_lines_are_named_up_to_a_limit(load):
    with pytest.raises(CommandError) as refused:
        load([*GOOD, *["1,,x,,,"] * 25])
    assert str(refused.value).count("line ") == 20
    assert str(refused.value).endswith("and 5 more")


def test_a_file_that_is_not_there():
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_places", "/nowhere/places.csv")
