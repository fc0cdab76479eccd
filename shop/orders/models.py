"""Checkout, order and line: what was bought, with everything that held when it was paid."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.benefits.models import AgreementVersion
from shop.catalogue.models import Product
from shop.endorsements.models import Endorsement
from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError
from shop.suppliers.models import Supplier
from shop.villages.models import Tenure, Village


class Channel(Labelled):
    """Where a sale was made; each sale counts to exactly one."""

    ONLINE = 'online', '线上零售'
    INSTITUTION = 'institution', '单位采购'
    LIVESTREAM = 'livestream', '直播'
    EXPO = 'expo', '展销'
    OTHER_OFFLINE = 'other_offline', '其他线下'


class OrderStatus(Labelled):
    """The life of an order."""

    PENDING_PAYMENT = 'pending_payment', '待付款'
    AWAITING_SHIPMENT = 'awaiting_shipment', '待发货'
    PARTLY_SHIPPED = 'partly_shipped', '部分发货'
    AWAITING_RECEIPT = 'awaiting_receipt', '待收货'
    COMPLETED = 'completed', '已完成'
    CANCELLED = 'cancelled', '已取消'
    CLOSED = 'closed', '已关闭'


S = OrderStatus
ORDER_MOVES: dict[S, frozenset[S]] = {
    S.PENDING_PAYMENT: frozenset({S.AWAITING_SHIPMENT, S.CANCELLED}),
    S.AWAITING_SHIPMENT: frozenset({S.PARTLY_SHIPPED, S.AWAITING_RECEIPT, S.CLOSED}),
    S.PARTLY_SHIPPED: frozenset({S.PARTLY_SHIPPED, S.AWAITING_RECEIPT, S.CLOSED}),
    S.AWAITING_RECEIPT: frozenset({S.COMPLETED, S.CLOSED}),
    S.COMPLETED: frozenset({S.CLOSED}),
    S.CANCELLED: frozenset(),
    S.CLOSED: frozenset(),
}
PAID_STATUSES = frozenset({S.AWAITING_SHIPMENT, S.PARTLY_SHIPPED, S.AWAITING_RECEIPT, S.COMPLETED})


class OrderMoveError(BusinessError):
    """An order cannot go from its status to the one asked for."""


class Checkout(Model):
    """One placing of a basket: one payment for one order per supplier; the form token makes it happen once."""

    __tablename__ = 'checkouts'
    __table_args__ = (
        CheckConstraint('(user_id IS NULL) <> (guest_digest IS NULL)', 'one_buyer'),
        CheckConstraint('goods_fen >= 0 AND freight_fen >= 0', 'parts_not_negative'),
        CheckConstraint('total_fen = goods_fen + freight_fen', 'total_is_sum'),
    )

    id: Mapped[Id]
    form_token: Mapped[str] = mapped_column(String(64), unique=True, comment='表单令牌(防重复提交)')
    user_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), index=True, comment='买家')
    guest_digest: Mapped[str | None] = mapped_column(String(64), index=True, comment='游客令牌摘要')
    goods_fen: Mapped[Fen] = mapped_column(comment='商品金额(分)')
    freight_fen: Mapped[Fen] = mapped_column(comment='运费(分)')
    total_fen: Mapped[Fen] = mapped_column(comment='应付金额(分)')
    placed_at: Mapped[datetime] = mapped_column(comment='下单时间')
    payable_until: Mapped[datetime] = mapped_column(comment='付款截止时间')
    email: Mapped[str | None] = mapped_column(String(120), comment='通知邮箱')
    language: Mapped[str] = mapped_column(String(2), default='zh', comment='下单时的语言')

    orders: Mapped[list['Order']] = relationship(back_populates='checkout', order_by='Order.id')


class Order(Model):
    """The goods of one supplier in one checkout."""

    __tablename__ = 'orders'
    __table_args__ = (
        CheckConstraint('goods_fen >= 0 AND freight_fen >= 0', 'parts_not_negative'),
        CheckConstraint('total_fen = goods_fen + freight_fen', 'total_is_sum'),
        CheckConstraint("(status IN ('pending_payment', 'cancelled')) = (paid_at IS NULL)", 'paid_has_time'),
        CheckConstraint("status <> 'completed' OR completed_at IS NOT NULL", 'completed_has_time'),
        CheckConstraint("(channel = 'institution') = (institution_name IS NOT NULL)", 'institution_has_name'),
        CheckConstraint("institution_id IS NULL OR channel = 'institution'", 'institution_is_of_its_channel'),
        Index(None, 'status', 'payable_until'),
        Index(None, 'status', 'receive_by'),
        Index(None, 'village_id', 'status'),
        Index(
            'ix_orders_not_erased',
            'placed_at',
            sqlite_where=text('erased_at IS NULL'),
            postgresql_where=text('erased_at IS NULL'),
        ),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(20), unique=True, comment='订单号')
    checkout_id: Mapped[int] = mapped_column(ForeignKey('checkouts.id'), index=True, comment='结算单')
    user_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), index=True, comment='买家')
    supplier_id: Mapped[int] = mapped_column(ForeignKey('suppliers.id'), comment='供货主体')
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), comment='村')
    status: Mapped[OrderStatus] = mapped_column(enum_column(OrderStatus), comment='状态')
    channel: Mapped[Channel] = mapped_column(enum_column(Channel), comment='销售渠道')
    share_link_id: Mapped[int | None] = mapped_column(ForeignKey('share_links.id'), index=True, comment='来自分享链接')
    institution_name: Mapped[str | None] = mapped_column(String(60), comment='采购单位')
    institution_id: Mapped[int | None] = mapped_column(
        ForeignKey('institutions.id'), index=True, comment='采购单位(登记的)'
    )
    is_test: Mapped[bool] = mapped_column(default=False, comment='是否测试单')
    is_insider: Mapped[bool] = mapped_column(default=False, comment='是否内部人员下单')
    goods_fen: Mapped[Fen] = mapped_column(comment='商品净额(分)')
    freight_fen: Mapped[Fen] = mapped_column(comment='运费(分)')
    total_fen: Mapped[Fen] = mapped_column(comment='应付金额(分)')
    recipient: Mapped[str] = mapped_column(String(40), comment='收货人')
    phone: Mapped[str] = mapped_column(String(20), comment='收货电话')
    province_code: Mapped[str] = mapped_column(String(6), comment='收货省')
    city_code: Mapped[str] = mapped_column(String(6), comment='收货市')
    county_code: Mapped[str] = mapped_column(String(6), comment='收货县')
    street: Mapped[str] = mapped_column(String(120), comment='详细地址')
    note: Mapped[str] = mapped_column(String(200), default='', comment='买家留言')
    placed_at: Mapped[datetime] = mapped_column(index=True, comment='下单时间')
    payable_until: Mapped[datetime] = mapped_column(comment='付款截止时间')
    paid_at: Mapped[datetime | None] = mapped_column(comment='付款时间')
    shipped_at: Mapped[datetime | None] = mapped_column(comment='全部发货时间')
    receive_by: Mapped[datetime | None] = mapped_column(comment='自动收货时间')
    disputed_at: Mapped[datetime | None] = mapped_column(comment='售后未了结起始时间(自动收货暂停)')
    completed_at: Mapped[datetime | None] = mapped_column(comment='完成时间')
    erased_at: Mapped[datetime | None] = mapped_column(comment='收货信息清除时间')

    checkout: Mapped[Checkout] = relationship(back_populates='orders')
    supplier: Mapped[Supplier] = relationship()
    village: Mapped[Village] = relationship()
    lines: Mapped[list['OrderLine']] = relationship(back_populates='order', order_by='OrderLine.position')
    events: Mapped[list['OrderEvent']] = relationship(back_populates='order', order_by='OrderEvent.id')
    shipments: Mapped[list['Shipment']] = relationship(back_populates='order', order_by='Shipment.id')

    @property
    def is_paid(self) -> bool:
        """Whether money was received for it."""
        return self.paid_at is not None

    @property
    def is_completed(self) -> bool:
        """Whether its benefit has accrued."""
        return self.completed_at is not None

    def move(self, to: OrderStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the event; raises `OrderMoveError`."""
        if to not in ORDER_MOVES[self.status]:
            raise OrderMoveError(
                _('订单状态为“%(now)s”，不能改为“%(wanted)s”。', now=self.status.label, wanted=to.label)
            )
        events = self.events  # read before anything changes, so that reading cannot flush half a move
        before, self.status = self.status, to
        events.append(OrderEvent(at=at, actor_id=actor_id, from_status=before, to_status=to, reason=reason))


