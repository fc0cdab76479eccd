"""The budget list: goods somebody thinks of buying for many heads, kept for a guest by token like the basket."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalogue.models import Variant
from shop.kit.database import Fen, Id, Model
from shop.orders.basket import MOST_FOR_INSTITUTIONS

MAX_HEADS = 99_999
MAX_LINES = 200


class BudgetList(Model):
    """What may be bought for so many heads; a guest's is found by a token, a user's by the user."""

    __tablename__ = 'budget_lists'
    __table_args__ = (
        CheckConstraint('(user_id IS NULL) <> (guest_digest IS NULL)', 'one_owner'),
        CheckConstraint(f'heads > 0 AND heads <= {MAX_HEADS}', 'heads_in_range'),
        CheckConstraint('budget_per_head_fen IS NULL OR budget_per_head_fen > 0', 'budget_positive'),
    )

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), unique=True, comment='账号')
    guest_digest: Mapped[str | None] = mapped_column(String(64), unique=True, comment='游客令牌摘要')
    title: Mapped[str] = mapped_column(String(40), default='', comment='名目')
    heads: Mapped[int] = mapped_column(default=1, comment='人数')
    budget_per_head_fen: Mapped[Fen | None] = mapped_column(comment='人均预算(分，空为不设)')
    updated_at: Mapped[datetime] = mapped_column(comment='最近改动')

    lines: Mapped[list['BudgetLine']] = relationship(
        back_populates='budget_list', order_by='BudgetLine.id', cascade='all, delete-orphan'
    )


class BudgetLine(Model):
    """A variant on the list, so many per head or in all, with the price last seen."""

    __tablename__ = 'budget_lines'
    __table_args__ = (
        UniqueConstraint('budget_list_id', 'variant_id'),
        CheckConstraint(f'quantity > 0 AND quantity <= {MOST_FOR_INSTITUTIONS}', 'quantity_in_range'),
    )

    id: Mapped[Id]
    budget_list_id: Mapped[int] = mapped_column(ForeignKey('budget_lists.id'), comment='采购清单')
    variant_id: Mapped[int] = mapped_column(ForeignKey('variants.id'), index=True, comment='规格')
    quantity: Mapped[int] = mapped_column(comment='数量')
    is_per_head: Mapped[bool] = mapped_column(default=False, comment='是否按每人计')
    seen_price_fen: Mapped[Fen] = mapped_column(comment='上次看到的单价(分)')
    added_at: Mapped[datetime] = mapped_column(comment='加入时间')

    budget_list: Mapped[BudgetList] = relationship(back_populates='lines')
    variant: Mapped[Variant] = relationship()

    def total_quantity(self, heads: int) -> int:
        """How many units are to be bought for so many heads."""
        return self.quantity * heads if self.is_per_head else self.quantity
