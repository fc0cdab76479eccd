"""The outbox of letters, where they go, codes sent to phones, and attempts to sign in."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
STATUSES = ('queued', 'sent', 'failed', 'dropped')


def upgrade() -> None:
    """Add columns and tables; orders placed before have no address to write to."""
    op.add_column('users', sa.Column('email', sa.String(120), comment='邮箱(订单通知)'))
    op.add_column(
        'users', sa.Column('phone_proven_at', sa.DateTime(timezone=True), comment='首次以短信验证码证实手机号的时间')
    )
    op.add_column('checkouts', sa.Column('email', sa.String(120), comment='通知邮箱'))
    op.add_column(
        'checkouts', sa.Column('language', sa.String(2), nullable=False, server_default='zh', comment='下单时的语言')
    )
    _create_letters()
    _create_phone_codes()
    _create_attempts()


def downgrade() -> None:
    """Forget them."""
    op.drop_table('sign_in_attempts')
    op.drop_table('phone_codes')
    op.drop_table('letter_steps')
    op.drop_table('letters')
    for table, column in (
        ('checkouts', 'language'),
        ('checkouts', 'email'),
        ('users', 'phone_proven_at'),
        ('users', 'email'),
    ):
        op.drop_column(table, column)


def _status(name: str) -> sa.Enum:
    return sa.Enum(*STATUSES, name=name, native_enum=False, create_constraint=True, length=24)


def _create_letters() -> None:
    op.create_table(
        'letters',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('cause', sa.String(80), nullable=False, comment='起因(每件事只写一封)'),
        sa.Column('kind', sa.String(24), nullable=False, comment='种类'),
        sa.Column('recipient', sa.String(120), nullable=False, comment='收件邮箱'),
        sa.Column('language', sa.String(2), nullable=False, comment='语言'),
        sa.Column('facts', sa.JSON(), nullable=False, comment='写信所需的编号'),
        sa.Column('status', _status('letter_status'), nullable=False, comment='状态'),
        sa.Column('attempts', sa.Integer(), nullable=False, comment='已尝试次数'),
        sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False, comment='写入时间'),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False, comment='下次发送时间'),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True, comment='发出时间'),
        sa.Column('subject', sa.String(200), nullable=False, comment='发出时的标题'),
        sa.Column('last_error', sa.String(300), nullable=False, comment='最近一次失败原因'),
        sa.CheckConstraint('attempts >= 0', name=op.f('ck_letters_attempts_not_negative')),
        sa.CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_letters_sent_has_time')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_letters')),
        sa.UniqueConstraint('cause', name=op.f('uq_letters_cause')),
    )
    op.create_index(op.f('ix_letters_status_due_at'), 'letters', ['status', 'due_at'], unique=False)
    op.create_table(
        'letter_steps',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('letter_id', ID, nullable=False, comment='邮件'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为系统)'),
        sa.Column('from_status', _status('from_status'), nullable=False, comment='原状态'),
        sa.Column('to_status', _status('to_status'), nullable=False, comment='新状态'),
        sa.Column('reason', sa.String(300), nullable=False, comment='说明'),
        sa.ForeignKeyConstraint(['letter_id'], ['letters.id'], name=op.f('fk_letter_steps_letter_id')),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_letter_steps_actor_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_steps')),
    )
    op.create_index(op.f('ix_letter_steps_letter_id'), 'letter_steps', ['letter_id'], unique=False)


def _create_phone_codes() -> None:
    op.create_table(
        'phone_codes',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('phone', sa.String(11), nullable=False, comment='手机号'),
        sa.Column('minute', sa.Integer(), nullable=False, comment='发送的分钟(每号每分钟一条)'),
        sa.Column('code_digest', sa.String(64), nullable=False, comment='验证码摘要(带密钥)'),
        sa.Column('address_digest', sa.String(64), nullable=False, comment='来源地址摘要'),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False, comment='发送时间'),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False, comment='失效时间'),
        sa.Column('tries', sa.Integer(), nullable=False, comment='已试次数'),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=True, comment='使用或作废时间'),
        sa.CheckConstraint('tries >= 0 AND tries <= 5', name=op.f('ck_phone_codes_tries_in_range')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_phone_codes')),
        sa.UniqueConstraint('phone', 'minute', name=op.f('uq_phone_codes_phone_minute')),
    )
    op.create_index(op.f('ix_phone_codes_expires_at'), 'phone_codes', ['expires_at'], unique=False)
    op.create_index(
        op.f('ix_phone_codes_address_digest_sent_at'), 'phone_codes', ['address_digest', 'sent_at'], unique=False
    )


def _create_attempts() -> None:
    op.create_table(
        'sign_in_attempts',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('name_digest', sa.String(64), nullable=False, comment='登录名摘要'),
        sa.Column('address_digest', sa.String(64), nullable=False, comment='来源地址摘要'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempts')),
    )
    op.create_index(op.f('ix_sign_in_attempts_at'), 'sign_in_attempts', ['at'], unique=False)
    for column in ('name_digest', 'address_digest'):
        op.create_index(op.f(f'ix_sign_in_attempts_{column}_at'), 'sign_in_attempts', [column, 'at'], unique=False)
