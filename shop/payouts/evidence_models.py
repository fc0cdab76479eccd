"""What proves that a batch was paid: the bank's files and results, photos of the signed roster, households' word."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.accounts.models import User
from shop.kit.database import Fen, Id, Model


class PayoutBankFile(Model):
    """A file made for the bank: the only place where account numbers are opened, and the record that they were."""

    __tablename__ = 'payout_bank_files'
    __table_args__ = (CheckConstraint('line_count > 0 AND amount_fen > 0', 'not_empty'),)

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey('payout_batches.id'), index=True, comment='兑付批次')
    made_by_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='导出人')
    made_at: Mapped[datetime] = mapped_column(comment='导出时间')
    line_count: Mapped[int] = mapped_column(comment='户数')
    amount_fen: Mapped[Fen] = mapped_column(comment='金额(分)')

    made_by: Mapped[User] = relationship()


class PayoutBankResult(Model):
    """A result of the bank that was read in; the same file is read once."""

    __tablename__ = 'payout_bank_results'
    __table_args__ = (UniqueConstraint('batch_id', 'digest'),)

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey('payout_batches.id'), comment='兑付批次')
    digest: Mapped[str] = mapped_column(String(64), comment='文件摘要(SHA-256)')
    file_name: Mapped[str] = mapped_column(String(120), comment='文件名')
    read_by_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='导入人')
    read_at: Mapped[datetime] = mapped_column(comment='导入时间')
    paid_count: Mapped[int] = mapped_column(comment='新记成功户数')
    failed_count: Mapped[int] = mapped_column(comment='新记退回户数')
    known_count: Mapped[int] = mapped_column(comment='以前已记户数')


class PayoutSlip(Model):
    """A photo of the signed roster; it shows names, so it is kept apart from the public pictures."""

    __tablename__ = 'payout_slips'
    __table_args__ = (UniqueConstraint('batch_id', 'digest'),)

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey('payout_batches.id'), comment='兑付批次')
    digest: Mapped[str] = mapped_column(String(64), comment='内容摘要(SHA-256)')
    note: Mapped[str] = mapped_column(String(60), default='', comment='说明')
    added_by_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='上传人')
    added_at: Mapped[datetime] = mapped_column(comment='上传时间')

    added_by: Mapped[User] = relationship()


class PayoutReceipt(Model):
    """A try to confirm by self-check code that money came; kept to slow down guessing, without what was typed."""

    __tablename__ = 'payout_receipts'
    __table_args__ = (Index(None, 'visit_digest', 'at'), Index(None, 'code_digest', 'at'))

    id: Mapped[Id]
    code_digest: Mapped[str] = mapped_column(String(64), comment='所填自查码的摘要(限频)')
    visit_digest: Mapped[str] = mapped_column(String(64), comment='提交者访问摘要(限频)')
    at: Mapped[datetime] = mapped_column(comment='时间')
    line_count: Mapped[int] = mapped_column(comment='由此确认的行数')
