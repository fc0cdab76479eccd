"""After-sale in the demo: the refunds there are have their cases, and cases without money stand in every state."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from shop.aftersales.deadlines import ARRIVED, CAME_BACK, NOT_APPEALED
from shop.aftersales.models import AftersaleCase, AftersaleEvent
from shop.aftersales.states import AftersaleKind, AftersaleReason, AftersaleStatus, Party, Ruling
from shop.aftersales.terms import Terms
from shop.demo.orders import WrittenLine, WrittenOrder
from shop.demo.period import Period
from shop.demo.rows import Rows
from shop.demo.stage import VillagePlan
from shop.orders.models import Courier, Order, OrderLine, OrderStatus
from shop.payments.models import Refund, RefundLine, RefundStatus

K = AftersaleKind
S = AftersaleStatus
R = AftersaleReason
O = OrderStatus  # noqa: E741  beside S, K and R
Told = tuple[Party, AftersaleStatus, str, datetime]
B, V, T, Y = Party.BUYER, Party.VILLAGE, Party.PLATFORM, Party.SYSTEM
TERMS = Terms()
UNDISPUTED = 4
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SERVICE, SPOILS = 'service', 'farm_produce'
PARCEL = '中通快递 751203944{number:04d}'
FAILED = '收款账户已注销，银行退回'
SAID: dict[AftersaleReason, str] = {
    R.UNWANTED: '买重了，没有拆封。',
    R.SHORT: '箱子里比订单少一件，称重也不对。',
    R.QUALITY: '打开有异味，和上次买的不一样。',
    R.DAMAGED: '外箱压扁了，里面的瓶子裂了。',
    R.WRONG_GOODS: '发来的不是我买的规格。',
    R.SPOILED: '坏的和整箱各拍了照片，请按件赔。',
    R.NOT_AS_DESCRIBED: '和页面上写的产地不一样。',
}
DUE = {
    S.AWAITING_VILLAGE: TERMS.answer,
    S.AWAITING_RETURN: TERMS.send_back,
    S.AWAITING_ARRIVAL: TERMS.arrival,
    S.AWAITING_RESEND: TERMS.answer,
    S.REFUSED: TERMS.appeal,
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A case without money: on an order in which status, for what, and its steps, hours after one another."""

    on: OrderStatus
    kind: AftersaleKind
    reason: AftersaleReason
    steps: tuple[tuple[Party, AftersaleStatus, str], ...] = ()
    is_unsent: bool = False
    ruling: Ruling | None = None
    is_settled: bool = False
    ago: timedelta = field(default=5 * HOUR)


