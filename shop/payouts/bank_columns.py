"""What banks call the columns of a batch payment and of its result, and the words of the result."""

# What we write, as most banks' batch payment takes it.
FILE_COLUMNS = ('序号', '收款账号', '收款户名', '开户行', '金额(元)', '附言', '业务参考号')
MEMO = '惠农兑付'
# What we look for in a result, under the names banks give it.
RESULT_COLUMNS = {
    'reference': ('业务参考号', '参考号', '业务编号', '商户流水号', '备注'),
    'amount': ('金额(元)', '金额', '实发金额', '交易金额', '发生额'),
    'result': ('处理结果', '交易结果', '交易状态', '状态', '结果'),
    'serial': ('流水号', '交易流水号', '银行流水号', '核心流水号'),
    'failure': ('失败原因', '退回原因', '错误信息', '原因'),
}
NEEDED = ('reference', 'amount', 'result', 'serial')
GOOD = frozenset({'成功', '交易成功', '处理成功', '已入账'})
BAD = frozenset({'失败', '交易失败', '处理失败', '退回', '已退汇'})
