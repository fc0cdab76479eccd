"""The words of a case: what is asked for, why, where it stands, who speaks, and which way it may go."""

from shop.kit.enums import Labelled


class AftersaleKind(Labelled):
    """What a buyer may ask for."""

    REFUND_ONLY = 'refund_only', '仅退款'
    RETURN_REFUND = 'return_refund', '退货退款'
    REPLACE = 'replace', '换货'
    RESEND = 'resend', '补发'
    SPOILED = 'spoiled', '坏果包赔'


class AftersaleReason(Labelled):
    """Why it is asked for."""

    UNWANTED = 'unwanted', '不想要了'
    MISTAKE = 'mistake', '拍错了，或地址填错'
    NOT_SENT = 'not_sent', '迟迟没有发货'
    NOT_RECEIVED = 'not_received', '没有收到货'
    SHORT = 'short', '少件、漏发'
    QUALITY = 'quality', '质量问题'
    DAMAGED = 'damaged', '运输中破损'
    WRONG_GOODS = 'wrong_goods', '发错货'
    NOT_AS_DESCRIBED = 'not_as_described', '与页面描述不符'
    SPOILED = 'spoiled', '坏果、烂果'
    AGREED = 'agreed', '已和村里商量好'


class AftersaleStatus(Labelled):
    """The life of a case."""

    AWAITING_VILLAGE = 'awaiting_village', '待商家处理'
    AWAITING_RETURN = 'awaiting_return', '待寄回'
    AWAITING_ARRIVAL = 'awaiting_arrival', '待商家收货'
    AWAITING_RESEND = 'awaiting_resend', '待商家发出'
    REFUNDING = 'refunding', '退款中'
    REFUNDED = 'refunded', '已退款'
    REPLACED = 'replaced', '已换货'
    RESENT = 'resent', '已补发'
    REFUSED = 'refused', '已拒绝'
    AT_PLATFORM = 'at_platform', '平台介入'
    RULED = 'ruled', '终裁'
    WITHDRAWN = 'withdrawn', '已撤销'


class Party(Labelled):
    """Who does or says something in a case."""

    BUYER = 'buyer', '买家'
    VILLAGE = 'village', '村里'
    PLATFORM = 'platform', '平台'
    SYSTEM = 'system', '系统'


class Ruling(Labelled):
    """In whose favour the department decides."""

    BUYER = 'buyer', '支持买家'
    VILLAGE = 'village', '支持商家'


S = AftersaleStatus
AFTERSALE_MOVES: dict[S, frozenset[S]] = {
    S.AWAITING_VILLAGE: frozenset({S.AWAITING_RETURN, S.AWAITING_RESEND, S.REFUNDING, S.REFUSED, S.WITHDRAWN}),
    S.AWAITING_RETURN: frozenset({S.AWAITING_ARRIVAL, S.WITHDRAWN}),
    S.AWAITING_ARRIVAL: frozenset({S.AWAITING_RESEND, S.REFUNDING, S.REFUSED}),
    S.AWAITING_RESEND: frozenset({S.REPLACED, S.RESENT, S.REFUNDING, S.AT_PLATFORM}),
    S.REFUSED: frozenset({S.AT_PLATFORM, S.WITHDRAWN}),
    S.AT_PLATFORM: frozenset({S.RULED, S.WITHDRAWN}),
    S.RULED: frozenset({S.REFUNDING}),
    S.REFUNDING: frozenset({S.REFUNDED}),
    S.REFUNDED: frozenset({S.REFUNDING}),  # a bank may send a refund back after it was confirmed
    S.REPLACED: frozenset(),
    S.RESENT: frozenset(),
    S.WITHDRAWN: frozenset(),
}
# What waits for the village, in the order of its tabs.
FOR_VILLAGE = (S.AWAITING_VILLAGE, S.AWAITING_ARRIVAL, S.AWAITING_RESEND)
