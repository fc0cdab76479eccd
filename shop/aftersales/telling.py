"""What buyer and village are told of a case: where it stands, what happens next, how much time is left."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from shop.aftersales.letters import sentence, values
from shop.aftersales.models import AftersaleCase
from shop.aftersales.states import AftersaleKind, AftersaleStatus, Party
from shop.kit.money import Money
from shop.kit.words import counted, told
from shop.presentation import instant

K = AftersaleKind
S = AftersaleStatus
ONE_DAY = timedelta(days=1)
HOUR_SECONDS = 3600
DAY_SECONDS = 86_400


def time_left(until: datetime, *, at: datetime) -> str:
    """Write how long it is until an instant: days, then hours, then minutes; empty when it is past."""
    seconds = int((until - at).total_seconds())
    if seconds <= 0:
        return ''
    if seconds >= 2 * DAY_SECONDS:
        return counted('还剩 %(num)s 天', seconds // DAY_SECONDS)
    if seconds >= HOUR_SECONDS:
        return counted('还剩 %(num)s 小时', seconds // HOUR_SECONDS)
    return counted('还剩 %(num)s 分钟', max(1, seconds // 60))


def is_overdue(case: AftersaleCase, *, at: datetime) -> bool:
    """Tell whether time has decided already, though the scheduled work has not been there."""
    return case.is_open and case.due_at is not None and case.due_at <= at


def next_for_buyer(case: AftersaleCase, *, at: datetime) -> str:
    """Say to the buyer what happens next, and by when."""
    if is_overdue(case, at=at):
        return str(_('时限已经到了，这件售后马上会自动往下走。'))
    return told(sentence(case, case.shown_status)) % values(case)


def next_for_village(case: AftersaleCase, *, at: datetime) -> str:
    """Say to the village what it has to do, and what happens when it does not."""
    if is_overdue(case, at=at):
        return str(_('时限已经到了，这件售后马上会自动往下走。'))
    until = instant(case.due_at) if case.due_at is not None else ''
    if case.is_refund_failed and case.refund is not None:
        why = case.refund.failure or case.refund.status.label
        return str(_('退款没有到账（%(why)s），请再退一次。', why=why))
    words = {
        S.AWAITING_VILLAGE: _('请在 %(until)s 前处理，过时自动同意。', until=until),
        S.AWAITING_RETURN: _('等买家寄回，最晚 %(until)s；过时自动关闭。', until=until),
        S.AWAITING_ARRIVAL: _('收到后清点，定好几件放回库存、几件报损；最晚 %(until)s 自动确认。', until=until),
        S.AWAITING_RESEND: _('请在 %(until)s 前把货发出，过时转平台处理。', until=until),
        S.REFUSED: _('已拒绝。买家在 %(until)s 前可以申请平台介入。', until=until) if case.is_open else _('已了结。'),
        S.AT_PLATFORM: _('平台在看双方的说明和照片，您可以补充；裁定是最后的。'),
        S.WITHDRAWN: _('已撤销，没有退款。'),
    }
    return str(words[case.shown_status]) if case.shown_status in words else next_for_buyer(case, at=at)


def heading(case: AftersaleCase) -> str:
    """Name where the case stands, for the buyer."""
    if case.status is S.RULED:
        return str(_('平台裁定：支持商家'))
    if case.is_refund_failed:
        return str(_('退款没有到账，村里会重新退'))
    return case.shown_status.label


def event_title(case: AftersaleCase, index: int) -> str:
    """Name one step of the timeline."""
    event = case.events[index]
    if event.from_status is None:
        return str(_('申请%(kind)s', kind=case.kind.label))
    if event.from_status is event.to_status:
        return str(_('说明') if event.party is Party.SYSTEM else _('%(party)s补充说明', party=event.party.label))
    if event.to_status is S.RULED and case.ruling is not None:
        return str(_('终裁：%(ruling)s', ruling=case.ruling.label))
    return event.to_status.label


def claimed_words(case: AftersaleCase) -> str:
    """Write what is asked for: pieces and what they are worth, or a sum."""
    money = Money(case.amount_fen)
    if not case.units:
        return str(money)
    if case.kind in {K.REPLACE, K.RESEND}:
        return counted('%(num)s 件', case.units)
    return counted('%(num)s 件，共 %(money)s', case.units, money=money)
