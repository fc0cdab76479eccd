"""What the register knows of a household beside its row: marks, members, pairings, consents, sealed numbers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.accounts.models import User
from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.words import kept
from shop.villages.models import Household, Village

STILL = text('until_on IS NULL')
IN_FORCE = text('withdrawn_on IS NULL')
HEAD_NAME = kept('户主姓名')
ONE_PERSON = text("kind = 'id_number'")


class MarkKind(Labelled):
    """What must be known of a household before it is named in an agreement or paid."""

    VILLAGE_CADRE = 'village_cadre', '村干部户'
    FISCALLY_PAID = 'fiscally_paid', '财政供养户'
    DECEASED = 'deceased', '户主死亡'
    CLOSED = 'closed', '销户'


class HouseholdMark(Model):
    """A mark on a household from a day on, until it is taken off."""

    __tablename__ = 'household_marks'
    __table_args__ = (
        CheckConstraint('until_on IS NULL OR until_on >= since_on', 'ends_after_start'),
        Index(
            'uq_household_marks_still', 'household_id', 'kind', unique=True, sqlite_where=STILL, postgresql_where=STILL
        ),
    )

    id: Mapped[Id]
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), comment='农户')
    kind: Mapped[MarkKind] = mapped_column(enum_column(MarkKind), comment='标记')
    since_on: Mapped[date] = mapped_column(comment='起始日')
    until_on: Mapped[date | None] = mapped_column(comment='解除日(空为仍有效)')
    note: Mapped[str] = mapped_column(String(120), default='', comment='说明')


class Relation(Labelled):
    """What a member is to the head of the household."""

    SPOUSE = 'spouse', '配偶'
    CHILD = 'child', '子女'
    PARENT = 'parent', '父母'
    GRANDCHILD = 'grandchild', '孙子女'
    OTHER = 'other', '其他'


class HouseholdMember(Model):
    """A member who must be known by name (works for wages, signs for the head); nobody else is entered."""

    __tablename__ = 'household_members'

    id: Mapped[Id]
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), index=True, comment='农户')
    name: Mapped[str] = mapped_column(String(40), comment='姓名')
    relation: Mapped[Relation] = mapped_column(enum_column(Relation), comment='与户主关系')
    left_on: Mapped[date | None] = mapped_column(comment='离户日(空为在户)')


class PartyMember(Model):
    """A party member who stands by households of a village."""

    __tablename__ = 'party_members'
    __table_args__ = (UniqueConstraint('village_id', 'name', 'unit'),)

    id: Mapped[Id]
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), comment='村')
    name: Mapped[str] = mapped_column(String(40), comment='姓名')
    unit: Mapped[str] = mapped_column(String(60), comment='单位及职务')

    pairings: Mapped[list['Pairing']] = relationship(back_populates='party_member', order_by='Pairing.id')


class Pairing(Model):
    """A party member beside a household, from a day to another; one at a time beside each household."""

    __tablename__ = 'pairings'
    __table_args__ = (
        CheckConstraint('until_on IS NULL OR until_on >= since_on', 'ends_after_start'),
        Index('uq_pairings_still', 'household_id', unique=True, sqlite_where=STILL, postgresql_where=STILL),
    )

    id: Mapped[Id]
    party_member_id: Mapped[int] = mapped_column(ForeignKey('party_members.id'), index=True, comment='帮带党员')
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), index=True, comment='农户')
    since_on: Mapped[date] = mapped_column(comment='结对日')
    until_on: Mapped[date | None] = mapped_column(comment='结束日(空为仍在结对)')

    party_member: Mapped[PartyMember] = relationship(back_populates='pairings')


class ConsentKind(Labelled):
    """What a household agrees to, each apart from the others."""

    ID_NUMBER = 'id_number', '证件号码'
    BANK_ACCOUNT = 'bank_account', '银行账号'
    PHOTO = 'photo', '照片'


class ConsentMeans(Labelled):
    """How the household agreed."""

    PAPER = 'paper', '签署纸质同意书'
    IN_PERSON = 'in_person', '当面在终端确认'
    BATCH = 'batch', '随名册逐户签署'


class HouseholdConsent(Model):
    """A consent for one purpose, given on a day and perhaps withdrawn on another."""

    __tablename__ = 'household_consents'
    __table_args__ = (
        CheckConstraint('withdrawn_on IS NULL OR withdrawn_on >= given_on', 'withdrawn_after_given'),
        Index(
            'uq_household_consents_in_force',
            'household_id',
            'kind',
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )

    id: Mapped[Id]
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), comment='农户')
    kind: Mapped[ConsentKind] = mapped_column(enum_column(ConsentKind), comment='同意事项')
    given_on: Mapped[date] = mapped_column(comment='同意日')
    means: Mapped[ConsentMeans] = mapped_column(enum_column(ConsentMeans), comment='同意方式')
    paper: Mapped[str] = mapped_column(String(80), default='', comment='同意书编号或存放处')
    withdrawn_on: Mapped[date | None] = mapped_column(comment='撤回日(空为有效)')
    recorded_at: Mapped[datetime] = mapped_column(comment='登记时间')
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='登记人(空为系统)')


class NumberKind(Labelled):
    """A number that only those may read who must."""

    ID_NUMBER = 'id_number', '证件号码'
    BANK_ACCOUNT = 'bank_account', '银行账号'

    @property
    def consent(self) -> ConsentKind:
        """The consent without which it is not kept."""
        return ConsentKind(self.value)


class HouseholdNumber(Model):
    """An ID or bank number: sealed, beside what may be shown of it and a keyed hash that finds it again."""

    __tablename__ = 'household_numbers'
    __table_args__ = (
        UniqueConstraint('household_id', 'kind'),
        Index(
            'uq_household_numbers_person', 'digest', unique=True, sqlite_where=ONE_PERSON, postgresql_where=ONE_PERSON
        ),
    )

    id: Mapped[Id]
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), comment='农户')
    kind: Mapped[NumberKind] = mapped_column(enum_column(NumberKind), comment='号码类别')
    sealed: Mapped[str] = mapped_column(String(300), comment='号码(加密)')
    digest: Mapped[str] = mapped_column(String(64), comment='号码摘要(HMAC)，查重用')
    masked: Mapped[str] = mapped_column(String(24), comment='遮盖后的号码')
    consent_id: Mapped[int] = mapped_column(ForeignKey('household_consents.id'), index=True, comment='所依据的同意')
    stored_at: Mapped[datetime] = mapped_column(comment='保存时间')

    consent: Mapped[HouseholdConsent] = relationship()


class HouseholdReveal(Model):
    """Somebody read a number in clear: who, when, what, why, whose; never changed or deleted."""

    __tablename__ = 'household_reveals'
    __table_args__ = (
        CheckConstraint("reason <> ''", 'reason_given'),
        Index('ix_household_reveals_actor_id_at', 'actor_id', 'at'),
    )

    id: Mapped[Id]
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), index=True, comment='农户')
    kind: Mapped[NumberKind] = mapped_column(enum_column(NumberKind), comment='号码类别')
    masked: Mapped[str] = mapped_column(String(24), comment='所看号码(遮盖)')
    actor_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='查看人')
    role: Mapped[str] = mapped_column(String(24), comment='当时的角色')
    reason: Mapped[str] = mapped_column(String(200), comment='查看事由')
    is_for_bank: Mapped[bool] = mapped_column(default=False, comment='是否写入银行代发文件')
    at: Mapped[datetime] = mapped_column(index=True, comment='时间')

    household: Mapped[Household] = relationship()
    actor: Mapped[User] = relationship()


class EventKind(Labelled):
    """What happened to a household's entry."""

    ENTERED = 'entered', '登记入册'
    CHANGED = 'changed', '变更'
    STATUS = 'status', '身份变更'
    MARKED = 'marked', '加标记'
    UNMARKED = 'unmarked', '解除标记'
    MEMBER = 'member', '成员'
    PAIRED = 'paired', '结对'
    UNPAIRED = 'unpaired', '结束结对'
    CONSENT = 'consent', '同意'
    WITHDRAWN = 'withdrawn', '撤回同意'
    NUMBER = 'number', '保存号码'
    NUMBER_DELETED = 'number_deleted', '删除号码'


