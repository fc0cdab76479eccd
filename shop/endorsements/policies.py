"""Who may draft, submit and decide an endorsement; pure, no queries of their own."""

from shop.accounts.models import REGION_ROLES, VILLAGE_ROLES, Role, User
from shop.benefits.models import AgreementVersion
from shop.endorsements.models import REVIEW_STATUS, Endorsement, EndorsementStatus
from shop.reviews.ladder import ROLE_OF_STEP
from shop.reviews.policies import is_author
from shop.villages.models import Village
from shop.villages.scope import has_role_over

_REVIEWS = frozenset(REVIEW_STATUS.values())


def may_draft(actor: User, village: Village) -> bool:
    """The secretary and the team members of the village draft and pack."""
    return any(has_role_over(actor, role, village) for role in VILLAGE_ROLES)


def may_edit(actor: User, endorsement: Endorsement) -> bool:
    """Only a draft changes, and only by the hands of its village."""
    return endorsement.is_editable and may_draft(actor, endorsement.product.village)


def may_submit(actor: User, endorsement: Endorsement) -> bool:
    """Speaking for a product is the first secretary's own act; the team drafts."""
    return endorsement.is_editable and has_role_over(actor, Role.FIRST_SECRETARY, endorsement.product.village)


def may_run(actor: User, endorsement: Endorsement) -> bool:
    """Pausing, resuming and taking over are the first secretary's own acts too."""
    return has_role_over(actor, Role.FIRST_SECRETARY, endorsement.product.village)


def may_take_over(actor: User, endorsement: Endorsement) -> bool:
    """What waits for a successor, or was said by somebody who has left, may be taken over."""
    is_open = endorsement.status is EndorsementStatus.HANDING_OVER or not endorsement.tenure.is_in_office
    return is_open and may_run(actor, endorsement)


def may_look(actor: User, endorsement: Endorsement) -> bool:
    """Officials and auditors of the place see what has been sent in, never a first draft."""
    was_sent = endorsement.submitted_at is not None
    return was_sent and any(has_role_over(actor, role, endorsement.product.village) for role in REGION_ROLES)


def authors_of(endorsement: Endorsement, version: AgreementVersion | None) -> frozenset[int]:
    """Return the ids of everybody who wrote or sent in what is reviewed."""
    ids = {endorsement.drafted_by_id, version.drafted_by_id if version is not None else None}
    ids.update(
        event.actor_id
        for event in endorsement.events
        if event.from_status is EndorsementStatus.DRAFT and event.to_status in _REVIEWS
    )
    return frozenset(author for author in ids if author is not None)


def is_reviewer(actor: User, endorsement: Endorsement) -> bool:
    """Tell whether the endorsement waits at a step whose role the actor holds for its village."""
    step = endorsement.review_step
    return step is not None and has_role_over(actor, ROLE_OF_STEP[step], endorsement.product.village)


def may_decide(actor: User, endorsement: Endorsement, version: AgreementVersion | None) -> bool:
    """A reviewer of the step decides, unless the draft is the reviewer's own."""
    return is_reviewer(actor, endorsement) and not is_author(actor, authors_of(endorsement, version))