class OrderLine(Model):
    """A variant in an order; who sold it, under which endorsement and agreement, is copied when it is paid."""

    __tablename__ = 'order_lines'
    __table_args__ = (
        UniqueConstraint('order_id', 'position'),
        CheckConstraint('quantity > 0', 'quantity_positive'),
        CheckConstraint('unit_price_fen > 0 AND discount_fen >= 0', 'prices_in_range'),
        CheckConstraint('net_fen = unit_price_fen * quantity - discount_fen AND net_fen >= 0', 'net_is_difference'),
        CheckConstraint('shipped_quantity >= 0 AND shipped_quantity <= quantity', 'shipped_in_range'),
        CheckConstraint(
            'withheld_quantity >= 0 AND shipped_quantity + withheld_quantity <= quantity', 'withheld_in_range'
        ),
        CheckConstraint('benefit_fen IS NULL OR (benefit_fen >= 0 AND benefit_fen <= net_fen)', 'benefit_in_range'),
        CheckConstraint(
            '(endorsement_id IS NULL) = (tenure_id IS NULL)'
            ' AND (endorsement_id IS NULL) = (agreement_version_id IS NULL)'
            ' AND (endorsement_id IS NULL) = (benefit_fen IS NULL)',
            'snapshot_whole',
        ),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey('orders.id'), comment='订单')
    position: Mapped[int] = mapped_column(comment='行号')
    variant_id: Mapped[int] = mapped_column(ForeignKey('variants.id'), index=True, comment='规格')
    product_id: Mapped[int] = mapped_column(ForeignKey('products.id'), index=True, comment='产品')
    product_name: Mapped[str] = mapped_column(String(60), comment='下单时品名')
    variant_name: Mapped[str] = mapped_column(String(40), comment='下单时规格')
    unit_price_fen: Mapped[Fen] = mapped_column(comment='单价(分)')
    quantity: Mapped[int] = mapped_column(comment='数量')
    discount_fen: Mapped[Fen] = mapped_column(default=0, comment='优惠(分)')
    net_fen: Mapped[Fen] = mapped_column(comment='净额(分)')
    shipped_quantity: Mapped[int] = mapped_column(default=0, comment='已发数量')
    withheld_quantity: Mapped[int] = mapped_column(default=0, comment='未发先退(退款申请中或已退款)的数量')
    category_id: Mapped[int] = mapped_column(ForeignKey('categories.id'), comment='类目')
    brand_id: Mapped[int | None] = mapped_column(ForeignKey('brands.id'), comment='品牌')
    endorsement_id: Mapped[int | None] = mapped_column(ForeignKey('endorsements.id'), comment='付款时代言')
    tenure_id: Mapped[int | None] = mapped_column(ForeignKey('tenures.id'), comment='付款时任期')
    agreement_version_id: Mapped[int | None] = mapped_column(
        ForeignKey('agreement_versions.id'), comment='付款时协议版本'
    )
    benefit_fen: Mapped[Fen | None] = mapped_column(comment='预计惠农金额(分)')
    ships_on: Mapped[date | None] = mapped_column(comment='下单时的预售发货日(空为现货)')

    order: Mapped[Order] = relationship(back_populates='lines')
    product: Mapped[Product] = relationship()
    endorsement: Mapped[Endorsement | None] = relationship()
    tenure: Mapped[Tenure | None] = relationship()
    agreement_version: Mapped[AgreementVersion | None] = relationship()

    @property
    def unshipped(self) -> int:
        """How many units still wait to be sent."""
        return self.quantity - self.shipped_quantity - self.withheld_quantity


