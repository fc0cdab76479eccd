"""Users, the roles they hold, and their server-side sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled


class Role(Labelled):
    """What an account may do; its scope is a village, a region, an institution, or nothing."""

    FIRST_SECRETARY = 'first_secretary', '第一书记'
    TEAM_MEMBER = 'team_member', '驻村队员'
    TOWNSHIP_REVIEWER = 'township_reviewer', '乡镇初审'
    COUNTY_DEPARTMENT = 'county_department', '县委组织部'
    CITY_DEPARTMENT = 'city_department', '市委组织部'
    AUDITOR = 'auditor', '纪检审计'
    ADMINISTRATOR = 'administrator', '系统管理员'
    INSTITUTION_BUYER = 'institution_buyer', '单位采购人'
    INSTITUTION_APPROVER = 'institution_approver', '单位审批人'
    INSTITUTION_FINANCE = 'institution_finance', '单位财务'


VILLAGE_ROLES = frozenset({Role.FIRST_SECRETARY, Role.TEAM_MEMBER})
REGION_ROLES = frozenset({Role.TOWNSHIP_REVIEWER, Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT, Role.AUDITOR})
INSTITUTION_ROLES = frozenset({Role.INSTITUTION_BUYER, Role.INSTITUTION_APPROVER, Role.INSTITUTION_FINANCE})

_SCOPE_CHECK = """
(role IN ('first_secretary', 'team_member')) = (village_id IS NOT NULL)
AND (role IN ('township_reviewer', 'county_department', 'city_department', 'auditor')) = (region_id IS NOT NULL)
AND (role IN ('institution_buyer', 'institution_approver', 'institution_finance')) = (institution_id IS NOT NULL)
"""


class User(Model):
    """A person who can sign in; carries the four members Flask-Login asks for."""

    __tablename__ = 'users'

    id: Mapped[Id]
    login_name: Mapped[str] = mapped_column(String(64), unique=True, comment='登录名或手机号')
    name: Mapped[str] = mapped_column(String(40), comment='姓名或称呼')
    password_hash: Mapped[str | None] = mapped_column(String(200), comment='口令摘要(argon2)')
    is_active: Mapped[bool] = mapped_column(default=True, comment='是否可用')
    is_demo: Mapped[bool] = mapped_column(default=False, comment='是否演示账号')
    created_at: Mapped[datetime] = mapped_column(comment='注册时间')
    email: Mapped[str | None] = mapped_column(String(120), comment='邮箱(订单通知)')
    phone_proven_at: Mapped[datetime | None] = mapped_column(comment='首次以短信验证码证实手机号的时间')
    closed_at: Mapped[datetime | None] = mapped_column(comment='注销时间')

    grants: Mapped[list['RoleGrant']] = relationship(
        back_populates='user', lazy='selectin', foreign_keys='RoleGrant.user_id', order_by='RoleGrant.id'
    )

    @property
    def is_authenticated(self) -> bool:
        """A loaded user has signed in."""
        return True

    @property
    def is_anonymous(self) -> bool:
        """A loaded user is somebody."""
        return False

    def get_id(self) -> str:
        """Return the id Flask-Login keeps."""
        return str(self.id)

    @property
    def current_grants(self) -> list['RoleGrant']:
        """The roles that have not been revoked."""
        return [grant for grant in self.grants if grant.revoked_at is None]

    @property
    def roles(self) -> frozenset[Role]:
        """The roles this account holds now."""
        return frozenset(grant.role for grant in self.current_grants)


class RoleGrant(Model):
    """A role given to a user for one village, region or institution, until it is revoked."""

    __tablename__ = 'role_grants'
    __table_args__ = (
        CheckConstraint(_SCOPE_CHECK, 'scope_fits_role'),
        Index(
            'uq_role_grants_village',
            'user_id',
            'role',
            'village_id',
            unique=True,
            sqlite_where=text('revoked_at IS NULL AND village_id IS NOT NULL'),
            postgresql_where=text('revoked_at IS NULL AND village_id IS NOT NULL'),
        ),
        Index(
            'uq_role_grants_region',
            'user_id',
            'role',
            'region_id',
            unique=True,
            sqlite_where=text('revoked_at IS NULL AND region_id IS NOT NULL'),
            postgresql_where=text('revoked_at IS NULL AND region_id IS NOT NULL'),
        ),
        Index(
            'uq_role_grants_institution',
            'user_id',
            'role',
            'institution_id',
            unique=True,
            sqlite_where=text('revoked_at IS NULL AND institution_id IS NOT NULL'),
            postgresql_where=text('revoked_at IS NULL AND institution_id IS NOT NULL'),
        ),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'), index=True, comment='账号')
    role: Mapped[Role] = mapped_column(enum_column(Role), comment='角色')
    village_id: Mapped[int | None] = mapped_column(ForeignKey('villages.id'), index=True, comment='所辖村')
    region_id: Mapped[int | None] = mapped_column(ForeignKey('regions.id'), index=True, comment='所辖区划')
    institution_id: Mapped[int | None] = mapped_column(ForeignKey('institutions.id'), index=True, comment='所属单位')
    granted_at: Mapped[datetime] = mapped_column(comment='授权时间')
    revoked_at: Mapped[datetime | None] = mapped_column(comment='收回时间')

    user: Mapped[User] = relationship(back_populates='grants', foreign_keys=[user_id])


class WebSession(Model):
    """A visit that the server remembers; its owner can see and end it."""

    __tablename__ = 'web_sessions'

    id: Mapped[Id]
    token_digest: Mapped[str] = mapped_column(String(64), unique=True, comment='令牌摘要(SHA-256)')
    user_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), index=True, comment='登录账号')
    values: Mapped[dict[str, Any]] = mapped_column(JSON, comment='会话内容')
    user_agent: Mapped[str] = mapped_column(String(200), comment='设备说明')
    created_at: Mapped[datetime] = mapped_column(comment='开始时间')
    expires_at: Mapped[datetime] = mapped_column(index=True, comment='失效时间')
    revoked_at: Mapped[datetime | None] = mapped_column(comment='注销时间')
