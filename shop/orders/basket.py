"""The basket, the address book and the freight templates: what a checkout is made from."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalogue.models import Variant
from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled

MAX_QUANTITY = 999


class FreightMeasure(Labelled):
    """What freight is counted by; weights are whole grams with packing."""

    PIECES = 'pieces', '按件数'
    WEIGHT = 'weight', '按重量'


class Basket(Model):
    """What somebody means to buy; a guest's is found by a token, a user's by the user."""

    __tablename__ = 'baskets'
    __table_args__ = (CheckConstraint('(user_id IS NULL) <> (guest_digest IS NULL)', 'one_owner'),)

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), unique=True, comment='账号')
    guest_digest: Mapped[str | None] = mapped_column(String(64), unique=True, comment='游客令牌摘要')
    updated_at: Mapped[datetime] = mapped_column(comment='最近改动')

    lines: Mapped[list['BasketLine']] = relationship(
        back_populates='basket', order_by='BasketLine.id', cascade='all, delete-orphan'
    )


class BasketLine(Model):
    """A variant in a basket, with what the buyer was last shown of it: price, agreement and pre-sale."""

    __tablename__ = 'basket_lines'
    __table_args__ = (
        UniqueConstraint('basket_id', 'variant_id'),
        CheckConstraint(f'quantity > 0 AND quantity <= {MAX_QUANTITY}', 'quantity_in_range'),
    )

    id: Mapped[Id]
    basket_id: Mapped[int] = mapped_column(ForeignKey('baskets.id'), comment='购物车')
    variant_id: Mapped[int] = mapped_column(ForeignKey('variants.id'), index=True, comment='规格')
    quantity: Mapped[int] = mapped_column(comment='数量')
    seen_price_fen: Mapped[Fen] = mapped_column(comment='加入时单价(分)')
    seen_version_id: Mapped[int | None] = mapped_column(
        ForeignKey('agreement_versions.id'), comment='看过的利益联结协议版本'
    )
    seen_presale_on: Mapped[date | None] = mapped_column(comment='看过的预售发货日(空为现货)')
    added_at: Mapped[datetime] = mapped_column(comment='加入时间')

    basket: Mapped[Basket] = relationship(back_populates='lines')
    variant: Mapped[Variant] = relationship()


class Address(Model):
    """Where a user wants things sent."""

    __tablename__ = 'addresses'
    __table_args__ = (
        Index(
            'uq_addresses_default',
            'user_id',
            unique=True,
            sqlite_where=text('is_default'),
            postgresql_where=text('is_default'),
        ),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'), index=True, comment='账号')
    recipient: Mapped[str] = mapped_column(String(40), comment='收货人')
    phone: Mapped[str] = mapped_column(String(20), comment='电话')
    province_code: Mapped[str] = mapped_column(String(6), comment='省')
    city_code: Mapped[str] = mapped_column(String(6), comment='市')
    county_code: Mapped[str] = mapped_column(String(6), comment='县')
    street: Mapped[str] = mapped_column(String(120), comment='详细地址')
    is_default: Mapped[bool] = mapped_column(default=False, comment='是否默认')


class FreightTemplate(Model):
    """A supplier's freight: by piece or by weight, first and next, free above a sum of goods."""

    __tablename__ = 'freight_templates'
    __table_args__ = (
        CheckConstraint('first_units > 0 AND next_units > 0', 'units_positive'),
        CheckConstraint('first_fen >= 0 AND next_fen >= 0', 'fees_not_negative'),
    )

    id: Mapped[Id]
    supplier_id: Mapped[int] = mapped_column(ForeignKey('suppliers.id'), unique=True, comment='供货主体')
    measure: Mapped[FreightMeasure] = mapped_column(
        enum_column(FreightMeasure), default=FreightMeasure.PIECES, comment='计费方式'
    )
    first_units: Mapped[int] = mapped_column(comment='首件数或首重(克)')
    first_fen: Mapped[Fen] = mapped_column(comment='首件(首重)运费(分)')
    next_units: Mapped[int] = mapped_column(comment='续件数或续重(克)')
    next_fen: Mapped[Fen] = mapped_column(comment='续件(续重)运费(分)')
    free_above_fen: Mapped[Fen | None] = mapped_column(comment='满额包邮(分，空为不包邮)')
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='最近修改人')
    changed_at: Mapped[datetime | None] = mapped_column(comment='最近修改时间')

    regions: Mapped[list['FreightRegion']] = relationship(
        cascade='all, delete-orphan', order_by='FreightRegion.position, FreightRegion.province_code'
    )


class FreightRegion(Model):
    """A province with its own fees, or where the supplier does not deliver; those of one row share a position."""

    __tablename__ = 'freight_regions'
    __table_args__ = (
        UniqueConstraint('template_id', 'province_code'),
        CheckConstraint('first_fen >= 0 AND next_fen >= 0', 'fees_not_negative'),
    )

    id: Mapped[Id]
    template_id: Mapped[int] = mapped_column(ForeignKey('freight_templates.id'), comment='运费模板')
    position: Mapped[int] = mapped_column(default=1, comment='所在行(同一行的省份运费相同)')
    province_code: Mapped[str] = mapped_column(String(6), comment='省')
    is_refused: Mapped[bool] = mapped_column(default=False, comment='是否不配送')
    is_never_free: Mapped[bool] = mapped_column(default=False, comment='是否满额也不包邮')
    first_fen: Mapped[Fen] = mapped_column(comment='首件(首重)运费(分)')
    next_fen: Mapped[Fen] = mapped_column(comment='续件(续重)运费(分)')
