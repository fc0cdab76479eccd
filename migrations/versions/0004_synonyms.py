"""Synonyms of search: groups of words, each word in one group, and the trail of their changes."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
EVENTS = 'search_synonym_events'


def upgrade() -> None:
    """Make the tables; the trail is append-only."""
    op.create_table(
        'search_synonym_groups',
        sa.Column('id', BIG, nullable=False, comment='编号'),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='最近修改时间'),
        sa.Column('changed_by_id', BIG, nullable=True, comment='最近修改人(空为系统)'),
        sa.ForeignKeyConstraint(['changed_by_id'], ['users.id'], name=op.f('fk_search_synonym_groups_changed_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_search_synonym_groups')),
    )
    op.create_table(
        'search_synonyms',
        sa.Column('id', BIG, nullable=False, comment='编号'),
        sa.Column('group_id', BIG, nullable=False, comment='同义词组'),
        sa.Column('word', sa.String(length=12), nullable=False, comment='词'),
        sa.Column('sound', sa.String(length=84), nullable=False, comment='读音(拼音，无声调)'),
        sa.Column('position', sa.Integer(), nullable=False, comment='次序'),
        sa.CheckConstraint("word <> ''", name=op.f('ck_search_synonyms_word_given')),
        sa.ForeignKeyConstraint(['group_id'], ['search_synonym_groups.id'], name=op.f('fk_search_synonyms_group_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_search_synonyms')),
        sa.UniqueConstraint('word', name=op.f('uq_search_synonyms_word')),
    )
    op.create_index(op.f('ix_search_synonyms_group_id'), 'search_synonyms', ['group_id'])
    op.create_index(op.f('ix_search_synonyms_sound'), 'search_synonyms', ['sound'])
    op.create_table(
        EVENTS,
        sa.Column('id', BIG, nullable=False, comment='编号'),
        sa.Column('group_id', BIG, nullable=False, comment='同义词组'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', BIG, nullable=True, comment='经办人(空为系统)'),
        sa.Column('words_before', sa.String(length=200), nullable=False, comment='原有的词'),
        sa.Column('words_after', sa.String(length=200), nullable=False, comment='改后的词'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_search_synonym_events_actor_id')),
        sa.ForeignKeyConstraint(
            ['group_id'], ['search_synonym_groups.id'], name=op.f('fk_search_synonym_events_group_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_search_synonym_events')),
    )
    op.create_index(op.f('ix_search_synonym_events_group_id'), EVENTS, ['group_id'])
    for statement in _guards():
        op.execute(statement)


def downgrade() -> None:
    """Remove the tables; their indexes and triggers go with them."""
    op.drop_table(EVENTS)
    op.drop_table('search_synonyms')
    op.drop_table('search_synonym_groups')


def _guards() -> tuple[str, ...]:
    if op.get_bind().dialect.name == 'sqlite':
        return tuple(
            f'CREATE TRIGGER {EVENTS}_no_{verb} BEFORE {verb.upper()} ON {EVENTS} '
            f"BEGIN SELECT RAISE(ABORT, '{EVENTS} is append-only'); END"
            for verb in ('update', 'delete')
        )
    return (
        f'CREATE TRIGGER {EVENTS}_append_only BEFORE UPDATE OR DELETE ON {EVENTS} '
        'FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        f'CREATE TRIGGER {EVENTS}_no_truncate BEFORE TRUNCATE ON {EVENTS} '
        'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
    )
