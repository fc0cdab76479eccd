"""Batches of goods, their conformity certificates, and when goods are in season or sold ahead."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shop.accounts.models import User
from shop.catalogue.models import Batch, Product
from shop.kit import clock
from shop.kit.database import db
from shop.kit.errors import BusinessError, NotFoundError
from shop.photos.models import Photo

PRESALE_DAYS = 180


class FutureBatchError(BusinessError):
    """What was not harvested or made yet is no batch, and its certificate cannot be issued yet."""


class BatchTakenError(BusinessError):
    """The product has a batch of this number."""


class CertificateMissingError(BusinessError):
    """The law asks a conformity certificate with each batch of these goods."""


class PresaleError(BusinessError):
    """Goods sold ahead are sent from a day within half a year."""


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A batch as typed; a certificate has both its number and its day or neither."""

    number: str
    made_on: date
    quantity: int
    unit: str
    certificate_number: str | None = None
    certificate_issued_on: date | None = None
    note: str = ''


def product_of_village(product_id: int, village_id: int) -> Product:
    """Return a product of this village; raises `NotFoundError` for any other."""
    found = db.session.scalar(select(Product).where(Product.id == product_id, Product.village_id == village_id))
    if found is None:
        raise NotFoundError
    return found


def newest_batches(product_id: int, limit: int) -> list[Batch]:
    """Return the newest batches of a product, the newest first; one statement."""
    statement = select(Batch).where(Batch.product_id == product_id).order_by(Batch.made_on.desc(), Batch.id.desc())
    return list(db.session.scalars(statement.limit(limit)))


def add_batch(
    product: Product, facts: BatchFacts, *, certificate_photo: Photo | None = None, actor: User | None, at: datetime
) -> Batch:
    """Write down a batch; raises `FutureBatchError`, `CertificateMissingError`, `BatchTakenError`."""
    today = clock.business_day(at)
    if facts.made_on > today:
        raise FutureBatchError(_('采收或生产日不能晚于今天。'), field='made_on')
    if facts.certificate_issued_on is not None and facts.certificate_issued_on > today:
        raise FutureBatchError(_('合格证开具日不能晚于今天。'), field='certificate_issued_on')
    if product.needs_certificate and facts.certificate_number is None:
        raise CertificateMissingError(
            _('%(group)s上市要附承诺达标合格证，请填编号。', group=product.produce_group.label),
            field='certificate_number',
        )
    batch = Batch(
        product_id=product.id,
        number=facts.number,
        made_on=facts.made_on,
        quantity=facts.quantity,
        unit=facts.unit,
        certificate_number=facts.certificate_number,
        certificate_issued_on=facts.certificate_issued_on,
        certificate_photo=certificate_photo if facts.certificate_number is not None else None,
        note=facts.note,
        added_by_id=actor.id if actor is not None else None,
        added_at=at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(batch)
    except IntegrityError as error:
        raise BatchTakenError(_('这个批号已经记过，请换一个。'), field='number') from error
    db.session.expire(product, ['batches'])
    return batch


def plan_supply(product: Product, *, season_months: int, presale_ships_on: date | None, on: date) -> None:
    """Say when goods are in season and from which day they are sent when sold ahead; raises `PresaleError`."""
    day = presale_ships_on
    if day is not None and day != product.presale_ships_on and not on < day <= on + timedelta(days=PRESALE_DAYS):
        raise PresaleError(
            _('预售发货日要在明天到 %(last)s 之间；现货请留空。', last=on + timedelta(days=PRESALE_DAYS)),
            field='presale_ships_on',
        )
    product.season_months, product.presale_ships_on = season_months, day
