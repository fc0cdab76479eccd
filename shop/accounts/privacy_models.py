"""What a user has agreed to, and who of the staff has looked at whose data."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.accounts.models import User
from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled

_STANDS = text('withdrawn_at IS NULL')


class ConsentKind(Labelled):
    """What a user may agree to, each by itself."""

    NOTICE = 'notice', '按隐私说明处理我的信息'
    LETTERS = 'letters', '把订单的进展写信到我的邮箱'


class ConsentPlace(Labelled):
    """Where somebody agreed."""

    SIGN_UP = 'sign_up', '注册'
    CHECKOUT = 'checkout', '结算'
    ACCOUNT = 'account', '账号页'


class UserConsent(Model):
    """A consent with the version of the notice it was given to; one of a kind stands at a time."""

    __tablename__ = 'user_consents'
    __table_args__ = (
        CheckConstraint('withdrawn_at IS NULL OR withdrawn_at >= given_at', 'ends_after_it_began'),
        Index(
            'uq_user_consents_standing', 'user_id', 'kind', unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
        ),
        Index(None, 'user_id', 'given_at'),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='账号')
    kind: Mapped[ConsentKind] = mapped_column(enum_column(ConsentKind), comment='同意事项')
    version: Mapped[str] = mapped_column(String(10), comment='隐私说明版本')
    place: Mapped[ConsentPlace] = mapped_column(enum_column(ConsentPlace), comment='在哪里同意')
    given_at: Mapped[datetime] = mapped_column(comment='同意时间')
    withdrawn_at: Mapped[datetime | None] = mapped_column(comment='撤回或换为新版的时间')


class AccessKind(Labelled):
    """What was opened or taken along."""

    ORDERS = 'orders', '订单列表'
    ORDER = 'order', '订单'
    SHIPPING_SHEET = 'shipping_sheet', '导出发货表'
    AFTERSALE = 'aftersale', '售后单'
    INVOICES = 'invoices', '开票申请'
    INSTITUTION = 'institution', '采购单位资料'
    OBJECTION = 'objection', '异议材料'
    HOUSEHOLDS = 'households', '农户名册'
    HOUSEHOLD = 'household', '农户档案'
    REGISTER = 'register', '导出农户名册'
    RECORD = 'record', '导出一户信息'
    NUMBER = 'number', '查看完整号码'
    ROSTER = 'roster', '兑付花名册'


class AccessEntry(Model):
    """Somebody of the staff opened a page or an export that shows persons; never changed or deleted."""

    __tablename__ = 'accesses'
    __table_args__ = (
        Index(None, 'village_id', 'at'),
        Index(None, 'subject', 'kind'),
        Index(None, 'user_id', 'at'),
    )

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True, comment='时间')
    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='查看人')
    role: Mapped[str] = mapped_column(String(24), comment='当时的角色')
    kind: Mapped[AccessKind] = mapped_column(enum_column(AccessKind), comment='看了什么')
    subject: Mapped[str] = mapped_column(String(40), default='', comment='订单号、售后单号或户编号(列表为空)')
    village_id: Mapped[int | None] = mapped_column(ForeignKey('villages.id'), comment='村(跨村为空)')
    order_ids: Mapped[str] = mapped_column(Text, default='', comment='所含订单编号(,1,2,)')

    user: Mapped[User] = relationship()
