"""What waits at a village desk today, and the village's own figures."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from shop.aftersales.queries import Waiting, waiting_for_village
from shop.benefits.models import AgreementVersion, BenefitAgreement
from shop.catalogue.models import Product, Variant
from shop.catalogue.stock import LOW_STOCK
from shop.endorsements.agreement_queries import AgreementLine, returned_changes
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.endorsements.queries import Returned, on_notice, returned_endorsements, under_inquiry
from shop.kit import clock
from shop.kit.database import db
from shop.ledger.models import BenefitEntry, BenefitPool
from shop.orders.models import Order, OrderLine, OrderStatus
from shop.orders.promises import first_due
from shop.payouts.models import PayoutBatch
from shop.payouts.queries import batches_to_do
from shop.ratings.models import ReviewStatus
from shop.ratings.queries import counts_for_desk
from shop.statistics.places import Scope
from shop.statistics.tallies import Headline, headline
from shop.storefront.invoices import count_open
from shop.suppliers.models import Supplier, SupplierLicence
from shop.suppliers.queries import licences_running_out
from shop.villages.models import Tenure, Village
from shop.villages.services import present_tenure

S = OrderStatus
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ToShip:
    """Paid orders that are not wholly sent: how many, their units, when the first is due, and whether that is past."""

    orders: int = 0
    units: int = 0
    first_due: datetime | None = None
    is_late: bool = False


@dataclass(frozen=True)
class DeskToday:
    """What the page says; `sales_fen` and `benefit_fen` are those of the month so far."""

    village: Village
    tenure: Tenure | None
    days_in_office: int
    to_ship: ToShip
    returned: list[Returned]
    under_inquiry: list[Endorsement]
    on_notice: list[Endorsement]
    low: list[Variant]
    licences: list[tuple[Supplier, SupplierLicence]]
    on: date
    figures: Headline
    sales_fen: int
    benefit_fen: int
    payouts: list[PayoutBatch]
    reviews: int = 0
    invoices: int = 0
    aftersales: Waiting = field(default_factory=Waiting)
    changes: list[AgreementLine] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many things wait beside the parcels."""
        endorsements = len(self.returned) + len(self.changes) + len(self.under_inquiry) + len(self.on_notice)
        waiting = len(self.low) + len(self.licences) + len(self.payouts) + self.reviews + self.invoices
        return endorsements + waiting + self.aftersales.count


def desk_today(village: Village, *, at: datetime) -> DeskToday:
    """Gather a village's day at an instant."""
    on = clock.business_day(at)
    tenure, scope = present_tenure(village.id), Scope(village_id=village.id)
    now, before = headline(on, scope=scope), headline(on.replace(day=1) - ONE_DAY, scope=scope)
    return DeskToday(
        village=village,
        tenure=tenure,
        days_in_office=(on - tenure.starts_on).days + 1 if tenure else 0,
        to_ship=_to_ship(village.id, at),
        returned=returned_endorsements(village.id),
        under_inquiry=under_inquiry(village.id),
        on_notice=on_notice(village.id),
        low=_low_stock(village.id),
        licences=licences_running_out(village.id, on),
        on=on,
        figures=now,
        sales_fen=now.sales_fen - before.sales_fen,
        benefit_fen=_accrued_since(village.id, on.replace(day=1)),
        payouts=batches_to_do(village.id),
        reviews=counts_for_desk(village.id).get(ReviewStatus.AWAITING, 0),
        invoices=count_open(village.id),
        aftersales=waiting_for_village(village.id),
        changes=returned_changes(village.id),
    )


def _to_ship(village_id: int, at: datetime) -> ToShip:
    orders = db.session.scalars(
        select(Order)
        .where(Order.village_id == village_id, Order.status.in_((S.AWAITING_SHIPMENT, S.PARTLY_SHIPPED)))
        .options(selectinload(Order.lines).joinedload(OrderLine.product))
    ).all()
    due = [
        first_due(order.paid_at, order.lines)
        for order in orders
        if order.paid_at is not None and any(line.unshipped for line in order.lines)
    ]
    units = sum(line.unshipped for order in orders for line in order.lines)
    first = min(due, default=None)
    return ToShip(len(orders), units, first, is_late=first is not None and first < at)


def _low_stock(village_id: int) -> list[Variant]:
    listed = select(Endorsement.product_id).where(Endorsement.status == EndorsementStatus.LISTED)
    return list(
        db.session.scalars(
            select(Variant)
            .join(Variant.product)
            .where(
                Product.village_id == village_id,
                Product.id.in_(listed),
                Variant.is_offered,
                Variant.stock <= LOW_STOCK,
            )
            .options(joinedload(Variant.product))
            .order_by(Variant.stock, Variant.id)
        )
    )


def _accrued_since(village_id: int, first: date) -> int:
    """Sum what was booked for the village's households from a day on, reversals taken off."""
    total = db.session.scalar(
        select(func.coalesce(func.sum(BenefitEntry.amount_fen), 0))
        .join(BenefitPool, BenefitPool.id == BenefitEntry.pool_id)
        .join(AgreementVersion, AgreementVersion.id == BenefitPool.version_id)
        .join(BenefitAgreement, BenefitAgreement.id == AgreementVersion.agreement_id)
        .where(BenefitAgreement.village_id == village_id, BenefitEntry.booked_on >= first)
    )
    return int(total or 0)
