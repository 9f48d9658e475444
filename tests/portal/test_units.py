"""The tree of offices is reorganised; what was stays as it stood."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tera.portal.units import actions
from tera.portal.units.actions import CannotReorganise, Founding
from tera.portal.units.models import Unit, Version
from tera.portal.units.queries import ids_below, line_above, units_on, version_of
from tests.portal.conftest import office

BEFORE, JULY, AFTER = date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2)
TODAY = date(2026, 5, 4)


@pytest.fixture
def kaltim(db: None) -> Unit:
    return office("kaltim", "Kanwil Kaltim", "KANWIL")


def state(name: str, kind: str = "KANIM") -> dict[str, str]:
    return {"name": name, "short_name": name, "kind": kind}


def test_a_unit_moves_on_a_day(sambas: Unit, kanwil: Unit, kaltim: Unit) -> None:
    actions.change(sambas, JULY, today=TODAY, parent=kaltim)
    assert line_above(sambas, BEFORE) == [kanwil.pk]
    assert line_above(sambas, JULY) == [kaltim.pk]
    assert sambas.pk in ids_below([kanwil.pk], BEFORE) - ids_below([kanwil.pk], JULY)
    assert Unit.objects.get(pk=sambas.pk).parent == kanwil  # still, because today is May


def test_what_was_planned_becomes_true_on_its_day(sambas: Unit, kaltim: Unit) -> None:
    actions.change(sambas, JULY, today=TODAY, parent=kaltim, name="Kanim Sambas Raya")
    assert actions.bring_up_to_date(BEFORE) == 0
    assert actions.bring_up_to_date(JULY) == 1
    assert actions.bring_up_to_date(JULY) == 0
    moved = Unit.objects.get(pk=sambas.pk)
    assert (moved.parent, moved.name) == (kaltim, "Kanim Sambas Raya")


@pytest.mark.parametrize("letter", ["\n", "\r", "\t", "\0", "\x1b", "\u2028", "\u202e"])
@pytest.mark.parametrize("key", ["name", "short_name", "grade"])
def test_a_name_stands_on_one_line_and_can_be_seen(sambas: Unit, kanwil: Unit, key: str, letter: str) -> None:
    bad = {**state("Kanim Baru"), key: f"Kanim{letter}Bcc: semua@contoh.id"}
    with pytest.raises(ValidationError, match="satu baris"):
        actions.change(sambas, TODAY, today=TODAY, **bad)
    with pytest.raises(ValidationError, match="satu baris"):
        actions.found(Founding("kanim-baru", bad, kanwil), TODAY)
    assert Unit.objects.get(pk=sambas.pk).name == sambas.name
    assert not Unit.objects.filter(slug="kanim-baru").exists()


def test_two_changes_of_one_day_are_one(sambas: Unit, kaltim: Unit) -> None:
    actions.change(sambas, JULY, today=TODAY, parent=kaltim)
    actions.change(sambas, JULY, today=TODAY, grade="II TPI")
    assert [(one.parent, one.grade) for one in sambas.versions.filter(valid_from=JULY)] == [
        (kaltim, "II TPI")
    ]
    assert sambas.versions.count() == 2


@pytest.mark.parametrize(
    ("day", "says"),
    [(date(2026, 5, 3), "has passed"), (date(2026, 5, 4), "changes on 2026-07-01 already")],
)
def test_the_past_and_what_is_planned_are_not_changed(
    sambas: Unit, kaltim: Unit, day: date, says: str
) -> None:
    actions.change(sambas, JULY, today=TODAY, parent=kaltim)
    with pytest.raises(CannotReorganise, match=says):
        actions.change(sambas, day, today=TODAY, name="Lain")
    assert sambas.versions.count() == 2


def test_no_office_lies_below_itself(sambas: Unit, kanwil: Unit) -> None:
    for parent in (kanwil, sambas):
        with pytest.raises(CannotReorganise, match="below itself"):
            actions.change(kanwil, JULY, today=TODAY, parent=parent)


def test_a_merger(sambas: Unit, lapas: Unit, kanwil: Unit) -> None:
    post = office("pos", "Pos Aruk", "KANIM", sambas)
    plan = Founding("gabungan", state("Kantor Gabungan"), kanwil)
    heir = actions.merge([sambas, lapas], plan, JULY, today=TODAY)
    assert set(units_on(BEFORE)) == {kanwil, sambas, lapas, post}
    assert set(units_on(JULY)) == {kanwil, heir, post}
    assert line_above(post, JULY) == [heir.pk, kanwil.pk]
    assert {one.before for one in heir.origins.all()} == {sambas, lapas}


def test_a_split(sambas: Unit, kanwil: Unit) -> None:
    actions.give_code(sambas, "satker", "410101", TODAY)
    plans = [
        Founding("sambas-1", state("Kanim Sambas I"), kanwil, {"satker": "410102"}, {"PASPOR": "Paspor"}),
        Founding("sambas-2", state("Kanim Sambas II"), kanwil),
    ]
    heirs = actions.split(sambas, plans, JULY, today=TODAY)
    assert version_of(sambas, JULY) is None
    assert ids_below([kanwil.pk], JULY) == {heir.pk for heir in heirs}
    assert [(one.value, one.valid_until) for one in sambas.codes.all()] == [("410101", JULY)]
    assert [service.code for service in heirs[0].services.all()] == ["PASPOR"]


def test_a_unit_with_others_below_it_does_not_end(kanwil: Unit, sambas: Unit) -> None:
    with pytest.raises(CannotReorganise, match="has units below it"):
        actions.end(kanwil, JULY, today=TODAY)
    assert version_of(kanwil, AFTER) is not None


def test_a_code_names_one_unit_at_a_time(sambas: Unit, lapas: Unit) -> None:
    actions.give_code(sambas, "satker", "410101", TODAY)
    with pytest.raises(CannotReorganise, match="satker 410101 is the code of sambas"):
        actions.give_code(lapas, "satker", "410101", JULY)
    actions.give_code(sambas, "satker", "410109", JULY)
    actions.give_code(lapas, "satker", "410101", JULY)
    assert [(code.value, code.valid_until) for code in sambas.codes.order_by("valid_from")] == [
        ("410101", JULY),
        ("410109", date.max),
    ]


def test_a_unit_that_cannot_begin_leaves_nothing_behind(kanwil: Unit) -> None:
    plans = [
        Founding("a", state("A"), kanwil, {"satker": "1"}),
        Founding("b", state("B"), kanwil, {"satker": "1"}),
    ]
    with pytest.raises(CannotReorganise, match="satker 1 is given to two units"):
        actions.found_all(plans)
    with pytest.raises(CannotReorganise, match="there is a unit kanwil already"):
        actions.found(Founding("kanwil", state("Lain")))
    assert list(Unit.objects.all()) == [kanwil]
    assert Version.objects.count() == 1
