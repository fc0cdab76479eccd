"""Institutions that buy, admitted by the department, and the steps of everything in this package."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.accounts.models import User
from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError
from shop.regions.models import Region

MAX_STEP_REASON = 300
_STANDS = text("status <> 'refused'")


class InstitutionStatus(Labelled):
    """Whether an institution may buy."""

    APPLIED = 'applied', '待核准'
    ADMITTED = 'admitted', '已核准'
    REFUSED = 'refused', '未核准'
    SUSPENDED = 'suspended', '已停用'


I = InstitutionStatus  # noqa: E741
INSTITUTION_MOVES: dict[I, frozenset[I]] = {
    I.APPLIED: frozenset({I.ADMITTED, I.REFUSED}),
    I.ADMITTED: frozenset({I.SUSPENDED}),
    I.SUSPENDED: frozenset({I.ADMITTED}),
    I.REFUSED: frozenset(),
}


class InstitutionMoveError(BusinessError):
    """An institution, an order of one or an employment cannot go from its status to the one asked for."""


class ProcurementStep(Model):
    """A change of an institution, of an order of one, or of an employment: who, when, why."""

    __tablename__ = 'procurement_steps'
    __table_args__ = (
        CheckConstraint(
            '(institution_id IS NOT NULL AND procurement_order_id IS NULL AND employment_id IS NULL)'
            ' OR (institution_id IS NULL AND procurement_order_id IS NOT NULL AND employment_id IS NULL)'
            ' OR (institution_id IS NULL AND procurement_order_id IS NULL AND employment_id IS NOT NULL)',
            'one_subject',
        ),
    )

    id: Mapped[Id]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey('institutions.id'), index=True, comment='单位')
    procurement_order_id: Mapped[int | None] = mapped_column(
        ForeignKey('procurement_orders.id'), index=True, comment='采购单'
    )
    employment_id: Mapped[int | None] = mapped_column(ForeignKey('employments.id'), index=True, comment='职工关联')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    from_status: Mapped[str | None] = mapped_column(String(24), comment='原状态')
    to_status: Mapped[str] = mapped_column(String(24), comment='新状态')
    reason: Mapped[str] = mapped_column(String(300), default='', comment='说明')

    actor: Mapped[User | None] = relationship()


def step_of(before: Labelled | None, to: Labelled, actor_id: int | None, at: datetime, reason: str) -> ProcurementStep:
    """Return the row that keeps a change."""
    return ProcurementStep(
        at=at,
        actor_id=actor_id,
        from_status=before.value if before is not None else None,
        to_status=to.value,
        reason=reason[:MAX_STEP_REASON],
    )


class Institution(Model):
    """A unit that buys; its name is that of its invoices. One that was refused may apply anew."""

    __tablename__ = 'institutions'
    __table_args__ = (
        CheckConstraint("(status = 'applied') = (decided_at IS NULL)", 'decided_has_time'),
        CheckConstraint('budget_per_head_fen IS NULL OR budget_per_head_fen > 0', 'budget_positive'),
        Index('uq_institutions_name', 'name', unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        Index(
            'uq_institutions_credit_code', 'credit_code', unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
        ),
        Index(None, 'region_id', 'status'),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60), comment='单位名称(发票抬头)')
    credit_code: Mapped[str] = mapped_column(String(18), comment='统一社会信用代码(税号)')
    address: Mapped[str] = mapped_column(String(120), comment='单位地址')
    phone: Mapped[str] = mapped_column(String(20), comment='单位电话')
    region_id: Mapped[int] = mapped_column(ForeignKey('regions.id'), comment='受理的县')
    budget_per_head_fen: Mapped[Fen | None] = mapped_column(comment='人均预算参考(分，空为不设)')
    status: Mapped[InstitutionStatus] = mapped_column(enum_column(InstitutionStatus), comment='状态')
    applied_by_id: Mapped[int] = mapped_column(ForeignKey('users.id'), index=True, comment='申请人')
    applied_at: Mapped[datetime] = mapped_column(comment='申请时间')
    decided_at: Mapped[datetime | None] = mapped_column(comment='核准或不予核准时间')

    region: Mapped[Region] = relationship()
    applied_by: Mapped[User] = relationship()
    steps: Mapped[list[ProcurementStep]] = relationship(order_by='ProcurementStep.id')

    def move(self, to: InstitutionStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the step; raises `InstitutionMoveError`."""
        if to not in INSTITUTION_MOVES[self.status]:
            raise InstitutionMoveError(
                _('单位状态为“%(now)s”，不能改为“%(wanted)s”。', now=self.status.label, wanted=to.label)
            )
        steps = self.steps  # read before anything changes, so that reading cannot flush half a move
        steps.append(step_of(self.status, to, actor_id, at, reason))
        self.status = to
