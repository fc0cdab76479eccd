"""What is sold: products, variants, brands, projects and categories."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalogue.measures import grams_of
from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.money import BASIS_POINTS
from shop.photos.models import Photo
from shop.suppliers.models import Supplier
from shop.villages.models import Village


class ProductKind(Labelled):
    """The legal kinds of goods; each has its own label rules."""

    FARM_PRODUCE = 'farm_produce', '食用农产品'
    PREPACKED_FOOD = 'prepacked_food', '预包装食品'
    BULK_FOOD = 'bulk_food', '散装食品'
    HANDICRAFT = 'handicraft', '手工艺品'
    SERVICE = 'service', '服务项目'


class ReturnClass(Labelled):
    """Whether the seven-day return holds (网络购买商品七日无理由退货暂行办法)."""

    SEVEN_DAYS = 'seven_days', '支持七天无理由退货'
    NOT_RETURNABLE = 'not_returnable', '鲜活易腐，不适用七天无理由退货'
    AFTER_CONFIRMATION = 'after_confirmation', '经确认，不适用七天无理由退货'


class ProduceGroup(Labelled):
    """Groups of farm produce; those before OTHER are sold with a conformity certificate.

    农产品质量安全法 第三十九条, 农产品质量安全承诺达标合格证管理办法.
    """

    VEGETABLE = 'vegetable', '蔬菜(含栽培食用菌)'
    FRUIT = 'fruit', '水果'
    TEA_LEAF = 'tea_leaf', '茶鲜叶'
    EGGS = 'eggs', '禽蛋'
    LIVE_ANIMALS = 'live_animals', '活畜禽'
    FARMED_FISH = 'farmed_fish', '养殖水产品'
    OTHER = 'other', '其他(粮食、野生菌、干货等)'


class BrandStatus(Labelled):
    """How far a brand's name is protected."""

    OWN_NAME = 'own_name', '自有名称'
    APPLIED = 'applied', '申请中'
    REGISTERED = 'registered', '已注册'


class Category(Model):
    """A shelf of the shop."""

    __tablename__ = 'categories'

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(40), unique=True, comment='网址名')
    name: Mapped[str] = mapped_column(String(20), unique=True, comment='名称')
    icon: Mapped[str] = mapped_column(String(40), comment='图标')
    position: Mapped[int] = mapped_column(comment='次序')


class Brand(Model):
    """A brand a village created; it counts from the day it was approved."""

    __tablename__ = 'brands'
    __table_args__ = (
        CheckConstraint("(status = 'registered') = (trademark_number IS NOT NULL)", 'registered_has_number'),
        UniqueConstraint('village_id', 'name'),
    )

    id: Mapped[Id]
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), comment='村')
    slug: Mapped[str] = mapped_column(String(60), unique=True, comment='网址名')
    name: Mapped[str] = mapped_column(String(40), comment='品牌名')
    status: Mapped[BrandStatus] = mapped_column(enum_column(BrandStatus), comment='商标状态')
    trademark_number: Mapped[str | None] = mapped_column(String(20), unique=True, comment='注册号')
    approved_on: Mapped[date | None] = mapped_column(index=True, comment='认定日')

    village: Mapped[Village] = relationship()


class IndustryProject(Model):
    """A village industry project that endorsed products drive."""

    __tablename__ = 'industry_projects'
    __table_args__ = (
        CheckConstraint('funding_fen >= 0', 'funding_not_negative'),
        UniqueConstraint('village_id', 'name'),
    )

    id: Mapped[Id]
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), comment='村')
    slug: Mapped[str] = mapped_column(String(60), unique=True, comment='网址名')
    name: Mapped[str] = mapped_column(String(60), comment='项目名称')
    kind: Mapped[str] = mapped_column(String(20), comment='项目类型')
    funding_fen: Mapped[Fen] = mapped_column(comment='投入资金(分)')
    operator: Mapped[str] = mapped_column(String(60), comment='经营主体')
    approved_on: Mapped[date | None] = mapped_column(index=True, comment='认定日')

    village: Mapped[Village] = relationship()


