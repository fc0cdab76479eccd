"""Benefit agreements: how a sale becomes money for named households."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError
from shop.kit.money import BASIS_POINTS
from shop.villages.models import Household


class RuleKind(Labelled):
    """How a line becomes benefit."""

    FEN_PER_UNIT = 'fen_per_unit', '按件'
    BP_OF_NET = 'bp_of_net', '按净额比例'
    BATCH = 'batch', '按批次'


# What a sale can hang on; the third is for money that does not come from a sale.
SALE_RULES = (RuleKind.FEN_PER_UNIT, RuleKind.BP_OF_NET)


class WeightKind(Labelled):
    """By what the households share a pool."""

    HOUSEHOLD = 'household', '按户'
    PEOPLE = 'people', '按人口'
    SHARES = 'shares', '按股份'
    DELIVERIES = 'deliveries', '按交售量'
    CUSTOM = 'custom', '差异化'


class VersionStatus(Labelled):
    """The life of an agreement version."""

    DRAFT = 'draft', '草稿'
    IN_REVIEW = 'in_review', '审核中'
    ON_NOTICE = 'on_notice', '公示中'
    IN_FORCE = 'in_force', '生效'
    SUPERSEDED = 'superseded', '已变更'
    TERMINATED = 'terminated', '已终止'
    WITHDRAWN = 'withdrawn', '已撤回'


VERSION_MOVES = {
    VersionStatus.DRAFT: frozenset({VersionStatus.IN_REVIEW, VersionStatus.WITHDRAWN}),
    VersionStatus.IN_REVIEW: frozenset({VersionStatus.DRAFT, VersionStatus.ON_NOTICE, VersionStatus.WITHDRAWN}),
    VersionStatus.ON_NOTICE: frozenset({VersionStatus.IN_FORCE, VersionStatus.DRAFT}),
    VersionStatus.IN_FORCE: frozenset({VersionStatus.SUPERSEDED, VersionStatus.TERMINATED}),
    VersionStatus.SUPERSEDED: frozenset[VersionStatus](),
    VersionStatus.TERMINATED: frozenset[VersionStatus](),
    VersionStatus.WITHDRAWN: frozenset[VersionStatus](),
}
_IN_FORCE = text("status = 'in_force'")


class VersionMoveError(BusinessError):
    """An agreement version cannot go from its status to the one asked for."""


class BenefitAgreement(Model):
    """The agreement of one product with its village's households, or what one batch of other earnings says.

    A batch that does not hang on a sale has one version, whose weights are its fen: its pool is shared out exactly as
    the batch says, through the same book.
    """

    __tablename__ = 'benefit_agreements'
    __table_args__ = (CheckConstraint('(product_id IS NULL) <> (earnings_id IS NULL)', 'one_subject'),)

    id: Mapped[Id]
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), index=True, comment='村')
    product_id: Mapped[int | None] = mapped_column(ForeignKey('products.id'), unique=True, comment='产品')
    earnings_id: Mapped[int | None] = mapped_column(
        ForeignKey('earnings_batches.id'), unique=True, comment='非销售收益批次'
    )
    created_at: Mapped[datetime] = mapped_column(comment='建立时间')

    versions: Mapped[list['AgreementVersion']] = relationship(
        back_populates='agreement', order_by='AgreementVersion.number'
    )
    product: Mapped[Product | None] = relationship()

    @property
    def in_force(self) -> 'AgreementVersion | None':
        """The version that credits households now."""
        return next((version for version in self.versions if version.status is VersionStatus.IN_FORCE), None)


class AgreementVersion(Model):
    """One wording of an agreement: a rule, a weight, and the households that share."""

    __tablename__ = 'agreement_versions'
    __table_args__ = (
        UniqueConstraint('agreement_id', 'number'),
        CheckConstraint('rule_value > 0', 'rule_positive'),
        CheckConstraint(f"rule_kind <> 'bp_of_net' OR rule_value <= {BASIS_POINTS}", 'rate_at_most_whole'),
        CheckConstraint(
            "(status IN ('in_force', 'superseded', 'terminated')) = (in_force_on IS NOT NULL)", 'force_has_day'
        ),
        CheckConstraint("(status IN ('superseded', 'terminated')) = (ended_on IS NOT NULL)", 'end_has_day'),
        CheckConstraint('ended_on IS NULL OR ended_on >= in_force_on', 'ends_after_force'),
        CheckConstraint(
            "notice_ends_on IS NULL AND (sent_at IS NULL OR status <> 'on_notice') OR sent_at IS NOT NULL"
            ' AND notice_ends_on IS NOT NULL',
            'own_notice_of_own_review',
        ),
        Index(
            'uq_agreement_versions_in_force',
            'agreement_id',
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    id: Mapped[Id]
    agreement_id: Mapped[int] = mapped_column(ForeignKey('benefit_agreements.id'), comment='协议')
    number: Mapped[int] = mapped_column(comment='版本号')
    status: Mapped[VersionStatus] = mapped_column(enum_column(VersionStatus), comment='状态')
    rule_kind: Mapped[RuleKind] = mapped_column(enum_column(RuleKind), comment='计提方式')
    rule_value: Mapped[Fen] = mapped_column(comment='计提值(分/件、万分比，或批次合计分)')
    weight_kind: Mapped[WeightKind] = mapped_column(enum_column(WeightKind), comment='分配方式')
    meeting_on: Mapped[date | None] = mapped_column(comment='村民代表会议日')
    in_force_on: Mapped[date | None] = mapped_column(index=True, comment='生效日')
    ended_on: Mapped[date | None] = mapped_column(comment='终止日')
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='起草人')
    created_at: Mapped[datetime] = mapped_column(comment='建立时间')
    sent_at: Mapped[datetime | None] = mapped_column(comment='单独变更的送审时间(随代言送审的为空)')
    notice_ends_on: Mapped[date | None] = mapped_column(comment='单独变更的公示截止日(随代言公示的为空)')

    agreement: Mapped[BenefitAgreement] = relationship(back_populates='versions')
    shares: Mapped[list['AgreementShare']] = relationship(
        back_populates='version', order_by='AgreementShare.position', cascade='all, delete-orphan'
    )
    events: Mapped[list['AgreementEvent']] = relationship(back_populates='version', order_by='AgreementEvent.id')
    minutes: Mapped['AgreementMinutes | None'] = relationship(back_populates='version', cascade='all, delete-orphan')
    answers: Mapped[list['FindingAnswer']] = relationship(back_populates='version', order_by='FindingAnswer.id')

    def benefit_fen(self, net_fen: int, quantity: int) -> int:
        """Return the benefit in fen of `quantity` units with a net of `net_fen`; never more than the net."""
        if self.rule_kind is RuleKind.FEN_PER_UNIT:
            return min(self.rule_value * quantity, net_fen)
        return net_fen * self.rule_value // BASIS_POINTS

    def move(self, to: VersionStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the event; raises `VersionMoveError`."""
        if to not in VERSION_MOVES[self.status]:
            raise VersionMoveError(
                _('协议版本状态为“%(now)s”，不能改为“%(wanted)s”。', now=self.status.label, wanted=to.label)
            )
        events = self.events  # read before anything changes, so that reading cannot flush half a move
        before, self.status = self.status, to
        events.append(AgreementEvent(at=at, actor_id=actor_id, from_status=before, to_status=to, reason=reason))


