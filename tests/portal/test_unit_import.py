"""A file of units is imported wholly or not at all, and everything that is wrong with it is said at once."""

import codecs
import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tera.portal.offices.exchange import writing
from tera.portal.offices.exchange.drafts import Reach
from tera.portal.offices.exchange.plan import Plan
from tera.portal.offices.exchange.planning import plan_of
from tera.portal.offices.importing import carry_out
from tera.portal.offices.queries import load_tree
from tera.portal.offices.wording import told
from tera.portal.units import actions, giving
from tera.portal.units.models import Code, Place, Service, Unit, Version
from tera.portal.units.queries import ids_below, line_above, version_of
from tests.portal.conftest import office
from tests.portal.ministry import HEADER, REGIONS, UNITS, as_csv, as_workbook, line, ministry

TODAY, JULY = date(2026, 11, 29), date(2027, 7, 1)

# Rows in which nothing is wrong of itself, and rows with one fault each: its column, its kind.
SOUND = [
    line("dua", "kanwil", **{"kode:satker": "222"}),
    line("esok", "kanwil", Mulai="2027-01-01"),
    line("f-14", "f-13"),
    line(
        "kanwil",
        Nama="Kanwil Kalbar",
        Jenis="KANWIL",
        **{"Nama Singkat": "Kanwil Kalbar", "kode:satker": "333"},
    ),
]
PLANTED = [
    ("Kode", "missing", line("", "kanwil", Nama="Tanpa kode")),
    ("Kode", "bad-slug", line("Kantor Baru", "kanwil")),
    ("Kode", "long", line("a" * 51, "kanwil")),
    ("Kode", "unit-twice", line("dua", "kanwil")),
    ("Kode", "reserved-slug", line("gabung", "kanwil")),
    ("Nama", "missing", line("f-1", "kanwil", Nama="")),
    ("Nama", "long", line("f-2", "kanwil", Nama="n" * 201)),
    ("Nama Singkat", "missing", line("f-3", "kanwil", **{"Nama Singkat": "  "})),
    ("Nama Singkat", "long", line("f-4", "kanwil", **{"Nama Singkat": "n" * 81})),
    ("Jenis", "missing", line("f-5", "kanwil", Jenis="")),
    ("Jenis", "bad-kind", line("f-6", "kanwil", Jenis="KANTIN")),
    ("Kelas", "long", line("f-7", "kanwil", Kelas="k" * 61)),
    ("Zona", "missing", line("f-8", "kanwil", Zona="")),
    ("Zona", "bad-zone", line("f-9", "kanwil", Zona="GMT+7")),
    ("Induk", "parent-unknown", line("f-10", "kanwil-x")),
    ("Induk", "parent-later", line("f-11", "esok")),
    ("Induk", "parent-ended", line("f-12", "tutup")),
    ("Induk", "circle", line("f-13", "f-14")),
    ("Mulai", "bad-day", line("f-15", "kanwil", Mulai="31/2/2027")),
    ("Mulai", "bad-day", line("f-16", "kanwil", Mulai="Juli")),
    ("Mulai", "past", line("sambas", "kanwil", Mulai="2026-11-28")),
    ("Mulai", "planned", line("kelak", "kanwil", Nama="Lain")),
    ("Layanan", "bad-service", line("f-17", "kanwil", Layanan="PASPOR")),
    ("Layanan", "bad-service-code", line("f-18", "kanwil", Layanan="PAS POR=Paspor")),
    ("Layanan", "long-first", line("f-19", "kanwil", Layanan=f"{'P' * 33}=Paspor")),
    ("Layanan", "long-second", line("f-20", "kanwil", Layanan=f"PASPOR={'p' * 121}")),
    ("Layanan", "services-twice", line("f-21", "kanwil", Layanan="P=Paspor; P=Paspor kilat")),
    ("Tempat", "bad-place", line("f-22", "kanwil", Tempat="|Jalan 1")),
    ("Tempat", "long-first", line("f-23", "kanwil", Tempat="t" * 121)),
    ("Tempat", "long-second", line("f-24", "kanwil", Tempat=f"Kantor|{'j' * 301}")),
    ("Tempat", "places-twice", line("f-25", "kanwil", Tempat="Kantor; Kantor|Jalan 1")),
    ("kode:satker", "long", line("f-26", "kanwil", **{"kode:satker": "1" * 41})),
    ("kode:satker", "code-taken", line("f-27", "kanwil", **{"kode:satker": "111"})),
    ("kode:satker", "code-twice", line("f-28", "kanwil", **{"kode:satker": "222"})),
    ("Kelas", "error-cell", line("f-29", "kanwil", Kelas="#N/A")),
    ("Nama", "formula", line("f-30", "kanwil", Nama="=A1")),
    ("Nama", "bad-letters", line("f-31", "kanwil", Nama="Kantor \x00")),
]