class Product(Model):
    """A village product; it is on sale only while one of its endorsements is listed."""

    __tablename__ = 'products'
    __table_args__ = (CheckConstraint('season_months >= 0 AND season_months < 4096', 'season_in_year'),)

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True, comment='网址名')
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), index=True, comment='村')
    supplier_id: Mapped[int] = mapped_column(ForeignKey('suppliers.id'), index=True, comment='供货主体')
    category_id: Mapped[int] = mapped_column(ForeignKey('categories.id'), index=True, comment='类目')
    brand_id: Mapped[int | None] = mapped_column(ForeignKey('brands.id'), index=True, comment='品牌')
    name: Mapped[str] = mapped_column(String(60), comment='品名')
    kind: Mapped[ProductKind] = mapped_column(enum_column(ProductKind), comment='商品性质')
    summary: Mapped[str] = mapped_column(String(120), comment='一句话介绍')
    description: Mapped[str] = mapped_column(Text, comment='详细介绍')
    storage: Mapped[str] = mapped_column(String(120), default='', comment='贮存条件')
    shelf_life: Mapped[str] = mapped_column(String(60), default='', comment='保质期')
    return_class: Mapped[ReturnClass] = mapped_column(enum_column(ReturnClass), comment='退货类别')
    ships_within_hours: Mapped[int] = mapped_column(default=48, comment='承诺发货时限(小时)')
    produce_group: Mapped[ProduceGroup] = mapped_column(
        enum_column(ProduceGroup), default=ProduceGroup.OTHER, comment='农产品类别(决定是否须合格证)'
    )
    season_months: Mapped[int] = mapped_column(default=0, comment='应季月份(位图，最低位为一月，0 为全年)')
    presale_ships_on: Mapped[date | None] = mapped_column(comment='预售发货日(空为现货)')
    redemption: Mapped[str] = mapped_column(String(200), default='', comment='使用说明(服务项目)')
    search_tokens: Mapped[str] = mapped_column(Text, default='', comment='检索词元')
    created_at: Mapped[datetime] = mapped_column(comment='建立时间')

    village: Mapped[Village] = relationship()
    supplier: Mapped[Supplier] = relationship()
    category: Mapped[Category] = relationship()
    brand: Mapped[Brand | None] = relationship()
    variants: Mapped[list['Variant']] = relationship(back_populates='product', order_by='Variant.position')
    pictures: Mapped[list['ProductPhoto']] = relationship(
        order_by='ProductPhoto.position', cascade='all, delete-orphan', lazy='selectin'
    )
    project_shares: Mapped[list['ProjectShare']] = relationship(
        order_by='ProjectShare.id', cascade='all, delete-orphan'
    )
    label: Mapped['ProductLabel | None'] = relationship(back_populates='product', cascade='all, delete-orphan')
    batches: Mapped[list['Batch']] = relationship(
        back_populates='product', order_by='(Batch.made_on.desc(), Batch.id.desc())'
    )

    @property
    def cover(self) -> Photo | None:
        """The first photo."""
        return self.pictures[0].photo if self.pictures else None

    @property
    def is_service(self) -> bool:
        """Whether it is used at the place and nothing is sent."""
        return self.kind is ProductKind.SERVICE

    @property
    def needs_certificate(self) -> bool:
        """Whether the law asks a conformity certificate with each batch."""
        return self.kind is ProductKind.FARM_PRODUCE and self.produce_group is not ProduceGroup.OTHER

    @property
    def season(self) -> tuple[int, ...]:
        """The months of its season, 1 to 12; empty all year."""
        return tuple(month for month in range(1, 13) if self.season_months >> (month - 1) & 1)

    def presale_day(self, on: date) -> date | None:
        """Return the day from which it is sent, if it is sold ahead on this day."""
        day = self.presale_ships_on
        return day if day is not None and day > on else None


class Variant(Model):
    """A size or packing of a product, with its own price and stock."""

    __tablename__ = 'variants'
    __table_args__ = (
        CheckConstraint('price_fen > 0', 'price_positive'),
        CheckConstraint('stock >= 0', 'stock_not_negative'),
        CheckConstraint('weight_grams >= 0', 'weight_not_negative'),
        UniqueConstraint('product_id', 'name'),
    )

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey('products.id'), comment='产品')
    name: Mapped[str] = mapped_column(String(40), comment='规格')
    price_fen: Mapped[Fen] = mapped_column(comment='单价(分)')
    stock: Mapped[int] = mapped_column(comment='可售库存')
    weight_grams: Mapped[int] = mapped_column(default=0, comment='毛重(克)')
    position: Mapped[int] = mapped_column(comment='次序')
    net_content: Mapped[str] = mapped_column(String(30), default='', comment='净含量')
    photo_id: Mapped[int | None] = mapped_column(ForeignKey('photos.id'), comment='规格图片(空为主图)')
    is_offered: Mapped[bool] = mapped_column(default=True, comment='是否在售')

    product: Mapped[Product] = relationship(back_populates='variants')

    @property
    def net_grams(self) -> int:
        """The net content in grams, 0 where it is no weight."""
        return grams_of(self.net_content)

    @property
    def shipping_grams(self) -> int:
        """What one unit weighs on its way; the net content stands for a weight that nobody has typed."""
        return self.weight_grams or self.net_grams

    @property
    def price_per_kilogram_fen(self) -> int:
        """The price in fen of a kilogram net, 0 where it is sold by another measure."""
        grams = self.net_grams
        return (self.price_fen * 2_000 + grams) // (2 * grams) if grams else 0


