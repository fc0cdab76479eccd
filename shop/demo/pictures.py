"""Hangs the campaign's illustrations: every product, village and secretary gets a drawn picture."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random

from sqlalchemy import insert, select, update

from shop.aftersales.models import AftersaleCase, AftersaleEvent, AftersalePhoto
from shop.aftersales.states import AftersaleKind
from shop.catalogue.models import Product, ProductPhoto, Variant
from shop.demo import words
from shop.demo.drawing import draw_avatar, draw_goods, draw_village, kinds, store_drawings
from shop.demo.drawing.raster import rasterise
from shop.demo.drawing.roster import draw_roster
from shop.demo.home import HOME_PRODUCTS
from shop.demo.words import pick_drawing
from shop.kit.database import db
from shop.orders.models import OrderLine
from shop.payouts.evidence_models import PayoutSlip
from shop.payouts.slip_files import keep_slip
from shop.photos.models import Photo
from shop.photos.pipeline import prepare_picture
from shop.ratings.models import ProductReview, ReviewPhoto, ReviewStatus
from shop.villages.models import FirstSecretary, Gender, Village

VIEWS_PER_SCENE = 3
FACES_PER_GENDER = 12
VARIATIONS = 3
PICTURES = 2
REVIEW_DRAWINGS, EVERY_REVIEW, PICTURED_STARS = 14, 6, 4
REVIEW_ALT = '买家晒单（示意图）'
OTHER_KIND = 'wild_greens'
GOODS_ALT = '商品示意图'  # a drawing is shared by products of its kind, so it bears no product's name
VILLAGE_WIDTH, FACE_WIDTH = 640, 320
OTHER_SEASON = {'terrace': 'autumn', 'orchard': 'spring'}

Step = Callable[[float], None]


def hang_pictures(*, at: datetime, on_step: Step) -> None:
    """Draw and keep the pictures of all products, villages and secretaries in the caller's unit of work.

    Drawings are shared: a kind of goods has up to three variations, a scene three views. `on_step` hears the part done.
    """
    _hang_villages(at)
    _hang_faces(at)
    on_step(0.2)
    rows = {row.slug: row for row in (*words.products(), *HOME_PRODUCTS)}
    _hang_goods(rows, at)
    on_step(0.9)
    _hang_reviews(rows, at)
    _hang_claims()
    _keep_slips()
    on_step(1.0)


def _keep_slips() -> None:
    """Draw one signed roster and let every slip of a payout batch show it."""
    if db.session.scalar(select(PayoutSlip.id).limit(1)) is not None:
        picture = prepare_picture(rasterise(draw_roster(Random('roster'))))
        db.session.execute(update(PayoutSlip).values(digest=keep_slip(picture)))


def _hang_goods(rows: dict[str, words.ProductRow], at: datetime) -> None:
    """Hang two drawings of its kind on every product, and a view of its village behind them."""
    available = frozenset(kinds())
    by_kind: dict[str, list[int]] = defaultdict(list)
    villages: dict[int, int | None] = {}
    for product_id, slug, view_id in db.session.execute(
        select(Product.id, Product.slug, Village.photo_id).join(Product.village).order_by(Product.id)
    ):
        by_kind[pick_drawing(rows[slug], available) if slug in rows else OTHER_KIND].append(product_id)
        villages[product_id] = view_id
    wanted: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for kind, product_ids in by_kind.items():
        variations = max(PICTURES, min(VARIATIONS, len(product_ids)))
        for turn, product_id in enumerate(product_ids):
            for position in range(PICTURES):
                wanted[kind, (turn + position) % variations].append((product_id, position))
    photos = store_drawings(((draw_goods(*key), GOODS_ALT) for key in wanted), at=at)
    hung = [
        {'product_id': product_id, 'photo_id': photo_id, 'position': position}
        for spots, photo_id in zip(list(wanted.values()), _ids(photos), strict=True)
        for product_id, position in spots
    ]
    views = [
        {'product_id': product_id, 'photo_id': view_id, 'position': PICTURES}
        for product_id, view_id in villages.items()
        if view_id is not None
    ]
    if hung:
        db.session.execute(insert(ProductPhoto), [*hung, *views])
        _picture_variants(hung)


def _picture_variants(hung: list[dict[str, int]]) -> None:
    """Give the second variant of a product its second picture, so that each has one of its own."""
    own = {(spot['product_id'], spot['position']): spot['photo_id'] for spot in hung}
    found = db.session.execute(select(Variant.id, Variant.product_id, Variant.position))
    values = [
        {'id': variant_id, 'photo_id': own[product_id, position]}
        for variant_id, product_id, position in found
        if (product_id, position) in own
    ]
    db.session.execute(update(Variant), values)


def _hang_reviews(rows: dict[str, words.ProductRow], at: datetime) -> None:
    """Let some reviews have a drawing of the goods in another setting than the product's own."""
    available = frozenset(kinds())
    wanted: dict[tuple[str, int], list[int]] = defaultdict(list)
    published = db.session.execute(
        select(ProductReview.id, Product.slug)
        .join(Product, Product.id == ProductReview.product_id)
        .where(ProductReview.status == ReviewStatus.PUBLISHED, ProductReview.stars >= PICTURED_STARS)
        .order_by(ProductReview.id)
    ).all()
    for review_id, slug in published[::EVERY_REVIEW]:
        kind = pick_drawing(rows[slug], available) if slug in rows else OTHER_KIND
        if (kind, VARIATIONS) in wanted or len(wanted) < REVIEW_DRAWINGS:
            wanted[kind, VARIATIONS].append(review_id)
    photos = store_drawings(((draw_goods(*key), REVIEW_ALT) for key in wanted), width=VILLAGE_WIDTH, at=at)
    hung = [
        {'review_id': review_id, 'photo_id': photo_id, 'position': 0}
        for review_ids, photo_id in zip(list(wanted.values()), _ids(photos), strict=True)
        for review_id in review_ids
    ]
    if hung:
        db.session.execute(insert(ReviewPhoto), hung)