def planned(content: bytes, today: date = TODAY, reach: Reach | None = None) -> Plan:
    return plan_of(content, load_tree(), today, reach)


def imported(content: bytes, today: date = TODAY) -> Plan:
    plan = planned(content, today)
    assert plan.findings == ()
    carry_out(plan, today)
    return plan


def why(plan: Plan) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.why) for each in plan.findings]


def rows_in_database() -> list[int]:
    return [model.objects.count() for model in (Unit, Version, Code, Service, Place)]


@pytest.mark.django_db
def test_a_ministry_of_a_thousand_units(django_assert_max_num_queries: Any) -> None:
    content = as_workbook(ministry())
    with django_assert_max_num_queries(6):
        plan = planned(content)
    assert (len(plan.beginnings), len(plan.changes), plan.unchanged) == (UNITS, 0, 0)
    with django_assert_max_num_queries(160):
        carry_out(plan, TODAY)
    below = UNITS - REGIONS - 1
    assert rows_in_database() == [UNITS, UNITS, below, 2 * below, below]
    top = Unit.objects.get(slug="kementerian")
    assert len(ids_below([top.pk], TODAY)) == UNITS - 1
    unit = Unit.objects.get(slug="unit-66")
    assert line_above(unit, date(2020, 1, 1)) == [Unit.objects.get(slug="kanwil-1").pk, top.pk]
    assert (unit.kind, unit.grade, unit.zone) == ("KANIM", "II TPI", "Asia/Jakarta")
    assert [str(code) for code in unit.codes.all()] == ["satker:400066"]
    assert planned(content).unchanged == UNITS


@pytest.mark.django_db
@pytest.mark.parametrize("write", [writing.as_csv, writing.as_workbook])
def test_what_was_exported_changes_nothing_and_grows_the_same_tree_again(write: Any) -> None:
    imported(as_workbook(ministry(60)))
    unit, other = Unit.objects.get(slug="unit-5"), Unit.objects.get(slug="kanwil-2")
    actions.change(unit, TODAY, today=TODAY, parent=other, name="Kantor; lain, 'baru'")
    actions.change(other, TODAY, today=TODAY, name="Kanwil dengan nama baru")
    tree = load_tree()
    exported = write(writing.rows(tree, tree, TODAY))
    plan = planned(exported)
    assert (plan.findings, plan.is_idle, plan.unchanged) == ((), True, 60)
    again = plan_of(exported, {}, TODAY)
    assert (again.findings, len(again.beginnings)) == ((), 60)
    assert {each.slug: each.on for each in again.beginnings}["unit-5"] == TODAY


def test_a_file_is_read_whatever_program_wrote_it() -> None:
    rows = [line("kementerian", Nama="Kantor é"), line("unit-1", "kementerian")]
    spelt = ["KODE", " Nama  Unit ", "nama_singkat", "Tipe", "kelas", "Zona Waktu", "Atasan", "mulai"]
    header = [*spelt, "Layanan", "Tempat", "Kode: Satker"]
    plain = plan_of(as_csv(*rows), {}, TODAY)
    assert plain.findings == ()
    texts = as_csv(*rows, header=header, mark=";").decode()
    for content in (
        codecs.BOM_UTF8 + texts.encode(),
        codecs.BOM_UTF16_LE + texts.encode("utf-16-le"),
        f"sep=;\r\n{texts}".encode(),
        as_csv(*rows, mark="\t"),
        as_workbook(rows),
    ):
        read = plan_of(content, {}, TODAY)
        assert read.findings == ()
        assert [each.state for each in read.beginnings] == [each.state for each in plain.beginnings]


def test_a_column_that_nobody_asked_for_is_named() -> None:
    content = as_csv([*line("a"), "x"], header=[*HEADER, "Catatan"])
    assert plan_of(content, {}, TODAY).ignored == ("Catatan",)


@pytest.mark.django_db
def test_what_changes_is_named_field_by_field_and_begins_on_its_day(kanwil: Unit, sambas: Unit) -> None:
    kaltim = office("kaltim", "Kanwil Kaltim", "KANWIL")
    content = as_csv(
        line(
            "sambas",
            "kaltim",
            Nama="Kanim Sambas",
            **{"Nama Singkat": "Sambas"},
            Mulai="1 Juli 2027",
            Layanan="PASPOR=Paspor biasa",
            Tempat="Kantor|Jalan 1",
        )
    )
    plan = planned(content)
    assert [(each.field, each.old, each.new) for each in plan.changes[0].differences] == [
        ("short_name", "Kanim Sambas", "Sambas"),
        ("parent", "kanwil", "kaltim"),
        ("services", "PASPOR=Paspor", "PASPOR=Paspor biasa"),
        ("places", "", "Kantor|Jalan 1"),
    ]
    carry_out(plan, TODAY)
    assert line_above(sambas, JULY - timedelta(days=1)) == [kanwil.pk]
    assert line_above(sambas, JULY) == [kaltim.pk]
    held = sambas.services.order_by("valid_from").values_list("name", "valid_until")
    assert list(held) == [("Paspor", JULY), ("Paspor biasa", date.max)]
    assert planned(content).is_idle


