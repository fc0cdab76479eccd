"""Employees whose own purchases count to their institution as well, if both agree."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.accounts.models import User
from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.orders.models import Checkout
from shop.procurement.institution import Institution, InstitutionMoveError, ProcurementStep, step_of

_LIVE = text("status IN ('asked', 'linked')")


class EmploymentStatus(Labelled):
    """Whether an employee's purchases may be credited."""

    ASKED = 'asked', '等单位同意'
    LINKED = 'linked', '已关联'
    DECLINED = 'declined', '单位未同意'
    ENDED = 'ended', '已解除'


E = EmploymentStatus
EMPLOYMENT_MOVES: dict[E, frozenset[E]] = {
    E.ASKED: frozenset({E.LINKED, E.DECLINED, E.ENDED}),
    E.LINKED: frozenset({E.ENDED}),
    E.DECLINED: frozenset(),
    E.ENDED: frozenset(),
}


class Employment(Model):
    """Somebody who works for an institution and asked to be linked to it; one at a time."""

    __tablename__ = 'employments'
    __table_args__ = (
        CheckConstraint("status = 'asked' OR decided_at IS NOT NULL", 'decided_has_time'),
        Index('uq_employments_user', 'user_id', unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index(None, 'institution_id', 'status'),
    )

    id: Mapped[Id]
    institution_id: Mapped[int] = mapped_column(ForeignKey('institutions.id'), comment='单位')
    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='职工账号')
    status: Mapped[EmploymentStatus] = mapped_column(enum_column(EmploymentStatus), comment='状态')
    asked_at: Mapped[datetime] = mapped_column(comment='申请时间')
    decided_at: Mapped[datetime | None] = mapped_column(comment='最近一次决定时间')

    institution: Mapped[Institution] = relationship()
    user: Mapped[User] = relationship()
    steps: Mapped[list[ProcurementStep]] = relationship(order_by='ProcurementStep.id')

    def move(self, to: EmploymentStatus, *, actor_id: int, at: datetime) -> None:
        """Go to another status and keep the step; raises `InstitutionMoveError`."""
        if to not in EMPLOYMENT_MOVES[self.status]:
            raise InstitutionMoveError(
                _('关联状态为“%(now)s”，不能改为“%(wanted)s”。', now=self.status.label, wanted=to.label)
            )
        steps = self.steps  # read before anything changes, so that reading cannot flush half a move
        steps.append(step_of(self.status, to, actor_id, at, ''))
        self.status, self.decided_at = to, at


class PurchaseCredit(Model):
    """A checkout of an employee that counts to the institution as well, because the employee said so for this one."""

    __tablename__ = 'purchase_credits'

    id: Mapped[Id]
    checkout_id: Mapped[int] = mapped_column(ForeignKey('checkouts.id'), unique=True, comment='结算单')
    institution_id: Mapped[int] = mapped_column(ForeignKey('institutions.id'), index=True, comment='单位')
    employment_id: Mapped[int] = mapped_column(ForeignKey('employments.id'), index=True, comment='职工关联')
    consented_at: Mapped[datetime] = mapped_column(comment='本人勾选同意的时间')

    checkout: Mapped[Checkout] = relationship()
