"""The synonyms of search that the demo's department has written down."""

from datetime import timedelta
from random import Random

from shop.catalogue.search_synonym import SearchSynonym, SearchSynonymEvent, SearchSynonymGroup
from shop.catalogue.synonyms import SEPARATOR
from shop.demo.period import Period, office_time
from shop.demo.rows import Rows

GROUPS = (
    ('木耳', '黑木耳', '云耳', '耳子'),
    ('林蛙油', '雪蛤', '哈士蟆', '哈什蟆'),
    ('榛蘑', '元蘑', '蘑菇', '菌子'),
    ('五味子', '山花椒', '北五味子'),
    ('人参', '园参', '棒槌'),
    ('玉米', '苞米', '棒子'),
    ('土豆', '马铃薯', '洋芋'),
    ('蓝莓', '都柿', '笃斯越橘'),
    ('猕猴桃', '软枣', '圆枣子'),
    ('小米', '黄小米', '谷子'),
    ('花生', '长生果'),
    ('打糕', '年糕'),
    ('刺五加', '刺拐棒'),
    ('蜂蜜', '土蜂蜜', '椴树蜜'),
)


def plan_synonyms(rows: Rows, seed: int, period: Period, actor_id: int) -> None:
    """Let the city's department write the groups down early in the campaign, one a day."""
    rng = Random(f'{seed}:synonyms')
    first = period.share(0.1)
    for number, words in enumerate(GROUPS):
        at = office_time(rng, first + timedelta(days=number))
        group_id = rows.add(SearchSynonymGroup, changed_at=at, changed_by_id=actor_id)
        for position, word in enumerate(words):
            rows.add(SearchSynonym, group_id=group_id, word=word, position=position)
        rows.add(
            SearchSynonymEvent,
            group_id=group_id,
            at=at,
            actor_id=actor_id,
            words_before='',
            words_after=SEPARATOR.join(words),
        )
