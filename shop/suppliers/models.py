"""Who produces and sells: suppliers and their licences."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.villages.models import Village


class SupplierKind(Labelled):
    """The legal forms a supplier may have."""

    ENTERPRISE = 'enterprise', '企业'
    COOPERATIVE = 'cooperative', '合作社'
    FAMILY_FARM = 'family_farm', '家庭农场'
    HOUSEHOLD = 'household', '农户自产'


class Supplier(Model):
    """A seller of one village; a household selling its own produce needs no credit code (电子商务法 第十条)."""

    __tablename__ = 'suppliers'
    __table_args__ = (
        CheckConstraint("kind = 'household' OR credit_code IS NOT NULL", 'credit_code_unless_household'),
        UniqueConstraint('village_id', 'name'),
    )

    id: Mapped[Id]
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), index=True, comment='村')
    name: Mapped[str] = mapped_column(String(60), comment='名称')
    kind: Mapped[SupplierKind] = mapped_column(enum_column(SupplierKind), comment='主体类型')
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True, comment='统一社会信用代码')
    phone: Mapped[str] = mapped_column(String(20), comment='售后电话')

    village: Mapped[Village] = relationship()
    licences: Mapped[list['SupplierLicence']] = relationship(order_by='SupplierLicence.id')


class SupplierLicence(Model):
    """A licence with its expiry."""

    __tablename__ = 'supplier_licences'
    __table_args__ = (UniqueConstraint('kind', 'number'),)

    id: Mapped[Id]
    supplier_id: Mapped[int] = mapped_column(ForeignKey('suppliers.id'), index=True, comment='供货主体')
    kind: Mapped[str] = mapped_column(String(30), comment='证照种类')
    number: Mapped[str] = mapped_column(String(40), comment='证照编号')
    expires_on: Mapped[date | None] = mapped_column(comment='有效期至(空为长期)')
