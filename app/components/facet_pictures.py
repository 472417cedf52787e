"""Which picture a facet shows, and what it takes where there is none yet."""

from collections.abc import Callable

from app.components import age_pictures, life_pictures, page, standing_pictures, usage_pictures
from app.components.seen import Seen

# facet: (its picture, which says whether it drew, and what it takes)
_DRAWINGS: dict[str, tuple[Callable[[Seen, str], bool], str]] = {
    "usage_pattern": (usage_pictures.usage, "Six orders or contacts make a picture of habits; fewer are known."),
    "demographics": (
        standing_pictures.demographics,
        "A birth date, an income, cars or children would show where this customer stands among the others.",
    ),
    "life_stage": (life_pictures.life, "A family or work status with its date would begin the lanes of a life."),
    "household": (life_pictures.household, "Whoever lives at the same address would stand here, each since when."),
    "community_of_interest": (
        standing_pictures.community,
        "Orders of two kinds or more would show what this customer cares for, beside the others.",
    ),
    "business_direction": (
        standing_pictures.business,
        "A year of orders and the year before it, or employees and sales, would show where the business is going.",
    ),
    "identity": (age_pictures.identity, "Contact points with a date would show here how old they are."),
}


def draw(name: str, seen: Seen) -> None:
    """The facet's picture, or in a line what it takes to have one."""
    drawing, lesson = _DRAWINGS[name]
    if not drawing(seen, f"{name}_{seen.profile.customer}"):
        page.block(f'<p class="small iw-lesson">{lesson}</p>')
