"""Claims the way buyers make them, and what village and department answer."""

from datetime import datetime
from io import BytesIO

from PIL import Image

from shop.accounts.models import User
from shop.aftersales.models import AftersaleCase
from shop.aftersales.offers import UNSENT
from shop.aftersales.opening import Claim, open_case
from shop.aftersales.states import AftersaleReason, Party
from shop.aftersales.steps import Step
from shop.aftersales.terms import Terms
from shop.kit import clock
from shop.orders.models import OrderLine
from shop.photos.models import Photo
from shop.photos.services import store_photo
from tests.factories.building import building, next_number

R = AftersaleReason
TERMS = Terms()
USUAL = {
    UNSENT: R.UNWANTED, 'refund_only': R.SHORT, 'return_refund': R.QUALITY, 'replace': R.DAMAGED, 'resend': R.SHORT,
    'spoiled': R.SPOILED,
}  # fmt: skip


def step_of(party: Party = Party.BUYER, actor: User | None = None, *, at: datetime | None = None) -> Step:
    """Somebody takes a step now."""
    return Step(party, actor, at or clock.now(), TERMS)


def by_village(actor: User) -> Step:
    """Somebody at the village's desk takes a step now."""
    return step_of(Party.VILLAGE, actor)


def by_platform(actor: User) -> Step:
    """Somebody of the department takes a step now."""
    return step_of(Party.PLATFORM, actor)


@building
def make_photo() -> Photo:
    """A small picture unlike any other."""
    number = next_number()
    content = BytesIO()
    Image.new('RGB', (8, 8), (number % 256, number // 256 % 256, 40)).save(content, 'PNG')
    return store_photo(content.getvalue(), alt='坏果', at=clock.now())


@building
def open_claim(
    line: OrderLine, key: str = UNSENT, units: int = 1, amount_fen: int = 0, *, actor: User | None = None
) -> AftersaleCase:
    """A claim of the kind, for the usual reason; spoiled fruit has its photo."""
    photos = (make_photo(),) if key == 'spoiled' else ()
    claim = Claim(key, units, amount_fen, USUAL[key], '请看照片' if photos else '', photos)
    return open_case(line, claim, step_of(actor=actor))
