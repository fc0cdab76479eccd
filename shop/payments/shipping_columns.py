"""What people call the columns of a list of parcels, and the couriers in it."""

NEEDED = {'number': '订单号', 'courier': '快递', 'tracking': '运单号'}
COLUMNS: dict[str, tuple[str, ...]] = {
    'number': ('订单号', '订单编号', '订单', 'order', 'order number', 'order no'),
    'courier': ('快递', '快递公司', '承运', '物流公司', '物流', 'courier'),
    'tracking': ('运单号', '快递单号', '物流单号', '单号', 'tracking number', 'tracking no'),
}
GUIDANCE = ('收货人', '商品')
EMS_NAMES = frozenset({'EMS', '邮政EMS', '中国邮政EMS', 'EMS快递'})
PICKUP_NAMES = frozenset({'自提', '到店', '自取'})
POST_NAMES = frozenset({'中国邮政', '邮政', '邮政包裹', '邮政快递'})
SHORT_NAME = 2
