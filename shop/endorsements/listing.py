"""One listing as the desk works on it: the steps, what each still lacks, and where to go next."""

from dataclasses import dataclass
from datetime import date

from shop.accounts.models import User
from shop.endorsements.completeness import Gap, ListingStep, find_gaps
from shop.endorsements.models import Endorsement, EndorsementEvent
from shop.endorsements.policies import may_submit
from shop.endorsements.queries import last_return
from shop.villages.models import Village

STEPS = tuple(ListingStep)


@dataclass(frozen=True)
class ListingPage:
    """What every step of a listing shows; a new listing has no endorsement yet."""

    village: Village
    step: ListingStep
    endorsement: Endorsement | None
    gaps: tuple[Gap, ...]
    returned: EndorsementEvent | None
    may_submit: bool

    @property
    def number(self) -> int:
        """The place of the step, from 1."""
        return STEPS.index(self.step) + 1

    @property
    def steps(self) -> list[tuple[ListingStep, bool]]:
        """Every step, and whether nothing is missing there."""
        lacking = {gap.step for gap in self.gaps}
        return [(step, self.endorsement is not None and step not in lacking) for step in STEPS]

    @property
    def next_step(self) -> ListingStep | None:
        """The step after this one."""
        return step_beside(self.step, 1)

    @property
    def previous_step(self) -> ListingStep | None:
        """The step before this one."""
        return step_beside(self.step, -1)

    def address(self, step: ListingStep | None) -> str:
        """Return where a step stands."""
        if self.endorsement is None or step is None:
            return '/desk/endorsements'
        return step_address(self.endorsement, step)


def step_beside(step: ListingStep, distance: int) -> ListingStep | None:
    """Return the step so many places further, or None beyond the ends."""
    index = STEPS.index(step) + distance
    return STEPS[index] if 0 <= index < len(STEPS) else None


def step_address(endorsement: Endorsement, step: ListingStep) -> str:
    """Return the address of a step of this listing."""
    return f'/desk/endorsements/{endorsement.id}/{step.value}'


def open_listing(
    village: Village, step: ListingStep, endorsement: Endorsement | None, *, actor: User, today: date
) -> ListingPage:
    """Gather what a step shows."""
    return ListingPage(
        village=village,
        step=step,
        endorsement=endorsement,
        gaps=tuple(find_gaps(endorsement, today=today)) if endorsement is not None else (),
        returned=last_return(endorsement) if endorsement is not None else None,
        may_submit=endorsement is not None and may_submit(actor, endorsement),
    )
