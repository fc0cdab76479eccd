"""Claim words are found where they claim, and left alone where they state a fact."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.suppliers.claims import AUTHORITY, GUARANTEE, MEDICAL, SUPERLATIVE, Finding, find_claim_words


@pytest.mark.parametrize(
    ('text', 'word', 'reason'),
    [
        ('东北最好吃的大米', '最好吃', SUPERLATIVE),
        ('全村最甜的草莓', '最甜', SUPERLATIVE),
        ('口感最', '最', SUPERLATIVE),
        ('销量第一', '销量第一', SUPERLATIVE),
        ('第一品牌', '第一', SUPERLATIVE),
        ('国家级品质', '国家级', SUPERLATIVE),
        ('顶级人参', '顶级', SUPERLATIVE),
        ('百菌之王', '之王', SUPERLATIVE),
        ('100%好评', '100%', SUPERLATIVE),
        ('治疗失眠', '治疗', MEDICAL),
        ('疗效看得见', '疗效', MEDICAL),
        ('蓝莓能抗氧化', '抗氧化', MEDICAL),
        ('防癌', '癌', MEDICAL),
        ('降血压', '降血压', MEDICAL),
        ('增强免疫力', '增强免疫', MEDICAL),
        ('健脾养胃', '健脾', MEDICAL),
        ('零添加', '零添加', GUARANTEE),
        ('最后一天', '最后一天', GUARANTEE),
        ('机关特供', '特供', AUTHORITY),
        ('书记保证', '书记保证', AUTHORITY),
    ],
)
def test_a_claim_is_found_and_named(text: str, word: str, reason: str) -> None:
    finding = find_claim_words(text)[0]
    assert (finding.word, finding.reason) == (word, reason)
    assert text[finding.start : finding.end] == word
    assert finding.message == f'“{word}”：{reason}。'


@pytest.mark.parametrize(
    'text',
    [
        '',
        '第一书记代言，公益推介',
        '全国第一书记论坛',
        '第一次进山是在秋天',
        '第一批新米九月下旬上市',
        '第一年只收了三百斤',
        '最后用井水淘两遍',
        '最近一次抽检合格',
        '最早十月上旬发货',
        '最多保存六个月',
        '最低气温零下二十度',
        '开袋后最好冷藏',
        '毗邻国家级自然保护区',
        '每件有唯一编号',
        '林下种植的人参，五年采挖',
        '防潮包装，避光保存',
        '抗寒品种，霜前采收',
        '进村第一顿饭是炖大鹅',
        '湖边的村子最怕涝',
        '请删去绝对化用语',
        '止于山脚，解开包装即食',
    ],
)
def test_a_plain_fact_is_no_finding(text: str) -> None:
    assert find_claim_words(text) == []


def test_findings_come_in_order_and_none_lies_inside_another() -> None:
    findings = find_claim_words('最新鲜的顶级木耳，清热解毒，最近到货')
    assert findings == [
        Finding('最新鲜', 0, 3, SUPERLATIVE),
        Finding('顶级', 4, 6, SUPERLATIVE),
        Finding('清热', 9, 11, MEDICAL),
        Finding('解毒', 11, 13, MEDICAL),
    ]


@given(st.text())
def test_any_text_is_read_without_error(text: str) -> None:
    findings = find_claim_words(text)
    assert all(text[one.start : one.end] == one.word for one in findings)
    assert all(left.end <= right.start for left, right in pairwise(findings))
