"""What a version of an agreement changes against the one before it, in words."""

from dataclasses import dataclass

from flask_babel import gettext as _

from shop.benefits.forms import rule_text
from shop.benefits.models import AgreementVersion, RuleKind
from shop.kit.words import listed


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: what it was, what it is, and more where it helps."""

    name: str
    before: str
    after: str
    note: str = ''


def changes_between(before: AgreementVersion, after: AgreementVersion) -> list[Change]:
    """Return what differs, in the order reviewers read; empty when nothing does."""
    changes = [
        Change(_('提取'), _rule(before), _rule(after)),
        Change(_('分配方式'), before.weight_kind.label, after.weight_kind.label),
        Change(
            _('协议户数'),
            _('%(n)s 户', n=len(before.shares)),
            _('%(n)s 户', n=len(after.shares)),
            _households(before, after),
        ),
    ]
    found = [change for change in changes if change.before != change.after or change.note]
    moved = _reweighted(before, after)
    if before.weight_kind is after.weight_kind and moved:
        found.append(Change(_('权数'), '', _('%(n)s 户有变', n=len(moved)), _('%(list)s 号', list=listed(moved))))
    return found


def _rule(version: AgreementVersion) -> str:
    text = rule_text(version.rule_kind, version.rule_value)
    return _('每件 ¥%(yuan)s', yuan=text) if version.rule_kind is RuleKind.FEN_PER_UNIT else f'{text}%'


def _households(before: AgreementVersion, after: AgreementVersion) -> str:
    was = {share.household_id: share.household.number for share in before.shares}
    now = {share.household_id: share.household.number for share in after.shares}
    added = sorted(number for id_, number in now.items() if id_ not in was)
    left = sorted(number for id_, number in was.items() if id_ not in now)
    notes = []
    if added:
        notes.append(_('新增 %(list)s 号', list=listed(added)))
    if left:
        notes.append(_('退出 %(list)s 号', list=listed(left)))
    return str(_('；')).join(notes)


def _reweighted(before: AgreementVersion, after: AgreementVersion) -> list[str]:
    was = {share.household_id: share.weight for share in before.shares}
    return [
        share.household.number
        for share in after.shares
        if share.household_id in was and was[share.household_id] != share.weight
    ]
