"""The claim-word check: words that advertising and food law do not allow in a product's texts.

Sources: 广告法 第九条（三）(superlatives) and（二）(authorities), 第十七条、第十八条 (medical claims);
食品安全法 第七十三条 (food that prevents or cures). It names words for a person to judge; it does not judge.
"""

import re
from dataclasses import dataclass
from itertools import chain

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _lazy

SUPERLATIVE = _lazy('绝对化用语，广告法第九条不允许')
MEDICAL = _lazy('涉及疾病预防、治疗或医疗用语，普通食品和农产品不得使用')
GUARANTEE = _lazy('保证性或虚假承诺用语')
AUTHORITY = _lazy('借用国家机关或其工作人员的名义，广告法第九条不允许')

# The lookarounds leave out the facts a word may stand in: 最近, 第一书记, 国家级自然保护区.
_SUPERLATIVES = (
    (
        r'最(?![近后终初早晚迟少多怕难累苦忙]|[低高](?:气?温|消费)|好(?:[在于是先冷放尽不用当避趁]|提前))'
        r'(?:好[吃喝看]|先进|天然|健康|安全|便宜|低价|高级|正宗|新鲜|优质|[优佳好美大高强鲜香甜纯贵棒正补具])?'
    ),
    (
        r'(?:全国|全省|全市|全球|世界|中国|行业|销量|品质|口感|质量|东北)?第一'
        r'(?![书次步批年个季期天日代时遍道眼手线茬场位届课节村站家单件组产段章条版声桶锅壶缸瓶口缕夜趟回封笔张项顿]|印象|阶段)'
    ),
    r'国家级(?!非物质|非遗|自然保护区|湿地|森林公园|地质公园|贫困县|示范|龙头|出口)|世界级|宇宙级|全球级',
    r'顶[级尖]|极[品致佳]|绝[版佳]|绝无仅有|独一无二|史无前例|前无古人|空前绝后|无与伦比|无可比拟|首屈一指|天下无双|举世无双',
    r'独家|首选|唯一(?!编[号码]|识别)|冠军|王牌|之[王冠最]|万能|绝对(?!化用语)|百分之百|百分百|100%|销冠|驰名商标|中国名牌|领导品牌',
    r'(?:全国|全省|全球|世界|国内|行业|全网)(?:首家|首个|首发|领先|领导者|知名)',
)
_MEDICALS = (
    r'治疗|治愈|根治|主治|医治|[疗药]效|药到病除|包治|[速特]效|疗程|处方|[秘偏]方|药用价值|保健(?:功效|作用|功能|价值)|癌',
    (
        r'(?:预防|防治|防|抗|抑制|消除|对抗|远离)(?:各种)?'
        r'(?:疾病|肿瘤|病毒|血栓|炎症?|衰老?|高血压|糖尿病|感冒|三高|辐射|氧化|菌|疲劳)'
    ),
    r'降(?:血)?[压糖脂]|[调稳控](?:节|理)?血[压糖脂]|控糖|降三高|三高人群|软化血管|活血|[化散]瘀|清热|解毒|祛[湿风寒]|止[咳痛血]|化痰|平喘|消炎',
    r'(?:增强|提高|提升|改善)(?:人体|自身|机体)?(?:免疫|抵抗|体质)|改善(?:睡眠|记忆|视力|便秘|肠胃|失眠)',
    r'[护保养]肝|[补护]肾|壮阳|滋[阴补]|益气|[补养][气血]|安神|健脾|[养护]胃|明目|润肺|排毒|大补|强身健体|壮骨',
    r'延年益寿|长生不老|延缓衰老|返老还童|减肥|瘦身|丰胸|养颜',
)
_GUARANTEES = (
    r'无效退款|保证(?:有效|收益|赚)|副作用|零风险|稳赚|包赚|安全无毒|纯天然|[零无]添加|[零无]农药|永久|假一赔[十百万]',
    r'点击领奖|抢疯了|再不抢|最后(?:一天|机会)',
)
_AUTHORITIES = (
    (
        r'特供|专供(?!单位)|国宴|中南海|人民大会堂|领导人|(?:国家|质量)免检|'
        r'(?:国家机关|政府|市委|县委|组织部|书记)(?:推荐|指定|担保|保证)'
    ),
)
_RULES = tuple(
    (re.compile('|'.join(patterns)), reason)
    for patterns, reason in (
        (_SUPERLATIVES, SUPERLATIVE),
        (_MEDICALS, MEDICAL),
        (_GUARANTEES, GUARANTEE),
        (_AUTHORITIES, AUTHORITY),
    )
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A word in a text, `text[start:end]`, and why it does not stand there."""

    word: str
    start: int
    end: int
    reason: str

    @property
    def message(self) -> str:
        """Name the word and the reason, for the person who wrote it."""
        return str(_('“%(word)s”：%(reason)s。', word=self.word, reason=self.reason))


def find_claim_words(text: str) -> list[Finding]:
    """Return the claim words of a text in their order, none inside another."""
    found = chain.from_iterable(
        (Finding(hit.group(), hit.start(), hit.end(), reason) for hit in rule.finditer(text)) for rule, reason in _RULES
    )
    findings: list[Finding] = []
    for finding in sorted(found, key=lambda one: (one.start, -one.end)):
        if not findings or finding.start >= findings[-1].end:
            findings.append(finding)
    return findings
