"""The form of a claim: the kind is chosen by a link, the rest is read field by field and kept when it is not right."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from shop.aftersales.models import MAX_TEXT
from shop.aftersales.offers import Offer
from shop.aftersales.opening import Claim
from shop.aftersales.states import AftersaleReason
from shop.kit.fields import FieldReader
from shop.photos.models import Photo

BY_PIECES, BY_AMOUNT = 'pieces', 'amount'


@dataclass
class ClaimForm:
    """What was typed: pieces or a sum, the reason, the words."""

    offer: Offer
    measure: str = BY_PIECES
    units: int = 1
    amount_fen: int = 0
    reason: AftersaleReason | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str], offer: Offer) -> 'ClaimForm':
        """Read what was typed; `errors` say what would be right."""
        reader = FieldReader(form)
        by_amount = offer.by_amount and reader.raw('measure') == BY_AMOUNT
        units = 0 if by_amount else reader.whole('units', _('件数'), least=1, most=offer.units)
        amount = reader.money('amount', _('金额'), most=offer.fen) if by_amount else 0
        reason = AftersaleReason.find(reader.raw('reason'))
        if reason not in offer.reasons:
            reader.errors['reason'] = _('选择申请原因。')
        reader.text('text', _('说明'), limit=MAX_TEXT, is_required=False)
        measure = BY_AMOUNT if by_amount else BY_PIECES
        return cls(offer, measure, units, amount, reason, form, reader.errors)

    def claim(self, photos: tuple[Photo, ...]) -> Claim:
        """Return what is asked for."""
        assert self.reason is not None
        return Claim(self.offer.key, self.units, self.amount_fen, self.reason, self.text, photos)

    @property
    def text(self) -> str:
        """The words, as a database can keep them."""
        return FieldReader(self.values).raw('text')
