"""What banks call the columns of their statements, and how they write days and directions."""

import re

OUT = frozenset({'借', '支', '支出', 'D', '借方', '付'})

COLUMNS: dict[str, tuple[str, ...]] = {
    'day': ('交易日期', '入账日期', '记账日期', '交易时间', '日期'),
    'amount': ('收入金额', '贷方发生额', '贷方金额', '收入', '入账金额', '存入金额', '交易金额', '发生额'),
    'direction': ('借贷标志', '收支', '借贷', '收支方向'),
    'payer': ('对方户名', '付款人户名', '付款户名', '付款人名称', '付款人', '对方名称', '对方单位'),
    'account': ('对方账号', '付款人账号', '付款账号', '对方帐号'),
    'serial': ('交易流水号', '银行流水号', '流水号', '交易序号', '核心流水号'),
}
MEMOS = ('附言', '摘要', '用途', '备注', '交易附言')
NEEDED = {'day': '交易日期', 'amount': '收入金额', 'payer': '对方户名', 'serial': '流水号'}
DAY = re.compile(r'^(\d{4})\D?(\d{1,2})\D?(\d{1,2})日?(?:[ T]?(\d{1,2}):?(\d{2})(?::?(\d{2}))?)?$', re.ASCII)