@pytest.mark.django_db
def test_an_office_and_the_one_below_it_change_places(kanwil: Unit, sambas: Unit) -> None:
    rows = [line("kanwil", "sambas", Jenis="KANWIL"), line("sambas", "")]
    imported(as_csv(*rows))
    assert line_above(kanwil, TODAY) == [sambas.pk]
    assert line_above(sambas, TODAY) == []


@pytest.mark.django_db
def test_two_units_exchange_their_codes(sambas: Unit, lapas: Unit) -> None:
    actions.give_code(sambas, "satker", "1", date.min)
    actions.give_code(lapas, "satker", "2", date.min)
    imported(
        as_csv(
            line("sambas", "kanwil", **{"kode:satker": "2"}),
            line("lapas", "kanwil", **{"kode:satker": "1"}),
            line("baru-1", "1", Mulai="2026-11-29"),
        )
    )
    assert [str(code) for code in sambas.codes.filter(valid_until=date.max)] == ["satker:2"]
    assert version_of(Unit.objects.get(slug="baru-1"), TODAY).parent == lapas  # type: ignore[union-attr]


@pytest.mark.django_db
def test_thirty_seven_faults_are_thirty_seven_findings_and_nothing_changes(
    kanwil: Unit, sambas: Unit, lapas: Unit
) -> None:
    past = office("tutup", "Kantor Tutup", "KANIM", kanwil)
    actions.end(past, TODAY + timedelta(days=1), today=TODAY)
    renamed = office("kelak", "Kantor Kelak", "KANIM", kanwil)
    actions.change(renamed, JULY, today=TODAY, name="Kantor Nanti")
    actions.give_code(lapas, "satker", "111", date.min)
    rows = [*SOUND, *(row for _, _, row in PLANTED)]
    before = rows_in_database()
    plan = planned(as_csv(*rows))
    first = len(SOUND) + 2
    expected = [(first + at, column, fault) for at, (column, fault, _) in enumerate(PLANTED)]
    circle = expected.index((first + 17, "Induk", "circle"))
    expected.insert(0, (4, *expected.pop(circle)[1:]))  # it is told at the first row of the circle
    assert len(PLANTED) == 37
    assert why(plan) == expected
    assert rows_in_database() == before
    with pytest.raises(ValueError, match="findings"):
        carry_out(plan, TODAY)


@pytest.mark.django_db
def test_faults_of_the_header_are_told_with_those_of_the_rows() -> None:
    header = ["Kode", "Nama", "Nama", "Jenis", "Zona", "Induk", "kode:sat ker"]
    plan = planned(as_csv(["a", "A", "A", "KANTIN", "WIB", "", "1", "x"], header=header))
    assert why(plan) == [
        (1, "Nama", "column-twice"),
        (1, "kode:sat ker", "bad-scheme"),
        (1, "nama singkat", "column-missing"),
        (2, "Jenis", "bad-kind"),
        (2, "(8)", "outside"),
    ]


@pytest.mark.django_db
def test_a_circle_that_a_planned_move_would_close_is_found(kanwil: Unit, sambas: Unit) -> None:
    other = office("lain", "Kantor Lain", "KANIM")
    actions.change(other, JULY, today=TODAY, parent=sambas)
    assert why(planned(as_csv(line("kanwil", "lain", Jenis="KANWIL")))) == [(2, "Induk", "circle")]


@pytest.mark.django_db
def test_a_unit_that_is_no_more_does_not_come_back(sambas: Unit) -> None:
    actions.end(sambas, JULY, today=TODAY)
    rows = line("sambas", "kanwil")
    assert why(planned(as_csv(rows), JULY)) == [(2, "Kode", "ended")]
    assert why(planned(as_csv(rows))) == [(2, "Kode", "ends")]


@pytest.mark.django_db
def test_nobody_imports_beyond_their_reach(kanwil: Unit, sambas: Unit, lapas: Unit) -> None:
    content = as_csv(
        line("sambas", "kanwil"), line("lapas", "kanwil"), line("baru-1", "kanwil"), line("baru-2")
    )
    reach = Reach({"lapas"})
    assert why(planned(content, reach=reach)) == [
        (2, "Kode", "not-yours"),
        (4, "Induk", "not-yours"),
        (5, "Induk", "not-yours-root"),
    ]


