"""Institutions and their people: applying, being admitted, appointing, inviting."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import INSTITUTION_ROLES, Role, RoleGrant, User
from shop.accounts.services import grant_role, revoke_role
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError
from shop.procurement.forms import InstitutionForm
from shop.procurement.institution import MAX_STEP_REASON, Institution, InstitutionStatus, step_of

MAX_WAITING = 3
# Whom a buyer may invite; further buyers are the department's to appoint.
INVITABLE = frozenset({Role.INSTITUTION_APPROVER, Role.INSTITUTION_FINANCE})


class InstitutionTakenError(BusinessError):
    """There is an institution of this name or credit code."""


class NotAdmittedError(BusinessError):
    """The institution may not buy now."""


def apply_institution(form: InstitutionForm, *, actor: User, at: datetime) -> Institution:
    """Ask for an institution to be admitted; raises `InstitutionTakenError`."""
    stands = select(Institution).where(Institution.status != InstitutionStatus.REFUSED)
    for field, same in (('name', Institution.name == form.name), ('credit_code', Institution.credit_code == form.code)):
        if db.session.scalar(stands.where(same)) is not None:
            raise InstitutionTakenError(
                _('这个单位已经登记。请本单位的采购人把您加为成员，或联系受理的县委组织部。'), field=field
            )
    waiting = stands.where(Institution.applied_by_id == actor.id, Institution.status == InstitutionStatus.APPLIED)
    if len(db.session.scalars(waiting).all()) >= MAX_WAITING:
        raise BusinessError(_('您已有 %(n)s 家单位等待核准，请等核准后再登记。', n=MAX_WAITING), field='name')
    institution = Institution(
        name=form.name,
        credit_code=form.code,
        address=form.address,
        phone=form.phone,
        region_id=form.region_id,
        budget_per_head_fen=form.budget_per_head_fen,
        status=InstitutionStatus.APPLIED,
        applied_by_id=actor.id,
        applied_at=at,
    )
    institution.steps.append(step_of(None, InstitutionStatus.APPLIED, actor.id, at, ''))
    db.session.add(institution)
    db.session.flush()
    return institution


def admit_institution(institution: Institution, *, actor: User, at: datetime) -> None:
    """Let an institution buy; who applied becomes its buyer. Nobody admits what they applied for themselves."""
    lock_row(institution)
    if institution.applied_by_id == actor.id:
        raise BusinessError(_('自己申请的单位要由别人核准。'), field='reason')
    is_new = institution.status is InstitutionStatus.APPLIED
    institution.move(InstitutionStatus.ADMITTED, actor_id=actor.id, at=at)
    institution.decided_at = at
    if is_new:
        add_member(institution, institution.applied_by, Role.INSTITUTION_BUYER, at=at)


def refuse_institution(institution: Institution, reason: str, *, actor: User, at: datetime) -> None:
    """Do not let an institution buy, and say why; it may apply anew."""
    _decide(institution, InstitutionStatus.REFUSED, reason, actor=actor, at=at)


def suspend_institution(institution: Institution, reason: str, *, actor: User, at: datetime) -> None:
    """Let an institution buy nothing more for now; what it has ordered goes on."""
    _decide(institution, InstitutionStatus.SUSPENDED, reason, actor=actor, at=at)


def require_admitted(institution: Institution) -> None:
    """Raise `NotAdmittedError` unless the institution may buy."""
    if institution.status is not InstitutionStatus.ADMITTED:
        raise NotAdmittedError(_('单位现在的状态是“%(status)s”，不能采购。', status=institution.status.label))


def add_member(institution: Institution, user: User, role: Role, *, at: datetime) -> RoleGrant:
    """Give somebody a role in an institution; twice is once."""
    lock_row(institution)
    for grant in user.current_grants:
        if grant.role is role and grant.institution_id == institution.id:
            return grant
    return grant_role(user, role, at=at, institution_id=institution.id)


def appoint_member(institution: Institution, login_name: str, role: Role | None, *, at: datetime) -> User:
    """Give the account of this login name any role in an institution: the department does so."""
    return _add_by_name(institution, login_name, role, INSTITUTION_ROLES, at=at)


def invite_member(institution: Institution, login_name: str, role: Role | None, *, at: datetime) -> User:
    """Give the account of this login name the approver's or the finance role: a buyer does so."""
    return _add_by_name(institution, login_name, role, INVITABLE, at=at)


def remove_member(institution: Institution, grant_id: int, roles: frozenset[Role], *, at: datetime) -> None:
    """Take a role in the institution back, one of `roles`; raises `NotFoundError` for any other."""
    grant = db.session.get(RoleGrant, grant_id)
    if grant is None or grant.institution_id != institution.id or grant.role not in roles:
        raise NotFoundError
    revoke_role(grant, at=at)


def _add_by_name(
    institution: Institution, login_name: str, role: Role | None, roles: frozenset[Role], *, at: datetime
) -> User:
    if role not in roles:
        raise BusinessError(_('选择角色。'), field='role')
    require_admitted(institution)
    user = db.session.scalar(select(User).where(User.login_name == login_name.strip().lower()[:64], User.is_active))
    if user is None:
        raise BusinessError(_('没有这个登录名的账号，请对方先注册，再把登录名告诉您。'), field='login_name')
    assert role is not None
    add_member(institution, user, role, at=at)
    return user


def _decide(institution: Institution, to: InstitutionStatus, reason: str, *, actor: User, at: datetime) -> None:
    lock_row(institution)
    if not 1 <= len(reason) <= MAX_STEP_REASON:
        raise BusinessError(_('写明原因，最多 %(n)s 个字。', n=MAX_STEP_REASON), field='reason')
    institution.move(to, actor_id=actor.id, at=at, reason=reason)
    institution.decided_at = at
