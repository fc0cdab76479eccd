"""The columns of the national register as it is exported, and the words that stand in them."""

import re

from shop.kit.words import kept

# Ours on the left; the first name on the right is the one in the template and in messages.
COLUMNS: dict[str, tuple[str, ...]] = {
    'number': (kept('户编号'), '农户编号', '户号'),
    'head_name': (kept('户主姓名'), '户主', '姓名'),
    'id_number': (kept('证件号码'), '户主证件号码', '身份证号码', '身份证号'),
    'status': (kept('脱贫状态'), '户状态', '当前状态'),
    'left_poverty': (kept('脱贫年度'), '脱贫年份', '脱贫时间'),
    'people': (kept('家庭人口数'), '家庭人口', '人口数'),
    'attribute': (kept('户属性'), '户类型'),
    'group_name': (kept('村民小组'), '自然村组', '村组', '组别', '组'),
    'bank_account': (kept('银行账号'), '银行卡号', '一卡通账号', '收款账号'),
    'consent': (kept('同意'), '是否同意', '单独同意'),
    'consent_on': (kept('同意日期'), '签署日期'),
    'relation': ('与户主关系',),
}
NEEDED = ('number', 'head_name', 'status', 'people')
TEMPLATE = tuple(name for name in COLUMNS if name != 'relation')
HEAD = frozenset({'户主', '本人', '01', ''})
AGREED = frozenset({'是', '同意', '已同意', '已签', 'Y', 'y', '√', '✓', '1'})
REFUSED = frozenset({'', '否', '不同意', '未签', 'N', 'n', '×', '0'})
HEADER_WITHIN = 10
DAY = re.compile(r'^(\d{4})\D?(\d{1,2})\D?(\d{1,2})日?', re.ASCII)
YEAR = re.compile(r'^(\d{4})(?:年|\.0)?$', re.ASCII)
# Registering poor households began in this year, so none can have left poverty before.
FIRST_YEAR = 2014
# How a cell names to which number a household has agreed, and says no.
AGREED_WORDS = (('id_number', '证件'), ('bank_account', '银行'))
NO = '不'
# The row of the template that shows how to fill it in.
EXAMPLE_MARK = '例：'
EXAMPLE = {
    'number': '001', 'head_name': '例：赵某某', 'id_number': '', 'status': '已脱贫', 'left_poverty': '2019',
    'people': '3', 'attribute': '一般脱贫户', 'group_name': '一组', 'bank_account': '', 'consent': '是',
    'consent_on': '2026-05-18',
}  # fmt: skip
# The words of the national register for a household's status, for a shop that has none yet.
USUAL_STATUSES = ('未脱贫', '已脱贫享受政策', '返贫', '脱贫不稳定户', '边缘易致贫户', '突发严重困难户', '稳定脱贫')
# What the national register calls the kinds of households; others may be typed.
USUAL_ATTRIBUTES = ('一般农户', '一般脱贫户', '低保脱贫户', '特困供养户', '监测对象')
