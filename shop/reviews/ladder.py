"""The approval ladder: which step follows which, and who may decide at each."""

from collections.abc import Sequence

from shop.accounts.models import Role
from shop.kit.enums import Labelled


class ReviewStep(Labelled):
    """A rung of the ladder."""

    TOWNSHIP = 'township', '乡镇初审'
    COUNTY = 'county', '县级复审'
    CITY = 'city', '市级审定'


ROLE_OF_STEP = {
    ReviewStep.TOWNSHIP: Role.TOWNSHIP_REVIEWER,
    ReviewStep.COUNTY: Role.COUNTY_DEPARTMENT,
    ReviewStep.CITY: Role.CITY_DEPARTMENT,
}


def parse_ladder(names: Sequence[str]) -> tuple[ReviewStep, ...]:
    """Read the ladder from its setting; raises `ValueError` for an unknown, repeated or missing step."""
    steps = [ReviewStep.find(name.strip()) for name in names]
    known = tuple(step for step in steps if step is not None)
    if not known or len(known) != len(steps) or len(set(known)) != len(known):
        raise ValueError(f'the review ladder is some of township, county, city, none twice; not {",".join(names)!r}')
    return known


def step_after(ladder: Sequence[ReviewStep], step: ReviewStep | None) -> ReviewStep | None:
    """Return the step that follows `step` (the first one after None), or None when the ladder is done."""
    if step is None:
        return ladder[0]
    following = ladder[ladder.index(step) + 1 :]
    return following[0] if following else None