ASKED = (V, S.AWAITING_RETURN, '')
BACK = (B, S.AWAITING_ARRIVAL, PARCEL)
NO = (V, S.REFUSED, '照片看不出是这一箱，请补拍带面单的照片。')
APPEALED = (B, S.AT_PLATFORM, '面单已经撕掉了，视频里看得见箱号。')
SCENES = (
    Scene(O.AWAITING_SHIPMENT, K.REFUND_ONLY, R.UNWANTED, is_unsent=True),
    Scene(O.AWAITING_RECEIPT, K.RETURN_REFUND, R.QUALITY),
    Scene(O.COMPLETED, K.SPOILED, R.SPOILED),
    Scene(O.AWAITING_RECEIPT, K.RETURN_REFUND, R.UNWANTED, (ASKED,), ago=9 * HOUR),
    Scene(O.COMPLETED, K.RETURN_REFUND, R.DAMAGED, (ASKED, BACK), ago=30 * HOUR),
    Scene(O.COMPLETED, K.REPLACE, R.WRONG_GOODS, (ASKED, BACK, (V, S.AWAITING_RESEND, '')), ago=30 * HOUR),
    Scene(O.AWAITING_RECEIPT, K.RESEND, R.SHORT, ((V, S.AWAITING_RESEND, ''),), ago=7 * HOUR),
    Scene(O.COMPLETED, K.REFUND_ONLY, R.NOT_AS_DESCRIBED, (NO,), ago=20 * HOUR),
    Scene(O.COMPLETED, K.SPOILED, R.SPOILED, (NO, APPEALED), ago=26 * HOUR),
    Scene(O.COMPLETED, K.RESEND, R.SHORT, ((V, S.AWAITING_RESEND, ''), (V, S.RESENT, PARCEL)), ago=5 * DAY),
    Scene(
        O.COMPLETED, K.REPLACE, R.DAMAGED,
        (ASKED, BACK, (V, S.AWAITING_RESEND, ''), (V, S.REPLACED, PARCEL)), ago=6 * DAY,
    ),
    Scene(O.COMPLETED, K.RETURN_REFUND, R.UNWANTED, ((B, S.WITHDRAWN, ''),), ago=4 * DAY),
    Scene(
        O.COMPLETED, K.SPOILED, R.SPOILED,
        (NO, APPEALED, (T, S.RULED, '照片里的品种和这一单不一致，证据不足。')), ruling=Ruling.VILLAGE, ago=6 * DAY,
    ),
    Scene(O.COMPLETED, K.REFUND_ONLY, R.SHORT, (NO,), is_settled=True, ago=12 * DAY),
)  # fmt: skip