class ProductLabel(Model):
    """What the label of a product says beside its name, net content, shelf life and storage (GB 7718)."""

    __tablename__ = 'product_labels'

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey('products.id'), unique=True, comment='产品')
    ingredients: Mapped[str] = mapped_column(String(400), default='', comment='配料')
    producer: Mapped[str] = mapped_column(String(60), default='', comment='生产者')
    producer_address: Mapped[str] = mapped_column(String(120), default='', comment='生产者地址')
    licence_number: Mapped[str] = mapped_column(String(16), default='', comment='食品生产许可证编号')
    standard_number: Mapped[str] = mapped_column(String(40), default='', comment='执行标准')
    origin: Mapped[str] = mapped_column(String(60), default='', comment='产地')
    allergens: Mapped[str] = mapped_column(String(120), default='', comment='致敏物')

    product: Mapped[Product] = relationship(back_populates='label')


class Batch(Model):
    """Goods harvested or made on one day, with the conformity certificate they are sold under."""

    __tablename__ = 'batches'
    __table_args__ = (
        UniqueConstraint('product_id', 'number'),
        CheckConstraint('quantity > 0', 'quantity_positive'),
        CheckConstraint('(certificate_number IS NULL) = (certificate_issued_on IS NULL)', 'certificate_whole'),
        CheckConstraint('certificate_photo_id IS NULL OR certificate_number IS NOT NULL', 'photo_of_certificate'),
        Index(None, 'product_id', 'made_on'),
    )

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey('products.id'), comment='产品')
    number: Mapped[str] = mapped_column(String(30), comment='批号')
    made_on: Mapped[date] = mapped_column(comment='采收或生产日')
    quantity: Mapped[int] = mapped_column(comment='数量')
    unit: Mapped[str] = mapped_column(String(10), comment='数量单位')
    certificate_number: Mapped[str | None] = mapped_column(String(40), comment='承诺达标合格证编号')
    certificate_issued_on: Mapped[date | None] = mapped_column(comment='合格证开具日')
    certificate_photo_id: Mapped[int | None] = mapped_column(ForeignKey('photos.id'), comment='合格证图片')
    note: Mapped[str] = mapped_column(String(120), default='', comment='说明')
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='登记人')
    added_at: Mapped[datetime] = mapped_column(comment='登记时间')

    product: Mapped[Product] = relationship(back_populates='batches')
    certificate_photo: Mapped[Photo | None] = relationship(lazy='joined')


class ProductPhoto(Model):
    """A photo of a product, in its order."""

    __tablename__ = 'product_photos'
    __table_args__ = (UniqueConstraint('product_id', 'photo_id'), Index(None, 'product_id', 'position'))

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey('products.id'), comment='产品')
    photo_id: Mapped[int] = mapped_column(ForeignKey('photos.id'), comment='图片')
    position: Mapped[int] = mapped_column(comment='次序')

    photo: Mapped[Photo] = relationship(lazy='joined', innerjoin=True)


class ProjectShare(Model):
    """How much of a product belongs to a project; a product's shares sum to 10,000 bp."""

    __tablename__ = 'project_shares'
    __table_args__ = (
        UniqueConstraint('product_id', 'project_id'),
        CheckConstraint(f'share_bp > 0 AND share_bp <= {BASIS_POINTS}', 'share_in_range'),
    )

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey('products.id'), comment='产品')
    project_id: Mapped[int] = mapped_column(ForeignKey('industry_projects.id'), index=True, comment='产业项目')
    share_bp: Mapped[int] = mapped_column(comment='占比(万分比)')

    project: Mapped[IndustryProject] = relationship()
