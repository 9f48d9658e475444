"""The second step: what each column is. What is not said by its name is asked, and never guessed."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from tera.portal.imports.days import orders_of
from tera.portal.imports.mapping import DAY, ITEM, PROFILE, SERVICE, UNUSED, Mapped
from tera.portal.imports.meanings import Options, clear, codes_offered, uses_offered
from tera.portal.imports.names import COMPLAINTS, FACILITIES, NEITHER, ORDERS, Pair, pairs_of, proposed
from tera.portal.imports.reading import Setting
from tera.portal.imports.table import Table

MOST_VALUES = 60  # of a column whose meaning is asked
DAY_FIRST, MONTH_FIRST = "hari", "bulan"


class Choosing:
    """A table and what was said of its columns so far: by the form, by what is kept, or by their names.

    `orders` holds the answers about numbered columns, `values` what their texts mean, and `clear` those of
    them that name it without doubt.
    """

    def __init__(self, table: Table, setting: Setting, language: str) -> None:
        """Propose what the names leave no doubt of."""
        self.table, self.setting, self.language = table, setting, language
        self.uses = proposed(table.header, setting.instruments)
        self.orders = dict.fromkeys(pairs_of(table.header, [item.code for item in setting.items]), "")
        self.day_order = ""
        self.uses_offered: Sequence[tuple[str, Options]] = uses_offered(setting, language)
        self._look_at_values()

    def take(self, mapped: Mapped) -> None:
        """Go on from what is kept."""
        self.uses = list(mapped.uses)
        codes = {order: tuple(f"{ITEM}{code}" for code in found) for order, found in ORDERS.items()}
        for pair in self.orders:
            found = (self.uses[pair.eighth], self.uses[pair.ninth])
            self.orders[pair] = next((order for order, uses in codes.items() if uses == found), NEITHER)
        self.day_order = {None: "", True: DAY_FIRST, False: MONTH_FIRST}[mapped.day_first]
        self._look_at_values()
        for place, values in mapped.values.items():
            self.values[place].update(values)

    def fill(self, fields: Mapping[str, str]) -> None:
        """Take what the form says; what it cannot say is taken as not answered."""
        offered = {use for _group, options in self.uses_offered for use, _label in options}
        for place in range(len(self.uses)):
            use = fields.get(f"kolom-{place}", UNUSED)
            self.uses[place] = use if use in offered else UNUSED
        for number, pair in enumerate(self.orders):
            order = fields.get(f"urutan-{number}", "")
            self.orders[pair] = order if order in {*ORDERS, NEITHER} else ""
            for place, code in zip((pair.eighth, pair.ninth), ORDERS.get(order, ()), strict=False):
                self.uses[place] = f"{ITEM}{code}"
        order = fields.get("hari-bulan", "")
        self.day_order = order if order in {DAY_FIRST, MONTH_FIRST} else ""
        self._look_at_values()
        for place, values in self.values.items():
            for number, text in enumerate(self.table.texts(place)):
                if chosen := fields.get(f"nilai-{place}-{number}", ""):
                    values[text] = chosen

    @property
    def mapped(self) -> Mapped:
        """What was said, to be kept."""
        orders = self.day_orders
        said = self.day_order == DAY_FIRST if self.asks_day_order and self.day_order else None
        return Mapped(tuple(self.uses), True in orders if len(orders) == 1 else said, self.values)

    @property
    def day_orders(self) -> set[bool]:
        """The orders of day and month that the column of days may have."""
        return {order for place in self.places(DAY) for order in orders_of(self.table.counts[place])}

    @property
    def asks_day_order(self) -> bool:
        """Say whether the dates of the file leave open what is the day and what the month."""
        return len(self.day_orders) > 1

    def places(self, use: str) -> list[int]:
        """Return the columns that have a use."""
        return [place for place, found in enumerate(self.uses) if found == use]

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield what stands in the way, each with the field that it is about."""
        yield from self._order_problems()
        yield from self._use_problems()
        if self.asks_day_order and not self.day_order:
            yield "hari-bulan", _("Pilih bagaimana tanggal di berkas ini ditulis.")
        for place in self.values:
            yield from self._value_problems(place)

    def _order_problems(self) -> Iterator[tuple[str, str]]:
        for number, (pair, order) in enumerate(self.orders.items()):
            names = {"eighth": self.table.name(pair.eighth), "ninth": self.table.name(pair.ninth)}
            if not order:
                message = _(
                    "Jawab dulu: apa isi kolom %(eighth)s dan %(ninth)s? Urutannya tidak boleh ditebak."
                )
                yield f"urutan-{number}", message % names
            elif order == NEITHER and self._holds_order(pair):
                message = _("Untuk sarana atau pengaduan di kolom %(eighth)s dan %(ninth)s, pilih urutannya.")
                yield f"urutan-{number}", message % names

    def _use_problems(self) -> Iterator[tuple[str, str]]:
        open_ = (
            {f"{ITEM}{code}" for code in (FACILITIES, COMPLAINTS)} if "" in self.orders.values() else set()
        )
        for use, label in (option for _group, options in self.uses_offered for option in options):
            places = self.places(use)
            if use.startswith(ITEM) and not places and use not in open_:
                yield "kolom-0", _("Belum ada kolom untuk %(item)s") % {"item": label}
            if use != UNUSED and len(places) > 1:
                names = {"use": label, "columns": ", ".join(map(self.table.name, places))}
                yield f"kolom-{places[1]}", _("Lebih dari satu kolom untuk %(use)s: %(columns)s") % names

    def _value_problems(self, place: int) -> Iterator[tuple[str, str]]:
        name, texts = self.table.name(place), self.table.texts(place)
        asked = len(texts) - len(self.clear[place])
        if asked > MOST_VALUES:
            message = _("Kolom %(name)s punya %(n)s nilai yang harus diartikan; paling banyak %(most)s.")
            yield f"kolom-{place}", message % {"name": name, "n": asked, "most": MOST_VALUES}
            return
        offered = {code for code, _label in codes_offered(self.uses[place], self.setting, self.language)} - {
            ""
        }
        for number, text in enumerate(texts):
            if self.values[place].get(text, "") not in offered:
                message = _("Kolom %(name)s: pilih arti nilai “%(text)s”.")
                yield f"nilai-{place}-{number}", message % {"name": name, "text": text[:40]}

    def _holds_order(self, pair: Pair) -> bool:
        uses = {f"{ITEM}{code}" for code in (FACILITIES, COMPLAINTS)}
        return bool(uses & {self.uses[pair.eighth], self.uses[pair.ninth]})

    def _look_at_values(self) -> None:
        """Give values that name a code without doubt that code."""
        coded = [place for place, use in enumerate(self.uses) if use == SERVICE or use.startswith(PROFILE)]
        self.clear = {
            place: clear(self.uses[place], self.table.texts(place), self.setting) for place in coded
        }
        self.values = {place: dict(known) for place, known in self.clear.items()}
