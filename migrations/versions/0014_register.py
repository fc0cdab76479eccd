"""The register of households: marks, members, pairings, consents, sealed numbers, their trail, imports."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
APPEND_ONLY = ('household_events', 'household_reveals')


def upgrade() -> None:
    """Add columns and tables; what happened and who read what is never changed."""
    op.add_column(
        'household_status_kinds',
        sa.Column('is_retired', sa.Boolean(), server_default=sa.false(), nullable=False, comment='是否停用'),
    )
    op.add_column(
        'households', sa.Column('attribute', sa.String(length=30), server_default='', nullable=False, comment='户属性')
    )
    op.add_column('households', sa.Column('left_poverty_on', sa.Date(), nullable=True, comment='脱贫日'))
    _create_status_kind_events()
    _create_party_members()
    _create_register_imports()
    _create_household_consents()
    _create_household_events()
    _create_household_marks()
    _create_household_members()
    _create_household_reveals()
    _create_pairings()
    _create_household_numbers()
    for table in APPEND_ONLY:
        _protect(table)


def downgrade() -> None:
    """Remove them; indexes and triggers go with their tables."""
    for table in (
        'household_numbers',
        'pairings',
        'household_reveals',
        'household_members',
        'household_marks',
        'household_events',
        'household_consents',
        'register_imports',
        'party_members',
        'status_kind_events',
    ):
        op.drop_table(table)
    op.drop_column('households', 'left_poverty_on')
    op.drop_column('households', 'attribute')
    op.drop_column('household_status_kinds', 'is_retired')


def _protect(table: str) -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('update', 'delete'):
            op.execute(
                f'CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} '
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} '
        'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
    )
    op.execute(
        f'CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} '
        'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()'
    )


def _create_status_kind_events() -> None:
    op.create_table(
        'status_kind_events',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('kind_id', ID, nullable=True, comment='状态(已删为空)'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为系统)'),
        sa.Column('before', sa.String(length=60), nullable=False, comment='原有'),
        sa.Column('after', sa.String(length=60), nullable=False, comment='改后'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_status_kind_events_actor_id')),
        sa.ForeignKeyConstraint(['kind_id'], ['household_status_kinds.id'], name=op.f('fk_status_kind_events_kind_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_status_kind_events')),
    )


def _create_party_members() -> None:
    op.create_table(
        'party_members',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('village_id', ID, nullable=False, comment='村'),
        sa.Column('name', sa.String(length=40), nullable=False, comment='姓名'),
        sa.Column('unit', sa.String(length=60), nullable=False, comment='单位及职务'),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_party_members_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_party_members')),
        sa.UniqueConstraint('village_id', 'name', 'unit', name=op.f('uq_party_members_village_id_name_unit')),
    )


def _create_register_imports() -> None:
    op.create_table(
        'register_imports',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('village_id', ID, nullable=False, comment='村'),
        sa.Column('file_name', sa.String(length=120), nullable=False, comment='文件名'),
        sa.Column('sealed_rows', sa.Text(), nullable=True, comment='读出的行(加密；决定后清空)'),
        sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False, comment='上传时间'),
        sa.Column('uploaded_by_id', ID, nullable=False, comment='上传人'),
        sa.Column('kept_at', sa.DateTime(timezone=True), nullable=True, comment='导入时间(空为未导入)'),
        sa.Column('new_count', sa.Integer(), nullable=False, comment='新增户数'),
        sa.Column('changed_count', sa.Integer(), nullable=False, comment='变更户数'),
        sa.Column('unchanged_count', sa.Integer(), nullable=False, comment='未变户数'),
        sa.Column('bad_count', sa.Integer(), nullable=False, comment='有误行数'),
        sa.ForeignKeyConstraint(['uploaded_by_id'], ['users.id'], name=op.f('fk_register_imports_uploaded_by_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_register_imports_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_register_imports')),
    )
    op.create_index(op.f('ix_register_imports_uploaded_at'), 'register_imports', ['uploaded_at'], unique=False)
    op.create_index(op.f('ix_register_imports_village_id'), 'register_imports', ['village_id'], unique=False)


def _create_household_consents() -> None:
    op.create_table(
        'household_consents',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('household_id', ID, nullable=False, comment='农户'),
        sa.Column(
            'kind',
            sa.Enum(
                'id_number',
                'bank_account',
                'photo',
                name='consent_kind',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='同意事项',
        ),
        sa.Column('given_on', sa.Date(), nullable=False, comment='同意日'),
        sa.Column(
            'means',
            sa.Enum(
                'paper',
                'in_person',
                'batch',
                name='consent_means',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='同意方式',
        ),
        sa.Column('paper', sa.String(length=80), nullable=False, comment='同意书编号或存放处'),
        sa.Column('withdrawn_on', sa.Date(), nullable=True, comment='撤回日(空为有效)'),
        sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='登记时间'),
        sa.Column('recorded_by_id', ID, nullable=True, comment='登记人(空为系统)'),
        sa.CheckConstraint(
            'withdrawn_on IS NULL OR withdrawn_on >= given_on', name=op.f('ck_household_consents_withdrawn_after_given')
        ),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_household_consents_household_id')),
        sa.ForeignKeyConstraint(['recorded_by_id'], ['users.id'], name=op.f('fk_household_consents_recorded_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_household_consents')),
    )
    op.create_index(
        'uq_household_consents_in_force',
        'household_consents',
        ['household_id', 'kind'],
        unique=True,
        sqlite_where=sa.text('withdrawn_on IS NULL'),
        postgresql_where=sa.text('withdrawn_on IS NULL'),
    )


def _create_household_events() -> None:
    op.create_table(
        'household_events',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('household_id', ID, nullable=False, comment='农户'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为系统)'),
        sa.Column(
            'kind',
            sa.Enum(
                'entered',
                'changed',
                'status',
                'marked',
                'unmarked',
                'member',
                'paired',
                'unpaired',
                'consent',
                'withdrawn',
                'number',
                'number_deleted',
                name='event_kind',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='事项',
        ),
        sa.Column('subject', sa.String(length=60), nullable=False, comment='项目'),
        sa.Column('before', sa.String(length=120), nullable=False, comment='原为'),
        sa.Column('after', sa.String(length=120), nullable=False, comment='改为'),
        sa.Column('note', sa.String(length=200), nullable=False, comment='说明'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_household_events_actor_id')),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_household_events_household_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_household_events')),
    )
    op.create_index(op.f('ix_household_events_household_id'), 'household_events', ['household_id'], unique=False)


def _create_household_marks() -> None:
    op.create_table(
        'household_marks',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('household_id', ID, nullable=False, comment='农户'),
        sa.Column(
            'kind',
            sa.Enum(
                'village_cadre',
                'fiscally_paid',
                'deceased',
                'closed',
                name='mark_kind',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='标记',
        ),
        sa.Column('since_on', sa.Date(), nullable=False, comment='起始日'),
        sa.Column('until_on', sa.Date(), nullable=True, comment='解除日(空为仍有效)'),
        sa.Column('note', sa.String(length=120), nullable=False, comment='说明'),
        sa.CheckConstraint(
            'until_on IS NULL OR until_on >= since_on', name=op.f('ck_household_marks_ends_after_start')
        ),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_household_marks_household_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_household_marks')),
    )
    op.create_index(
        'uq_household_marks_still',
        'household_marks',
        ['household_id', 'kind'],
        unique=True,
        sqlite_where=sa.text('until_on IS NULL'),
        postgresql_where=sa.text('until_on IS NULL'),
    )


def _create_household_members() -> None:
    op.create_table(
        'household_members',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('household_id', ID, nullable=False, comment='农户'),
        sa.Column('name', sa.String(length=40), nullable=False, comment='姓名'),
        sa.Column(
            'relation',
            sa.Enum(
                'spouse',
                'child',
                'parent',
                'grandchild',
                'other',
                name='relation',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='与户主关系',
        ),
        sa.Column('left_on', sa.Date(), nullable=True, comment='离户日(空为在户)'),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_household_members_household_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_household_members')),
    )
    op.create_index(op.f('ix_household_members_household_id'), 'household_members', ['household_id'], unique=False)


def _create_household_reveals() -> None:
    op.create_table(
        'household_reveals',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('household_id', ID, nullable=False, comment='农户'),
        sa.Column(
            'kind',
            sa.Enum(
                'id_number', 'bank_account', name='number_kind', native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
            comment='号码类别',
        ),
        sa.Column('masked', sa.String(length=24), nullable=False, comment='所看号码(遮盖)'),
        sa.Column('actor_id', ID, nullable=False, comment='查看人'),
        sa.Column('role', sa.String(length=24), nullable=False, comment='当时的角色'),
        sa.Column('reason', sa.String(length=200), nullable=False, comment='查看事由'),
        sa.Column('is_for_bank', sa.Boolean(), nullable=False, comment='是否写入银行代发文件'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.CheckConstraint("reason <> ''", name=op.f('ck_household_reveals_reason_given')),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_household_reveals_actor_id')),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_household_reveals_household_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_household_reveals')),
    )
    op.create_index('ix_household_reveals_actor_id_at', 'household_reveals', ['actor_id', 'at'], unique=False)
    op.create_index(op.f('ix_household_reveals_at'), 'household_reveals', ['at'], unique=False)
    op.create_index(op.f('ix_household_reveals_household_id'), 'household_reveals', ['household_id'], unique=False)


def _create_pairings() -> None:
    op.create_table(
        'pairings',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('party_member_id', ID, nullable=False, comment='帮带党员'),
        sa.Column('household_id', ID, nullable=False, comment='农户'),
        sa.Column('since_on', sa.Date(), nullable=False, comment='结对日'),
        sa.Column('until_on', sa.Date(), nullable=True, comment='结束日(空为仍在结对)'),
        sa.CheckConstraint('until_on IS NULL OR until_on >= since_on', name=op.f('ck_pairings_ends_after_start')),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_pairings_household_id')),
        sa.ForeignKeyConstraint(['party_member_id'], ['party_members.id'], name=op.f('fk_pairings_party_member_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pairings')),
    )
    op.create_index(op.f('ix_pairings_household_id'), 'pairings', ['household_id'], unique=False)
    op.create_index(op.f('ix_pairings_party_member_id'), 'pairings', ['party_member_id'], unique=False)
    op.create_index(
        'uq_pairings_still',
        'pairings',
        ['household_id'],
        unique=True,
        sqlite_where=sa.text('until_on IS NULL'),
        postgresql_where=sa.text('until_on IS NULL'),
    )


def _create_household_numbers() -> None:
    op.create_table(
        'household_numbers',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('household_id', ID, nullable=False, comment='农户'),
        sa.Column(
            'kind',
            sa.Enum(
                'id_number', 'bank_account', name='number_kind', native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
            comment='号码类别',
        ),
        sa.Column('sealed', sa.String(length=300), nullable=False, comment='号码(加密)'),
        sa.Column('digest', sa.String(length=64), nullable=False, comment='号码摘要(HMAC)，查重用'),
        sa.Column('masked', sa.String(length=24), nullable=False, comment='遮盖后的号码'),
        sa.Column('consent_id', ID, nullable=False, comment='所依据的同意'),
        sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False, comment='保存时间'),
        sa.ForeignKeyConstraint(
            ['consent_id'], ['household_consents.id'], name=op.f('fk_household_numbers_consent_id')
        ),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_household_numbers_household_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_household_numbers')),
        sa.UniqueConstraint('household_id', 'kind', name=op.f('uq_household_numbers_household_id_kind')),
    )
    op.create_index(op.f('ix_household_numbers_consent_id'), 'household_numbers', ['consent_id'], unique=False)
    op.create_index(
        'uq_household_numbers_person',
        'household_numbers',
        ['digest'],
        unique=True,
        sqlite_where=sa.text("kind = 'id_number'"),
        postgresql_where=sa.text("kind = 'id_number'"),
    )
