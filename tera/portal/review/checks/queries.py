"""Reads of checks: which checklist holds, what each layer answered, and what visits found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.catalogue import get_checklist, list_checklists
from tera.engine.checklist import Checklist, Item, missing, score
from tera.engine.explain import decimal_text
from tera.portal.accounts.queries import language_in_force
from tera.portal.review.checks.naming import layer_name
from tera.portal.review.models import Assessment, Photo, Visit
from tera.portal.review.models.checks import Layer
from tera.portal.surveys.models import Campaign

PERMISSIONS = {layer: f"assess-{layer.value}" for layer in Layer}


@dataclass(frozen=True, slots=True)
class Assessed:
    """One version of what a layer answered, beside the checklist that it answered."""

    kept: Assessment
    checklist: Checklist

    @property
    def is_altered(self) -> bool:
        """Whether the checklist does not read as it did, which nobody should have done to it."""
        return self.kept.sha256 != self.checklist.sha256

    @property
    def score(self) -> Fraction | None:
        """The share of points given; None where nothing counts, or where nobody knows what was asked."""
        return None if self.is_altered else score(self.checklist, self.kept.layer, self.kept.answers)

    @property
    def missing(self) -> tuple[Item, ...]:
        """The items that are not answered yet."""
        return () if self.is_altered else missing(self.checklist, self.kept.layer, self.kept.answers)

    @property
    def percent(self) -> str:
        """The score as a percentage, rounded half up to one decimal where it needs one."""
        share = (self.score or Fraction(0)) * 100
        return decimal_text(share, 0 if share.denominator == 1 else 1, language_in_force())

    @property
    def items(self) -> int:
        """How many items the layer answers."""
        return len(self.checklist.items_of(self.kept.layer))


@dataclass(frozen=True, slots=True)
class Standing:
    """What a layer answered so far: the version that is shown, and all there are, the latest first."""

    layer: Layer
    shown: Assessed | None
    versions: tuple[Assessed, ...]

    @property
    def name(self) -> str:
        """What the layer is called."""
        return layer_name(self.layer)

    @property
    def address(self) -> str:
        """The name of the address at which the layer answers, which is that of its permission."""
        return PERMISSIONS[self.layer]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visit found of an item, with the photos of it."""

    visit: Visit
    words: Mapping[str, str] | None
    remark: str
    photos: tuple[Photo, ...]

    @property
    def name(self) -> str:
        """What the layer that visited is called."""
        return layer_name(self.visit.layer)


def newest() -> Checklist:
    """Return the checklist that is answered from now on: `name-10` is newer than `name-9`."""
    return max(list_checklists(), key=lambda checklist: (len(checklist.id), checklist.id))


def named(checklist_id: str) -> Checklist:
    """Return a checklist by its id, as a page has it that a phone kept; the newest where there is none."""
    return next((one for one in list_checklists() if one.id == checklist_id), newest())


def answered_by_region(campaigns: Iterable[int | Campaign]) -> set[int]:
    """Return the campaigns, by id, of which the regional office answered every item of its checklist."""
    own = Assessment.objects.filter(campaign__in=campaigns, layer=Layer.REGION).order_by("number")
    newest = {entry.campaign_id: entry for entry in own}
    return {
        pk
        for pk, entry in newest.items()
        if not missing(get_checklist(entry.checklist), entry.layer, entry.answers)
    }


def latest_of(campaign: Campaign, layer: Layer) -> Assessment | None:
    """Return what a layer answered last."""
    return Assessment.objects.filter(campaign=campaign, layer=layer).order_by("number").last()


def standings_of(campaign: Campaign, wanted: Mapping[str, str]) -> list[Standing]:
    """Return what every layer answered: its latest version, or the one whose number is wanted."""
    kept = Assessment.objects.filter(campaign=campaign).select_related("office", "by").order_by("-number")
    every = [Assessed(one, get_checklist(one.checklist)) for one in kept]
    found = []
    for layer in Layer:
        versions = tuple(one for one in every if one.kept.layer == layer)
        named = [one for one in versions if str(one.kept.number) == wanted.get(layer)]
        found.append(Standing(layer, next(iter([*named, *versions]), None), versions))
    return found


def seen_at(campaign: Campaign, layers: tuple[Layer, ...] = tuple(Layer)) -> dict[str, list[Seen]]:
    """Return what visits found, by item, the latest visit first."""
    found: dict[str, list[Seen]] = {}
    for visit in visits_of(campaign):
        if visit.layer not in layers:
            continue
        checklist = get_checklist(visit.checklist)
        words = {answer.code: answer.words for answer in checklist.answers}
        photos = photos_of(visit)
        for item in checklist.items:
            seen = Seen(
                visit,
                words.get(visit.answers.get(item.code, "")),
                visit.remarks.get(item.code, ""),
                tuple(photo for photo in photos if photo.item == item.code),
            )
            if seen.words or seen.remark or seen.photos:
                found.setdefault(item.code, []).append(seen)
    return found


def visits_of(campaign: Campaign) -> list[Visit]:
    """Return the visits of a survey, the latest first."""
    kept = Visit.objects.filter(campaign=campaign).select_related("office", "by")
    return list(kept.order_by("-visited_on", "-pk"))


def photos_of(visit: Visit) -> list[Photo]:
    """Return the photos of a visit without their pictures, in their order."""
    return list(Photo.objects.filter(visit=visit).defer("picture").order_by("number"))