class OrderEvent(Model):
    """A change of an order: who, when, why."""

    __tablename__ = 'order_events'

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey('orders.id'), index=True, comment='订单')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统或游客)')
    from_status: Mapped[OrderStatus | None] = mapped_column(enum_column(OrderStatus, 'from_status'), comment='原状态')
    to_status: Mapped[OrderStatus] = mapped_column(enum_column(OrderStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(300), default='', comment='说明')

    order: Mapped[Order] = relationship(back_populates='events')


class Courier(Labelled):
    """The couriers a village may use."""

    SF = 'sf', '顺丰速运'
    ZTO = 'zto', '中通快递'
    YTO = 'yto', '圆通速递'
    STO = 'sto', '申通快递'
    YUNDA = 'yunda', '韵达快递'
    JT = 'jt', '极兔速递'
    JD = 'jd', '京东物流'
    DEPPON = 'deppon', '德邦快递'
    POST = 'post', '邮政快递包裹'
    EMS = 'ems', 'EMS'
    PICKUP = 'pickup', '自提或到店'


class Shipment(Model):
    """A parcel with its tracking number."""

    __tablename__ = 'shipments'
    __table_args__ = (UniqueConstraint('order_id', 'courier', 'tracking_number'),)

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey('orders.id'), comment='订单')
    courier: Mapped[Courier] = mapped_column(enum_column(Courier), comment='承运')
    tracking_number: Mapped[str] = mapped_column(String(30), comment='运单号')
    shipped_at: Mapped[datetime] = mapped_column(comment='发货时间')
    shipped_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='发货人')

    order: Mapped[Order] = relationship(back_populates='shipments')
    lines: Mapped[list['ShipmentLine']] = relationship(order_by='ShipmentLine.id')


class ShipmentLine(Model):
    """How many units of a line are in a parcel."""

    __tablename__ = 'shipment_lines'
    __table_args__ = (
        UniqueConstraint('shipment_id', 'order_line_id'),
        CheckConstraint('quantity > 0', 'quantity_positive'),
    )

    id: Mapped[Id]
    shipment_id: Mapped[int] = mapped_column(ForeignKey('shipments.id'), comment='包裹')
    order_line_id: Mapped[int] = mapped_column(ForeignKey('order_lines.id'), index=True, comment='订单行')
    quantity: Mapped[int] = mapped_column(comment='数量')

    line: Mapped[OrderLine] = relationship()