def _hang_claims() -> None:
    """Let a claim of spoiled fruit show the drawing of the goods: there are no photographs in the demo."""
    found = db.session.execute(
        select(AftersaleEvent.id, ProductPhoto.photo_id)
        .join(AftersaleCase, AftersaleCase.id == AftersaleEvent.case_id)
        .join(OrderLine, OrderLine.id == AftersaleCase.order_line_id)
        .join(ProductPhoto, ProductPhoto.product_id == OrderLine.product_id)
        .where(
            AftersaleCase.kind == AftersaleKind.SPOILED,
            AftersaleEvent.from_status.is_(None),
            ProductPhoto.position == 1,
        )
        .order_by(AftersaleEvent.id)
    )
    hung = [{'event_id': event_id, 'photo_id': photo_id, 'position': 0} for event_id, photo_id in found]
    if hung:
        db.session.execute(insert(AftersalePhoto), hung)


def _hang_villages(at: datetime) -> None:
    scenes = {row.slug: row.scene for row in words.villages()}
    wanted: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, (village_id, slug) in enumerate(
        db.session.execute(select(Village.id, Village.slug).order_by(Village.id))
    ):
        view = number % VIEWS_PER_SCENE
        scene = scenes.get(slug, 'terrace')
        wanted[OTHER_SEASON.get(scene, scene) if view == 1 else scene, view].append(village_id)
    drawings = ((draw_village(view, scene), '山村景色（示意图）') for scene, view in wanted)
    for ids, photo_id in zip(
        list(wanted.values()), _ids(store_drawings(drawings, width=VILLAGE_WIDTH, at=at)), strict=True
    ):
        _point(Village, ids, photo_id)


def _hang_faces(at: datetime) -> None:
    wanted: dict[tuple[bool, int], list[int]] = defaultdict(list)
    counts = defaultdict[bool, int](int)
    for secretary_id, gender in db.session.execute(
        select(FirstSecretary.id, FirstSecretary.gender).order_by(FirstSecretary.id)
    ):
        is_woman = gender is Gender.WOMAN
        wanted[is_woman, counts[is_woman] % FACES_PER_GENDER].append(secretary_id)
        counts[is_woman] += 1
    drawings = ((draw_avatar(seed, woman=is_woman), '第一书记画像（示意图）') for is_woman, seed in wanted)
    for ids, photo_id in zip(
        list(wanted.values()), _ids(store_drawings(drawings, width=FACE_WIDTH, at=at)), strict=True
    ):
        _point(FirstSecretary, ids, photo_id)


def _ids(photos: Iterable[Photo]) -> Iterable[int]:
    return (photo.id for photo in photos)


def _point(model: type[Village] | type[FirstSecretary], ids: list[int], photo_id: int) -> None:
    db.session.execute(update(model).where(model.id.in_(ids)).values(photo_id=photo_id))
