"""Orders as the book meets them: paid lines with their snapshots, completed orders, refunds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from shop.benefits.models import AgreementVersion, BenefitAgreement, VersionStatus
from shop.catalogue.models import Product
from shop.endorsements.models import Endorsement
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db
from shop.ledger.models import BenefitPayout, BenefitPool
from shop.ledger.services import record_benefit, record_refund, record_sale
from shop.orders.models import Channel, Checkout, Order, OrderLine, OrderStatus
from shop.payments.models import Payment, PaymentStatus, Refund, RefundLine, RefundStatus
from shop.villages.models import Household
from tests.factories.building import building, next_number


@building
def make_paid_order(
    *pieces: tuple[Product, int],
    at: datetime | None = None,
    channel: Channel = Channel.ONLINE,
    is_test: bool = False,
    is_insider: bool = False,
    booked: bool = True,
) -> Order:
    """An order of ``(product, quantity)`` pieces of one village, paid now, in the book unless told otherwise."""
    at = at or clock.now()
    lines = [_line(position, product, quantity) for position, (product, quantity) in enumerate(pieces)]
    goods = sum(line.net_fen for line in lines)
    checkout = Checkout(
        form_token=new_token(), guest_digest=new_token(), goods_fen=goods, freight_fen=0, total_fen=goods,
        placed_at=at, payable_until=at + timedelta(minutes=30),
    )  # fmt: skip
    order = Order(
        number=f'T{next_number():08d}', checkout=checkout, supplier_id=pieces[0][0].supplier_id,
        village_id=pieces[0][0].village_id, status=OrderStatus.AWAITING_SHIPMENT, channel=channel,
        institution_name='市交通运输局' if channel is Channel.INSTITUTION else None, is_test=is_test,
        is_insider=is_insider, goods_fen=goods, freight_fen=0, total_fen=goods, recipient='李红', phone='13800000000',
        province_code='220000', city_code='220500', county_code='220524', street='向阳路 1 号', placed_at=at,
        payable_until=at + timedelta(minutes=30), paid_at=at, lines=lines,
    )  # fmt: skip
    payment = Payment(
        checkout=checkout, gateway='sandbox', reference=new_token(), amount_fen=goods,
        status=PaymentStatus.SUCCEEDED, settles_orders=True, created_at=at, succeeded_at=at, captured_fen=goods,
        captured_currency='CNY',
    )  # fmt: skip
    db.session.add_all([checkout, order, payment])
    db.session.flush()
    if booked:
        record_sale(order, occurred_at=at, at=at)
    return order


@building
def complete(order: Order, *, at: datetime | None = None, booked: bool = True) -> Order:
    """The order was sent and received; its benefit is in the book unless told otherwise."""
    at = at or clock.now()
    order.status = OrderStatus.COMPLETED
    order.shipped_at = order.completed_at = at
    for line in order.lines:
        line.shipped_quantity = line.quantity
    if booked:
        record_benefit(order, at=at)
    return order


@building
def make_completed_order(*pieces: tuple[Product, int], at: datetime | None = None) -> Order:
    """An order paid and received at once."""
    return complete(make_paid_order(*pieces, at=at), at=at)


@building
def make_refund(line: OrderLine, quantity: int = 1, *, at: datetime | None = None, booked: bool = True) -> Refund:
    """So many units of a line paid back, with their part of the benefit."""
    at = at or clock.now()
    amount = line.net_fen * quantity // line.quantity
    payment = db.session.scalars(select(Payment).where(Payment.checkout_id == line.order.checkout_id)).one()
    refund = Refund(
        payment=payment, order=line.order, idempotency_key=new_token(), amount_fen=amount, freight_fen=0,
        status=RefundStatus.SUCCEEDED, reason='坏果', requested_at=at, succeeded_at=at,
        lines=[
            RefundLine(
                line=line, amount_fen=amount, quantity=quantity,
                benefit_fen=(line.benefit_fen or 0) * quantity // line.quantity,
            )
        ],
    )  # fmt: skip
    db.session.add(refund)
    db.session.flush()
    if booked:
        record_refund(refund, at=at)
    return refund


@building
def make_payout(pool: BenefitPool, household: Household, fen: int, *, at: datetime | None = None) -> BenefitPayout:
    """Money handed to a household, with its slip."""
    day = clock.business_day(at or clock.now())
    payout = BenefitPayout(
        pool_id=pool.id, household_id=household.id, amount_fen=fen, evidence='转账回单', occurred_on=day, booked_on=day
    )
    db.session.add(payout)
    return payout


def version_of(product: Product) -> AgreementVersion:
    """The version in force."""
    return db.session.scalars(
        select(AgreementVersion)
        .join(BenefitAgreement)
        .where(BenefitAgreement.product_id == product.id, AgreementVersion.status == VersionStatus.IN_FORCE)
    ).one()


def pool_of(product: Product) -> BenefitPool:
    """The pool of the version in force, as the database has it."""
    statement = select(BenefitPool).where(BenefitPool.version_id == version_of(product).id)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def households_of(product: Product) -> Sequence[Household]:
    """The households of the version in force, in their order."""
    return [share.household for share in version_of(product).shares]


def _line(position: int, product: Product, quantity: int) -> OrderLine:
    variant = product.variants[0]
    endorsement = db.session.scalars(
        select(Endorsement).where(Endorsement.product_id == product.id).order_by(Endorsement.id.desc())
    ).first()
    assert endorsement is not None
    version = version_of(product)
    net = variant.price_fen * quantity
    return OrderLine(
        position=position, variant_id=variant.id, product_id=product.id, product_name=product.name,
        variant_name=variant.name, unit_price_fen=variant.price_fen, quantity=quantity, net_fen=net,
        category_id=product.category_id, brand_id=product.brand_id, endorsement_id=endorsement.id,
        tenure_id=endorsement.tenure_id, agreement_version_id=version.id,
        benefit_fen=version.benefit_fen(net, quantity),
    )  # fmt: skip