class AftersaleWriter:
    """Adds cases with their events, each within the rules that hold for anybody's."""

    def __init__(self, rows: Rows, seed: int, period: Period, villages: list[VillagePlan]) -> None:
        self._rows = rows
        self._rng = Random(f'{seed}:aftersales')
        self._end = period.end
        self._villages = {village.id: village for village in villages}
        self._taken: set[int] = set()

    def write(self, orders: list[WrittenOrder], home: VillagePlan, consumer_id: int | None) -> None:
        """Bind the refunds of one line to cases, and play every scene: at home, for the demo's buyer, and elsewhere."""
        by_id = {order.id: order for order in orders}
        self._leave_alone(orders)
        self._bind(by_id, home)
        theirs = [order for order in orders if order.plan.buyer and order.plan.buyer.user_id == consumer_id]
        mine = [order for order in orders if order.plan.village_id == home.id]
        for pool in (mine, theirs, orders):
            for scene in SCENES:
                self._play(scene, pool)

    def _leave_alone(self, orders: list[WrittenOrder]) -> None:
        """Let the parcels that were sent first be received as if nothing had happened."""
        rows = self._rows.of(Order)
        sent = [order for order in orders if rows[order.id - 1]['status'] is O.AWAITING_RECEIPT]
        sent.sort(key=lambda order: (rows[order.id - 1]['shipped_at'], order.id))
        self._taken |= {order.id for order in sent[: max(UNDISPUTED, len(sent) // 2)]}

    def _bind(self, orders: dict[int, WrittenOrder], home: VillagePlan) -> None:
        counts = Counter(line['refund_id'] for line in self._rows.of(RefundLine))
        last_home: dict[str, Any] | None = None
        for piece in self._rows.of(RefundLine):
            refund = self._rows.of(Refund)[piece['refund_id'] - 1]
            order = orders.get(refund['order_id'] or 0)
            if order is None or counts[refund['id']] > 1 or not order.timeline.is_sent:
                continue
            line = next(one for one in order.lines if one.id == piece['order_line_id'])
            self._add_refunded(order, line, refund, piece)
            last_home = refund if order.plan.village_id == home.id else last_home
        if last_home is not None:
            self._fail(last_home)

    def _add_refunded(
        self, order: WrittenOrder, line: WrittenLine, refund: dict[str, Any], piece: dict[str, Any]
    ) -> None:
        """Tell a refund that took place as the case that led to it."""
        ends, timeline = refund['requested_at'], order.timeline
        completed = timeline.completed_at if timeline.completed_at and timeline.completed_at <= ends else None
        begins = completed or timeline.shipped_at
        assert begins is not None
        units = piece['quantity']
        is_whole = units == line.quantity
        goods = order.plan.lines[order.lines.index(line)].product.kind
        kind = K.REFUND_ONLY if goods == SERVICE or not units else K.RETURN_REFUND
        if goods == SPOILS and kind is K.RETURN_REFUND and not is_whole:
            kind = K.SPOILED
        reason = {K.RETURN_REFUND: R.QUALITY, K.SPOILED: R.SPOILED}.get(kind, R.SHORT)
        ruled = kind is K.SPOILED and refund['id'] % 7 == 0
        is_back = kind is K.RETURN_REFUND
        between = [ASKED, BACK] if is_back else [NO, APPEALED] if ruled else []
        ruling = [(T, S.RULED, '照片清楚，按坏的件数退。')] if ruled else []
        words = [(B, S.AWAITING_VILLAGE, SAID[reason]), *between, *ruling, (T if ruled else V, S.REFUNDING, '')]
        gap = (ends - begins) / (len(words) + 1)
        times = [begins + gap * (turn + 1) for turn in range(len(words) - 1)] + [ends]
        steps = [(*word, at) for word, at in zip(words, times, strict=True)]
        steps.append((Y, S.REFUNDED, ARRIVED, ends + timedelta(seconds=8)))
        values = self._values(order, line, kind, reason, steps, units=units, amount=piece['amount_fen'])
        values |= {'granted_fen': piece['amount_fen'], 'freight_fen': refund['freight_fen'], 'refund_id': refund['id']}
        values |= {'ruling': Ruling.BUYER if ruled else None, 'settled_at': ends, 'due_at': None}
        if is_back:
            values |= {'restocked_units': 0, 'damaged_units': units}
        self._add(values, steps, order)

    def _fail(self, refund: dict[str, Any]) -> None:
        """Let one refund have come back from the bank, for the desk to try again."""
        refund |= {'status': RefundStatus.FAILED, 'succeeded_at': None, 'failure': FAILED}
        case = next(one for one in self._rows.of(AftersaleCase) if one['refund_id'] == refund['id'])
        case['status'] = S.REFUNDING
        self._event(
            case['id'], max(refund['requested_at'] + HOUR, self._end - 3 * HOUR), Y, None, S.REFUNDED, CAME_BACK
        )

    def _play(self, scene: Scene, pool: list[WrittenOrder]) -> None:
        """Let a scene take place on the newest order it fits."""
        begins = self._end - scene.ago
        fits = [order for order in reversed(pool) if self._fits(scene, order, begins)]
        if not fits:
            return
        order = fits[0]
        line, units = order.lines[0], 1
        words = [(B, S.AWAITING_VILLAGE, SAID[scene.reason]), *scene.steps]
        gap = min(scene.ago * 0.6, 2 * DAY) / len(words)
        steps = [(*word, begins + gap * turn) for turn, word in enumerate(words)]
        amount = line.net_fen * units // line.quantity
        values = self._values(order, line, scene.kind, scene.reason, steps, units=units, amount=amount)
        is_over = scene.is_settled or steps[-1][1] in {S.RESENT, S.REPLACED, S.WITHDRAWN, S.RULED}
        values['ruling'] = scene.ruling
        if scene.is_settled:
            steps.append((Y, S.REFUSED, NOT_APPEALED, steps[-1][3] + TERMS.appeal))
        values['settled_at'] = steps[-1][3] if is_over else None
        values['due_at'] = None if is_over or steps[-1][1] not in DUE else steps[-1][3] + DUE[steps[-1][1]]
        self._mark(scene, values, order)
        self._add(values, steps, order)

    def _mark(self, scene: Scene, values: dict[str, Any], order: WrittenOrder) -> None:
        """Write on the case and its order what the steps bring with them."""
        if scene.is_unsent:
            values |= {'is_unsent': True, 'withheld_units': values['units']}
            self._rows.of(OrderLine)[values['order_line_id'] - 1]['withheld_quantity'] = values['units']
        if scene.kind is K.REPLACE and len(scene.steps) > 2:
            values |= {'restocked_units': 0, 'damaged_units': values['units']}
        if values['settled_at'] is None:
            self._rows.of(Order)[order.id - 1]['disputed_at'] = values['opened_at']

    def _fits(self, scene: Scene, order: WrittenOrder, begins: datetime) -> bool:
        row, timeline = self._rows.of(Order)[order.id - 1], order.timeline
        if row['status'] is not scene.on or order.id in self._taken or order.plan.is_test or timeline.refunded_at:
            return False
        goods = order.plan.lines[0].product.kind
        if goods == SERVICE or (scene.kind is K.SPOILED and goods != SPOILS):
            return False
        if scene.is_unsent:
            return timeline.paid_at is not None and timeline.paid_at < begins
        if scene.on is O.COMPLETED:
            span = TERMS.spoiled if scene.kind is K.SPOILED else TERMS.claim
            done = timeline.completed_at
            return done is not None and done < begins < done + span and order.lines[0].net_fen > 0
        return timeline.shipped_at is not None and timeline.shipped_at < begins

    def _values(
        self,
        order: WrittenOrder,
        line: WrittenLine,
        kind: AftersaleKind,
        reason: AftersaleReason,
        steps: list[Told],
        *,
        units: int,
        amount: int,
    ) -> dict[str, Any]:
        times = {to: at for _party, to, _words, at in steps}
        returned, resent = times.get(S.AWAITING_ARRIVAL), times.get(S.REPLACED) or times.get(S.RESENT)
        number = f'751203944{order.id % 10_000:04d}'
        return {
            'number': f'{self._rows.of(Order)[order.id - 1]["number"]}-1',
            'order_id': order.id,
            'order_line_id': line.id,
            'kind': kind,
            'status': steps[-1][1],
            'reason': reason,
            'is_unsent': False,
            'units': units,
            'withheld_units': 0,
            'amount_fen': amount,
            'freight_fen': 0,
            'granted_fen': None,
            'refund_id': None,
            'ruling': None,
            'restocked_units': None,
            'damaged_units': None,
            'return_courier': Courier.ZTO if returned else None,
            'return_number': number if returned else '',
            'returned_at': returned,
            'resend_courier': Courier.ZTO if resent else None,
            'resend_number': number if resent else '',
            'resent_at': resent,
            'opened_at': steps[0][3],
        }

    def _add(self, values: dict[str, Any], steps: list[Told], order: WrittenOrder) -> None:
        self._taken.add(order.id)
        case_id = self._rows.add(AftersaleCase, **values)
        village, buyer = self._villages[order.plan.village_id], order.plan.buyer
        before: AftersaleStatus | None = None
        for party, to, reason, at in steps:
            actors = {B: buyer.user_id if buyer else None, V: _secretary(village, at), T: village.county_reviewer_id}
            said = reason.format(number=order.id % 10_000)
            self._event(case_id, at, party, actors.get(party), before, said, to=to)
            before = to

    def _event(
        self,
        case_id: int,
        at: datetime,
        party: Party,
        actor_id: int | None,
        before: AftersaleStatus | None,
        reason: str,
        *,
        to: AftersaleStatus = S.REFUNDING,
    ) -> None:
        self._rows.add(
            AftersaleEvent,
            case_id=case_id,
            at=at,
            party=party,
            actor_id=actor_id,
            from_status=before,
            to_status=to,
            reason=reason,
        )


def _secretary(village: VillagePlan, at: datetime) -> int:
    """Return the secretary in office at an instant, or somebody of the team."""
    present = [one.user_id for one in village.tenures if one.since <= at and (one.until is None or at < one.until)]
    return present[0] if present else village.member_ids[0]
