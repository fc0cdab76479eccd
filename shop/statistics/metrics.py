"""The metric registry: what each published figure counts, by which day, in which version of its definition."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Metric:
    """A published figure: its name in the interface, its title, and its definition in words."""

    name: str
    version: int
    title: str
    unit: str
    definition: str
    counts: str
    goes_by: str


_ALL = (
    Metric(
        'villages',
        1,
        _('驻村'),
        _('个'),
        _('当日有第一书记在任的村，一村只计一次。'),
        _('到任日不晚于当日、且当日尚未离任的任期所在的村。'),
        _('到任日与离任日'),
    ),
    Metric(
        'endorsed_products',
        1,
        _('代言产品（项目）'),
        _('个'),
        _('截至当日，由第一书记代言并已上架过的产品（项目），同一产品只计一次。'),
        _('代言首次上架日不晚于当日的产品；之后暂停、下架或换人代言不影响计数。'),
        _('代言首次上架日'),
    ),
    Metric(
        'projects',
        1,
        _('带动产业项目'),
        _('个'),
        _('截至当日已认定、并由代言产品带动的村产业项目，同一项目只计一次。'),
        _('认定日不晚于当日，且与代言审定日不晚于当日的产品有占比关联的项目。'),
        _('项目认定日与代言审定日中较晚者'),
    ),
    Metric(
        'brands',
        1,
        _('创立代言品牌'),
        _('个'),
        _('截至当日已认定的代言品牌，同一品牌只计一次。'),
        _('认定日不晚于当日的品牌，包括自有名称、申请中和已注册。'),
        _('品牌认定日'),
    ),
    Metric(
        'sales',
        1,
        _('累计销售额'),
        _('元'),
        _('截至当日入账的商品销售净额：已付款金额减退款，不含运费。'),
        _('全部销售分录之和（退款为负）；测试单不计；内部人员下单和单位采购计入并单列。'),
        _('入账日（北京时间）；已封账的日子不再变动'),
    ),
    Metric(
        'covered',
        1,
        _('覆盖户'),
        _('户'),
        _('当日有生效的利益联结协议写明分享的农户，一户只计一次。'),
        _('生效日不晚于当日且当日尚未终止的协议版本所列农户。'),
        _('协议版本生效日与终止日'),
    ),
    Metric(
        'accrued',
        1,
        _('惠及农户（测算受益）'),
        _('户'),
        _('截至当日，因订单完成而至少测算到一分钱的农户，一户只计一次。'),
        _('首次测算受益日不晚于当日的农户；之后的退款不减少户数。'),
        _('首次测算受益日（惠农分录入账日）'),
    ),
    Metric(
        'paid',
        1,
        _('到账户'),
        _('户'),
        _('截至当日，凭据齐全、实际领到钱的农户，一户只计一次。'),
        _('有入账日不晚于当日的兑付记录（每笔都有凭证）的农户。'),
        _('兑付入账日'),
    ),
)

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}
VERSIONS: dict[str, int] = {metric.name: metric.version for metric in _ALL}
