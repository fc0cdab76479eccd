"""Who may decide at which rung of the ladder; the scope is added by the feature that is reviewed."""

from collections.abc import Collection

from shop.accounts.models import User
from shop.reviews.ladder import ROLE_OF_STEP, ReviewStep


def holds_step(actor: User, step: ReviewStep) -> bool:
    """Tell whether the actor holds the role of this rung, somewhere."""
    return ROLE_OF_STEP[step] in actor.roles


def is_author(actor: User, author_ids: Collection[int | None]) -> bool:
    """Tell whether the actor wrote or sent in what is to be decided; authors never decide on their own work."""
    return actor.id in author_ids