class AgreementEvent(Model):
    """A change of an agreement version: who, when, why."""

    __tablename__ = 'agreement_events'

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey('agreement_versions.id'), index=True, comment='协议版本')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    from_status: Mapped[VersionStatus | None] = mapped_column(
        enum_column(VersionStatus, 'from_status'), comment='原状态'
    )
    to_status: Mapped[VersionStatus] = mapped_column(enum_column(VersionStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(300), default='', comment='原因')

    version: Mapped[AgreementVersion] = relationship(back_populates='events')
    actor: Mapped[User | None] = relationship()


class AgreementShare(Model):
    """A household on an agreement version; `first_fen_at` is the pool value that gives it its first fen."""

    __tablename__ = 'agreement_shares'
    __table_args__ = (
        UniqueConstraint('version_id', 'household_id'),
        UniqueConstraint('version_id', 'position'),
        CheckConstraint('weight > 0', 'weight_positive'),
        CheckConstraint('first_fen_at IS NULL OR first_fen_at > 0', 'first_fen_positive'),
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey('agreement_versions.id'), comment='协议版本')
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), index=True, comment='农户')
    position: Mapped[int] = mapped_column(comment='次序(同分时先后)')
    weight: Mapped[int] = mapped_column(comment='权重')
    first_fen_at: Mapped[Fen | None] = mapped_column(comment='得第一分钱时的池值(分)')
    accrued_on: Mapped[date | None] = mapped_column(index=True, comment='首次测算受益日')

    version: Mapped[AgreementVersion] = relationship(back_populates='shares')
    household: Mapped[Household] = relationship()


class AgreementMinutes(Model):
    """What the villagers' representatives resolved about a version: who met, who agreed, in which words."""

    __tablename__ = 'agreement_minutes'
    __table_args__ = (
        UniqueConstraint('version_id'),
        CheckConstraint('0 <= in_favour AND in_favour <= present AND present <= eligible', 'counts_in_order'),
        CheckConstraint('present * 3 >= eligible * 2', 'two_thirds_present'),
        CheckConstraint('in_favour * 2 > present', 'more_than_half_in_favour'),
        CheckConstraint("resolution <> ''", 'resolution_given'),
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey('agreement_versions.id'), comment='协议版本')
    held_on: Mapped[date] = mapped_column(comment='会议日')
    eligible: Mapped[int] = mapped_column(comment='应到代表(人)')
    present: Mapped[int] = mapped_column(comment='实到代表(人)')
    in_favour: Mapped[int] = mapped_column(comment='同意(人)')
    resolution: Mapped[str] = mapped_column(String(500), comment='决议')

    version: Mapped[AgreementVersion] = relationship(back_populates='minutes')


class FindingKind(Labelled):
    """Why a household on a version must be looked at before it is approved."""

    VILLAGE_CADRE = 'village_cadre', '村干部户'
    FISCALLY_PAID = 'fiscally_paid', '财政供养户'
    DECEASED = 'deceased', '户主已故'
    CLOSED = 'closed', '名册已销户'
    TWICE = 'twice', '疑似重复'
    WEIGHT_DIFFERS = 'weight_differs', '人口数与名册不符'
    MEMBERS_EXCEED = 'members_exceed', '登记成员多于人口'


class FindingAnswer(Model):
    """Why a household stays on a version in spite of a finding; `facts` are those that were answered, no others."""

    __tablename__ = 'finding_answers'
    __table_args__ = (
        UniqueConstraint('version_id', 'household_id', 'kind', 'facts'),
        CheckConstraint("reason <> ''", 'reason_given'),
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey('agreement_versions.id'), comment='协议版本')
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), index=True, comment='农户')
    kind: Mapped[FindingKind] = mapped_column(enum_column(FindingKind), comment='核查发现')
    facts: Mapped[str] = mapped_column(String(200), comment='所据事实(变了要重新说明)')
    reason: Mapped[str] = mapped_column(String(300), comment='说明')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='说明人(空为系统)')
    at: Mapped[datetime] = mapped_column(comment='时间')

    version: Mapped[AgreementVersion] = relationship(back_populates='answers')
    actor: Mapped[User | None] = relationship()
