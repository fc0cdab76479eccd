"""The book: append-only entries, the pools they feed, and the days that are closed."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.benefits.models import AgreementVersion
from shop.kit.database import BigInt, Fen, Id, Model, enum_column
from shop.orders.models import Channel

_ONE_CAUSE = '(order_line_id IS NULL) <> (refund_line_id IS NULL)'


class SalesEntry(Model):
    """One sale or one refund of one line; freight apart. Never changed, never deleted."""

    __tablename__ = 'sales_entries'
    __table_args__ = (
        CheckConstraint(_ONE_CAUSE, 'one_cause'),
        CheckConstraint(
            '(order_line_id IS NOT NULL AND amount_fen >= 0 AND quantity > 0)'
            ' OR (refund_line_id IS NOT NULL AND amount_fen < 0 AND quantity <= 0)',
            'sign_fits_cause',
        ),
        CheckConstraint('booked_on >= occurred_on', 'booked_after_it_happened'),
        Index(None, 'booked_on', 'product_id'),
        Index(None, 'product_id', 'booked_on'),
    )

    id: Mapped[Id]
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey('order_lines.id'), unique=True, comment='事由：订单行')
    refund_line_id: Mapped[int | None] = mapped_column(
        ForeignKey('refund_lines.id'), unique=True, comment='事由：退款行'
    )
    amount_fen: Mapped[Fen] = mapped_column(comment='金额(分，退款为负)')
    quantity: Mapped[int] = mapped_column(comment='件数(退回为负)')
    occurred_on: Mapped[date] = mapped_column(comment='发生日')
    booked_on: Mapped[date] = mapped_column(comment='入账日')
    booked_at: Mapped[datetime] = mapped_column(comment='入账时间')
    period: Mapped[date] = mapped_column(comment='所属月份(月首日)')
    channel: Mapped[Channel] = mapped_column(enum_column(Channel), comment='销售渠道')
    is_insider: Mapped[bool] = mapped_column(comment='是否内部人员下单')
    county_id: Mapped[int] = mapped_column(ForeignKey('regions.id'), comment='县')
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), index=True, comment='村')
    tenure_id: Mapped[int] = mapped_column(ForeignKey('tenures.id'), index=True, comment='任期')
    product_id: Mapped[int] = mapped_column(ForeignKey('products.id'), comment='产品')
    brand_id: Mapped[int | None] = mapped_column(ForeignKey('brands.id'), comment='品牌')
    category_id: Mapped[int] = mapped_column(ForeignKey('categories.id'), comment='类目')


_ONE_BENEFIT_CAUSE = """
(CASE WHEN order_line_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN refund_line_id IS NULL THEN 0 ELSE 1 END)
+ (CASE WHEN earnings_id IS NULL THEN 0 ELSE 1 END) = 1
"""


class BenefitPool(Model):
    """What the sales under one agreement version have brought; one row per version, moved under its lock."""

    __tablename__ = 'benefit_pools'
    __table_args__ = (
        CheckConstraint('amount_fen >= 0', 'amount_not_negative'),
        CheckConstraint('entry_count >= 0', 'count_not_negative'),
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey('agreement_versions.id'), unique=True, comment='协议版本')
    amount_fen: Mapped[Fen] = mapped_column(default=0, comment='池值(分)')
    entry_count: Mapped[int] = mapped_column(default=0, comment='分录数')
    next_reach_fen: Mapped[Fen | None] = mapped_column(comment='再有农户受益时的池值(分)')

    version: Mapped[AgreementVersion] = relationship()


class BenefitEntry(Model):
    """What one completed line, its reversal, or a batch of earnings did to a pool. Never changed, never deleted."""

    __tablename__ = 'benefit_entries'
    __table_args__ = (
        UniqueConstraint('pool_id', 'sequence'),
        CheckConstraint(_ONE_BENEFIT_CAUSE, 'one_cause'),
        CheckConstraint(
            '(refund_line_id IS NULL AND amount_fen >= 0 AND borne_by_supplier_fen = 0)'
            ' OR (refund_line_id IS NOT NULL AND amount_fen <= 0 AND borne_by_supplier_fen >= 0)',
            'sign_fits_cause',
        ),
        CheckConstraint('pool_after_fen >= 0 AND pool_after_fen >= amount_fen', 'pool_in_range'),
        CheckConstraint('booked_on >= occurred_on', 'booked_after_it_happened'),
        Index(None, 'booked_on'),
    )

    id: Mapped[Id]
    pool_id: Mapped[int] = mapped_column(ForeignKey('benefit_pools.id'), comment='惠农池')
    sequence: Mapped[int] = mapped_column(comment='池内序号')
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey('order_lines.id'), unique=True, comment='事由：订单行')
    refund_line_id: Mapped[int | None] = mapped_column(
        ForeignKey('refund_lines.id'), unique=True, comment='事由：退款行'
    )
    amount_fen: Mapped[Fen] = mapped_column(comment='金额(分，冲回为负)')
    borne_by_supplier_fen: Mapped[Fen] = mapped_column(default=0, comment='供货方承担(分)')
    pool_after_fen: Mapped[Fen] = mapped_column(comment='入账后池值(分)')
    occurred_on: Mapped[date] = mapped_column(comment='发生日')
    booked_on: Mapped[date] = mapped_column(comment='入账日')
    booked_at: Mapped[datetime] = mapped_column(comment='入账时间')
    earnings_id: Mapped[int | None] = mapped_column(
        ForeignKey('earnings_batches.id'), unique=True, comment='事由：非销售收益批次'
    )

    pool: Mapped[BenefitPool] = relationship()


class PayoutPart(Model):
    """What one line of a payout batch holds of one pool for its household, until it is paid or released."""

    __tablename__ = 'payout_parts'
    __table_args__ = (
        UniqueConstraint('line_id', 'pool_id'),
        # What a payout must equal, column by column.
        UniqueConstraint('id', 'pool_id', 'household_id', 'amount_fen'),
        ForeignKeyConstraint(['line_id', 'household_id'], ['payout_lines.id', 'payout_lines.household_id']),
        CheckConstraint('amount_fen > 0', 'amount_positive'),
        Index(None, 'pool_id', 'household_id'),
    )

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(BigInt, comment='兑付行')
    pool_id: Mapped[int] = mapped_column(ForeignKey('benefit_pools.id'), comment='惠农池')
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), index=True, comment='农户')
    amount_fen: Mapped[Fen] = mapped_column(comment='占用金额(分)')
    is_released: Mapped[bool] = mapped_column(default=False, comment='是否已退回池中')

    pool: Mapped[BenefitPool] = relationship()


class BenefitPayout(Model):
    """Money handed to a household, with its evidence; it is exactly one part of a batch. Never changed, never deleted.

    Only what was handed over before there were batches has no part.
    """

    __tablename__ = 'benefit_payouts'
    __table_args__ = (
        ForeignKeyConstraint(
            ['part_id', 'pool_id', 'household_id', 'amount_fen'],
            ['payout_parts.id', 'payout_parts.pool_id', 'payout_parts.household_id', 'payout_parts.amount_fen'],
        ),
        CheckConstraint('amount_fen > 0', 'amount_positive'),
        CheckConstraint("evidence <> ''", 'evidence_given'),
    )

    id: Mapped[Id]
    pool_id: Mapped[int] = mapped_column(ForeignKey('benefit_pools.id'), index=True, comment='惠农池')
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), index=True, comment='农户')
    amount_fen: Mapped[Fen] = mapped_column(comment='兑付金额(分)')
    evidence: Mapped[str] = mapped_column(String(200), comment='凭证')
    occurred_on: Mapped[date] = mapped_column(comment='发放日')
    booked_on: Mapped[date] = mapped_column(index=True, comment='入账日')
    part_id: Mapped[int | None] = mapped_column(BigInt, unique=True, comment='兑付行里的哪一份')


class SalesDay(Model):
    """The sums of one closed day, by product, tenure, channel and insider flag."""

    __tablename__ = 'sales_days'
    __table_args__ = (
        Index(
            'uq_sales_days',
            'day',
            'product_id',
            'tenure_id',
            'channel',
            'is_insider',
            'category_id',
            text('coalesce(brand_id, 0)'),
            unique=True,
        ),
        Index(None, 'product_id', 'day'),
    )

    id: Mapped[Id]
    day: Mapped[date] = mapped_column(comment='入账日')
    county_id: Mapped[int] = mapped_column(ForeignKey('regions.id'), comment='县')
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), comment='村')
    tenure_id: Mapped[int] = mapped_column(ForeignKey('tenures.id'), comment='任期')
    product_id: Mapped[int] = mapped_column(ForeignKey('products.id'), comment='产品')
    brand_id: Mapped[int | None] = mapped_column(ForeignKey('brands.id'), comment='品牌')
    category_id: Mapped[int] = mapped_column(ForeignKey('categories.id'), comment='类目')
    channel: Mapped[Channel] = mapped_column(enum_column(Channel), comment='销售渠道')
    is_insider: Mapped[bool] = mapped_column(comment='是否内部人员下单')
    amount_fen: Mapped[Fen] = mapped_column(comment='净销售额(分)')
    refunded_fen: Mapped[Fen] = mapped_column(comment='其中退款(分，负数)')
    quantity: Mapped[int] = mapped_column(comment='净件数')
    entry_count: Mapped[int] = mapped_column(comment='分录数')


class SalesMonth(Model):
    """The sums of the closed days of one month, by the same dimensions."""

    __tablename__ = 'sales_months'
    __table_args__ = (
        Index(
            'uq_sales_months',
            'month',
            'product_id',
            'tenure_id',
            'channel',
            'is_insider',
            'category_id',
            text('coalesce(brand_id, 0)'),
            unique=True,
        ),
        Index(None, 'product_id', 'month'),
    )

    id: Mapped[Id]
    month: Mapped[date] = mapped_column(comment='入账月(月首日)')
    county_id: Mapped[int] = mapped_column(ForeignKey('regions.id'), comment='县')
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), comment='村')
    tenure_id: Mapped[int] = mapped_column(ForeignKey('tenures.id'), comment='任期')
    product_id: Mapped[int] = mapped_column(ForeignKey('products.id'), comment='产品')
    brand_id: Mapped[int | None] = mapped_column(ForeignKey('brands.id'), comment='品牌')
    category_id: Mapped[int] = mapped_column(ForeignKey('categories.id'), comment='类目')
    channel: Mapped[Channel] = mapped_column(enum_column(Channel), comment='销售渠道')
    is_insider: Mapped[bool] = mapped_column(comment='是否内部人员下单')
    amount_fen: Mapped[Fen] = mapped_column(comment='净销售额(分)')
    refunded_fen: Mapped[Fen] = mapped_column(comment='其中退款(分，负数)')
    quantity: Mapped[int] = mapped_column(comment='净件数')
    entry_count: Mapped[int] = mapped_column(comment='分录数')


class HouseholdReach(Model):
    """The households first reached in one month, as a bitmap over their ordinals in the village."""

    __tablename__ = 'household_reaches'
    __table_args__ = (
        UniqueConstraint('village_id', 'month'),
        CheckConstraint('household_count >= 0', 'count_not_negative'),
    )

    id: Mapped[Id]
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), comment='村')
    month: Mapped[date] = mapped_column(comment='入账月(月首日)')
    bitmap: Mapped[bytes] = mapped_column(LargeBinary, comment='户位图(低位在前)')
    household_count: Mapped[int] = mapped_column(comment='户数')


class DaySeal(Model):
    """The seal of a closed day: the Merkle root of its entries, chained to the day before."""

    __tablename__ = 'day_seals'

    day: Mapped[date] = mapped_column(primary_key=True, comment='入账日')
    previous_root: Mapped[str] = mapped_column(String(64), comment='上一日封签')
    entries_root: Mapped[str] = mapped_column(String(64), comment='当日分录树根')
    root: Mapped[str] = mapped_column(String(64), unique=True, comment='封签')
    sales_count: Mapped[int] = mapped_column(comment='销售分录数')
    sales_fen: Mapped[Fen] = mapped_column(comment='销售净额(分)')
    benefit_count: Mapped[int] = mapped_column(comment='惠农分录数')
    benefit_fen: Mapped[Fen] = mapped_column(comment='惠农净额(分)')
    reached_count: Mapped[int] = mapped_column(comment='新增受益户数')
    sealed_at: Mapped[datetime] = mapped_column(comment='封账时间')


class DayLeaves(Model):
    """The leaves under a day's seal, in the order of its tree. Never changed, never deleted."""

    __tablename__ = 'day_leaves'

    day: Mapped[date] = mapped_column(ForeignKey('day_seals.day'), primary_key=True, comment='入账日')
    leaves: Mapped[bytes] = mapped_column(LargeBinary, comment='当日各分录的类别、编号与摘要(每笔41字节)')