class HouseholdEvent(Model):
    """A change of a household's entry: who, when, what it was and became; numbers stand masked."""

    __tablename__ = 'household_events'

    id: Mapped[Id]
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), index=True, comment='农户')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    kind: Mapped[EventKind] = mapped_column(enum_column(EventKind), comment='事项')
    subject: Mapped[str] = mapped_column(String(60), default='', comment='项目')
    before: Mapped[str] = mapped_column(String(120), default='', comment='原为')
    after: Mapped[str] = mapped_column(String(120), default='', comment='改为')
    note: Mapped[str] = mapped_column(String(200), default='', comment='说明')

    actor: Mapped[User | None] = relationship()

    @property
    def holds_name(self) -> bool:
        """Whether it tells the name of a household's head or member."""
        return self.kind is EventKind.MEMBER or self.subject == HEAD_NAME


class StatusKindEvent(Model):
    """A change of the status vocabulary: who, when, what."""

    __tablename__ = 'status_kind_events'

    id: Mapped[Id]
    kind_id: Mapped[int | None] = mapped_column(ForeignKey('household_status_kinds.id'), comment='状态(已删为空)')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    before: Mapped[str] = mapped_column(String(60), default='', comment='原有')
    after: Mapped[str] = mapped_column(String(60), default='', comment='改后')

    actor: Mapped[User | None] = relationship()


class RegisterImport(Model):
    """A file that was checked and waits for a decision; its rows stand sealed until then and are forgotten after."""

    __tablename__ = 'register_imports'

    id: Mapped[Id]
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), index=True, comment='村')
    file_name: Mapped[str] = mapped_column(String(120), comment='文件名')
    sealed_rows: Mapped[str | None] = mapped_column(Text, comment='读出的行(加密；决定后清空)')
    uploaded_at: Mapped[datetime] = mapped_column(index=True, comment='上传时间')
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='上传人')
    kept_at: Mapped[datetime | None] = mapped_column(comment='导入时间(空为未导入)')
    new_count: Mapped[int] = mapped_column(default=0, comment='新增户数')
    changed_count: Mapped[int] = mapped_column(default=0, comment='变更户数')
    unchanged_count: Mapped[int] = mapped_column(default=0, comment='未变户数')
    bad_count: Mapped[int] = mapped_column(default=0, comment='有误行数')

    village: Mapped[Village] = relationship()
    uploaded_by: Mapped[User] = relationship()
