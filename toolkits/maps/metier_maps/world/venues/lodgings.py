"""Where to sleep: hotels, guest houses, hostels, apartments, chalets, camp sites and huts."""

from collections.abc import Sequence
from dataclasses import dataclass

from metier.world import Chance
from metier.world.names import FAMILY, Register
from metier_maps.world.ground.streets import TownPlan
from metier_maps.world.venues.sights import make_phone, place_venue
from metier_maps.world.venues.siting import Site, build_lane, find_kerb, list_lanes


@dataclass(frozen=True, slots=True)
class Bed:
    """A kind of lodging: tourism tag, words for names, price of a night in euros, stars, rooms."""

    tourism: str
    word: str
    english: str
    price: tuple[int, int]
    stars: tuple[int, int] | None
    rooms: tuple[int, int]


HOTEL = Bed("hotel", "Hotela", "Hotel", (70, 210), (2, 5), (12, 120))
GUEST_HOUSE = Bed("guest_house", "Pensa", "Guest House", (45, 95), (1, 3), (4, 14))
HOSTEL = Bed("hostel", "Hostela", "Hostel", (28, 55), None, (8, 30))
APARTMENT = Bed("apartment", "Aparta", "Apartments", (60, 140), None, (1, 8))
CHALET = Bed("chalet", "Shala", "Chalet", (80, 160), None, (1, 4))
CAMP = Bed("camp_site", "Kampa", "Camping", (18, 40), (1, 4), (20, 120))
HUT = Bed("alpine_hut", "Kabina", "Hut", (30, 60), None, (4, 20))

IN_TOWN: dict[str, tuple[Bed, ...]] = {
    "capital": (HOTEL,) * 8 + (GUEST_HOUSE,) * 3 + (HOSTEL,) * 2 + (APARTMENT,) * 3,
    "city": (HOTEL,) * 4 + (GUEST_HOUSE,) * 2 + (HOSTEL, APARTMENT),
    "town": (HOTEL, HOTEL, GUEST_HOUSE),
    "village": (GUEST_HOUSE,),
    "hamlet": (),
}
IN_COUNTRY = (CAMP,) * 8 + (CHALET,) * 9 + (HUT,) * 5 + (HOTEL,) * 3
POLICIES = ("yes", "no", "")
STRICT = (HUT, HOSTEL)


def raise_lodgings(site: Site, register: Register, chance: Chance) -> None:
    """Draws every lodging. Pet policies are dealt like cards: a third yes, a third no, a third unsaid."""
    beds: list[tuple[Bed, TownPlan | None]] = []
    for plan in site.plans.values():
        beds += [(bed, plan) for bed in IN_TOWN[plan.town.rank]]
        if plan.town.zone in ("basin", "valley"):
            beds.append((HOTEL, plan))
    beds += [(bed, None) for bed in IN_COUNTRY]
    policies = _deal_policies([bed for bed, _ in beds], chance.stream("policies"))
    lanes = list_lanes(site, lambda spot: True)
    for number, ((bed, where), policy) in enumerate(zip(beds, policies, strict=True)):
        draw = chance.stream("lodging", str(number))
        spot, street = find_kerb(site, where, draw) if where else (build_lane(site, lanes, draw, "service"), "")
        tags = _describe(bed, policy, register, draw)
        if where and street:
            tags |= {"addr:street": street, "addr:housenumber": str(draw.whole(1, 60)), "addr:city": where.town.name}
        place_venue(site.sketch, spot, tags, 0.012 if draw.happens(0.35) else 0.0, draw)


def _deal_policies(beds: Sequence[Bed], chance: Chance) -> list[str]:
    """Returns a policy per lodging, in equal shares; huts and hostels never say yes: they swap theirs with others."""
    policies = chance.shuffled([POLICIES[i % 3] for i in range(len(beds))])
    strict = [i for i, bed in enumerate(beds) if bed in STRICT and policies[i] == "yes"]
    others = chance.shuffled([i for i, bed in enumerate(beds) if bed not in STRICT and policies[i] != "yes"])
    for one, other in zip(strict, others, strict=False):
        policies[one], policies[other] = policies[other], policies[one]
    return policies


def _describe(bed: Bed, policy: str, register: Register, draw: Chance) -> dict[str, str]:
    proper = register.coin(FAMILY, draw)
    tags = {"tourism": bed.tourism, "name": register.take(f"{bed.word} {proper}"), "name:en": f"{proper} {bed.english}"}
    tags["rooms"] = str(draw.whole(*bed.rooms))
    tags["beds"] = str(int(tags["rooms"]) * draw.whole(2, 3))
    if policy:
        tags[draw.pick(("dog", "dog", "dog", "pets"))] = policy
    stars = draw.whole(*bed.stars) if bed.stars and draw.happens(0.8) else 0
    if stars:
        tags["stars"] = f"{stars}S" if draw.happens(0.1) else str(stars)
    if draw.happens(0.82):
        tags["charge"] = f"{_price(bed, stars, draw)} EUR"
    if draw.happens(0.85):
        tags |= make_phone(draw)
    if draw.happens(0.7):
        tags["website"] = f"https://{_host(proper)}-{bed.tourism.replace('_', '-')}.example/"
    if draw.happens(0.35):
        tags["wheelchair"] = draw.pick(("yes", "no", "limited"))
    return tags


def _price(bed: Bed, stars: int, draw: Chance) -> int:
    low, high = bed.price
    if bed.stars and stars:
        share = (stars - bed.stars[0] + 1) / (bed.stars[1] - bed.stars[0] + 1)
        high = round(low + (high - low) * share)
    return draw.whole(low, high)


def _host(name: str) -> str:
    plain = name.lower().translate(str.maketrans("áéóö", "aeoo"))
    return "".join(letter for letter in plain if letter.isalnum())
