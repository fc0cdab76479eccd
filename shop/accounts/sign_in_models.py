"""What signing in must remember: codes sent to phones, and attempts with a password."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.kit.database import Id, Model

MAX_TRIES = 5


class PhoneCode(Model):
    """A code sent to a phone; the digest is keyed, so that six digits cannot be found from the table."""

    __tablename__ = 'phone_codes'
    __table_args__ = (
        UniqueConstraint('phone', 'minute'),
        CheckConstraint(f'tries >= 0 AND tries <= {MAX_TRIES}', 'tries_in_range'),
        Index(None, 'address_digest', 'sent_at'),
    )

    id: Mapped[Id]
    phone: Mapped[str] = mapped_column(String(11), comment='手机号')
    minute: Mapped[int] = mapped_column(comment='发送的分钟(每号每分钟一条)')
    code_digest: Mapped[str] = mapped_column(String(64), comment='验证码摘要(带密钥)')
    address_digest: Mapped[str] = mapped_column(String(64), comment='来源地址摘要')
    sent_at: Mapped[datetime] = mapped_column(comment='发送时间')
    expires_at: Mapped[datetime] = mapped_column(index=True, comment='失效时间')
    tries: Mapped[int] = mapped_column(default=0, comment='已试次数')
    used_at: Mapped[datetime | None] = mapped_column(comment='使用或作废时间')


class SignInAttempt(Model):
    """A password that was tried and was not right, or is being tried; a right one leaves no row."""

    __tablename__ = 'sign_in_attempts'
    __table_args__ = (Index(None, 'name_digest', 'at'), Index(None, 'address_digest', 'at'))

    id: Mapped[Id]
    name_digest: Mapped[str] = mapped_column(String(64), comment='登录名摘要')
    address_digest: Mapped[str] = mapped_column(String(64), comment='来源地址摘要')
    at: Mapped[datetime] = mapped_column(index=True, comment='时间')