def packed(name: str, size: int) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(name, b"0" * size)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "file-empty"),
        (b" \r\n", "file-empty"),
        (b"x" * 1_000_001, "file-large"),
        (packed("xl/workbook.xml", 40_000_000), "file-large"),
        (packed("xl/workbook.xml", 400), "file-unreadable"),
        (b"\xd0\xcf\x11\xe0old", "file-unreadable"),
        (b'kode,nama\r\n"a', "file-unreadable"),
        (as_csv(*[["a"]] * 5001), "file-long"),
        (as_csv(), "file-no-rows"),
    ],
    ids=["empty", "blank", "large", "bomb", "no workbook", "old", "open quote", "long", "no rows"],
)
def test_a_file_that_cannot_be_used_is_one_finding(content: bytes, fault: str) -> None:
    assert why(plan_of(content, {}, TODAY)) == [(0, "", fault)]


@pytest.mark.django_db
def test_services_end_and_begin_on_their_day(sambas: Unit) -> None:
    giving.let_services(sambas, {"PASPOR": "Paspor", "IZIN": "Izin tinggal"}, TODAY, today=TODAY)
    giving.let_services(sambas, {"IZIN": "Izin tinggal"}, JULY, today=TODAY)
    held = sambas.services.order_by("code").values_list("code", "valid_from", "valid_until")
    assert list(held) == [("IZIN", TODAY, date.max), ("PASPOR", date.min, JULY)]
    with pytest.raises(actions.CannotReorganise, match="has passed"):
        giving.let_services(sambas, {}, TODAY, today=JULY)
    giving.let_services(sambas, {"IZIN": "Izin", "PASPOR": "Paspor"}, JULY, today=JULY)
    assert sambas.services.filter(code="PASPOR").count() == 2


@pytest.mark.django_db
def test_a_row_that_changes_nothing_does_not_undo_a_planned_move(kanwil: Unit) -> None:
    as_it_is = {"Nama": kanwil.name, "Nama Singkat": kanwil.short_name, "Jenis": kanwil.kind}
    imported(as_csv(line("a")))
    imported(as_csv(line("kanwil", "a", Mulai="2027-07-01", **as_it_is)))
    assert why(planned(as_csv(line("kanwil", **as_it_is), line("a", "kanwil")))) == [(3, "Induk", "circle")]


SLUGS = ("kanwil", "sambas", "a", "b")
ROWS = st.lists(  # mostly sound, so that much is carried out
    st.tuples(
        st.sampled_from(SLUGS),
        st.sampled_from(("", "kanwil", "kanwil", "sambas", "a")),
        st.sampled_from(("", "2026-11-29", "2027-07-01", "2027-09-01")),
        st.sampled_from(("", "", "1", "2")),
        st.sampled_from(("", "P=Paspor", "P=Paspor baru; I=Izin")),
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row[0],
)


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(files=st.lists(ROWS, min_size=2, max_size=4))
def test_what_has_no_finding_can_be_done_and_is_then_so(
    kanwil: Unit, sambas: Unit, files: list[list[Any]]
) -> None:
    with transaction.atomic():
        for rows in files:
            content = as_csv(
                *(
                    line(
                        slug,
                        parent,
                        Nama=f"Kantor {is_new}",
                        Mulai=day,
                        Layanan=services,
                        **{"kode:satker": code},
                    )
                    for slug, parent, day, code, services, is_new in rows
                )
            )
            plan = planned(content)
            if not plan.findings:
                carry_out(plan, TODAY)
                assert planned(content).is_idle
        transaction.set_rollback(True)


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.lists(st.text(max_size=12), max_size=14), max_size=4), mark=st.sampled_from(",;|\t"))
def test_whatever_a_file_holds_it_is_a_plan_or_findings(rows: list[list[str]], mark: str) -> None:
    content = as_csv(*rows, mark=mark).decode(errors="replace").encode(errors="replace")
    plan = plan_of(content, {}, TODAY)
    assert plan.findings or plan.beginnings
    assert all(told(finding).problem for finding in plan.findings)


@pytest.mark.django_db
def test_hundreds_of_changes_take_no_more_queries_than_a_few(django_assert_max_num_queries: Any) -> None:
    imported(as_workbook(ministry(300)))
    changed = [
        [
            *row[:1],
            f"{row[1]} baru",
            *row[2:8],
            row[8] and "PASPOR=Paspor biasa",
            "",
            row[10] and f"9{row[10]}",
        ]
        for row in ministry(300)
    ]
    plan = planned(as_workbook(changed))
    assert len(plan.changes) == 300
    with django_assert_max_num_queries(80):
        carry_out(plan, TODAY)
    assert planned(as_workbook(changed)).is_idle
