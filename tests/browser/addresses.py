"""Every page somebody can open without a role, by endpoint: a new one without an address here fails a test."""

from dataclasses import dataclass

from sqlalchemy import select

from shop.catalogue.models import Brand, IndustryProject, Variant
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db, transaction
from shop.orders.models import Order, OrderStatus
from shop.payments.models import Payment
from shop.villages.models import FirstSecretary

# What stands in braces is filled from the campaign.
VISITOR_PAGES: dict[str, tuple[str, ...]] = {
    'home.show': ('/',),
    'products.index': (
        '/products', '/products?county=220524&in_stock=1&sort=price', '/products?q=木耳', '/products?q=zzzz',
        '/products?page=2',
    ),
    'products.show': ('/products/{product}', '/products/{sold_out}', '/products/{withdrawn}', '/products/no-such'),
    'places.villages': ('/villages',),
    'places.village': ('/villages/{village}',),
    'places.secretary': ('/secretaries/{secretary}',),
    'places.brands': ('/brands',),
    'places.brand': ('/brands/{brand}',),
    'places.project': ('/projects/{project}',),
    'sunshine.show': ('/sunshine',),
    'basket.show': ('/basket',),
    'account.sign_in': ('/sign-in',),
    'account.sign_up': ('/sign-up',),
}  # fmt: skip
BUYER_PAGES: dict[str, tuple[str, ...]] = {
    'account.show': ('/account',),
    'orders.index': ('/orders', '/orders?tab=ended'),
    'orders.show': ('/orders/{order}',),
    'payments.sandbox_page': ('/sandbox/pay/{payment}',),
}
# Reached by what somebody does: see `visit_states`.
DONE_PAGES = frozenset({'checkout.show'})
NO_PAGES = {
    'api.divisions': 'JSON',
    'api.tallies': 'JSON',
    'media.show_photo': 'a picture',
    'preferences.health': 'JSON',
    'products.search': 'leads to the list',
    'payments.come_back': 'leads to the order',
    'reach.robots': 'text',
    'reach.index': 'XML',
    'reach.pages': 'XML',
    'reach.part': 'XML',
}


@dataclass(frozen=True)
class Places:
    """Values for the braces."""

    values: dict[str, str]

    def fill(self, pages: dict[str, tuple[str, ...]]) -> list[str]:
        """Return the addresses."""
        return [path.format(**self.values) for paths in pages.values() for path in paths]


def find_places(buyer_id: int) -> Places:
    """Find one of everything in a loaded campaign; one product is sold out, one withdrawn for it."""
    listed = db.session.scalars(
        select(Endorsement).where(Endorsement.status == EndorsementStatus.LISTED).order_by(Endorsement.id).limit(3)
    ).all()
    product, sold_out, withdrawn = (endorsement.product for endorsement in listed)
    with transaction():
        db.session.query(Variant).filter_by(product_id=sold_out.id).update({'stock': 0})
        db.session.query(Endorsement).filter_by(id=listed[2].id).update({'status': EndorsementStatus.PAUSED})
    own = select(Order).where(Order.user_id == buyer_id)
    order = db.session.scalars(own.where(Order.status == OrderStatus.COMPLETED).limit(1)).one()
    payment = select(Payment.reference).where(Payment.checkout_id == order.checkout_id).limit(1)
    return Places(
        {
            'product': product.slug,
            'sold_out': sold_out.slug,
            'withdrawn': withdrawn.slug,
            'village': product.village.slug,
            'secretary': db.session.scalars(select(FirstSecretary.slug).where(~FirstSecretary.is_name_hidden)).first()
            or '',
            'brand': db.session.scalars(select(Brand.slug).where(Brand.approved_on.is_not(None))).first() or '',
            'project': db.session.scalars(
                select(IndustryProject.slug).where(IndustryProject.approved_on.is_not(None))
            ).first()
            or '',
            'order': order.number,
            'payment': db.session.scalars(payment).one(),
        }
    )
