"""What somebody keeps an eye on: a product, at the price it had when it was put by."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalogue.models import Product
from shop.kit.database import Fen, Id, Model


class Favourite(Model):
    """A product somebody likes; a guest's is found by a token, a user's by the user; each product once."""

    __tablename__ = 'favourites'
    __table_args__ = (
        CheckConstraint('(user_id IS NULL) <> (guest_digest IS NULL)', 'one_owner'),
        UniqueConstraint('user_id', 'product_id'),
        UniqueConstraint('guest_digest', 'product_id'),
    )

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='账号')
    guest_digest: Mapped[str | None] = mapped_column(String(64), comment='游客令牌摘要')
    product_id: Mapped[int] = mapped_column(ForeignKey('products.id'), index=True, comment='产品')
    price_fen: Mapped[Fen] = mapped_column(comment='收藏时最低单价(分，0为当时未售)')
    added_at: Mapped[datetime] = mapped_column(comment='收藏时间')

    product: Mapped[Product] = relationship()
