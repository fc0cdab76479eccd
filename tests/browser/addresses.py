"""Every page somebody can open without a role, by endpoint: a new one without an address here fails a test."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from shop.aftersales.models import AftersaleCase
from shop.aftersales.opening import offers_of_line
from shop.aftersales.states import Party
from shop.aftersales.steps import Step
from shop.aftersales.terms import Terms
from shop.benefits.models import AgreementVersion, VersionStatus
from shop.catalogue.models import Brand, IndustryProject, Product, Variant
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.models import DaySeal
from shop.objections.models import Objection
from shop.orders.basket import Address
from shop.orders.models import Order, OrderLine, OrderStatus
from shop.payments.models import Payment
from shop.payouts.models import BatchStatus, PayoutBatch
from shop.payouts.objection_models import PayoutObjection
from shop.procurement.models import PurchaseCertificate
from shop.ratings.models import ProductReview
from shop.villages.models import FirstSecretary, Tenure

# What stands in braces is filled from the campaign.
VISITOR_PAGES: dict[str, tuple[str, ...]] = {
    'home.show': ('/',),
    'products.index': (
        '/products', '/products?county=220524&in_stock=1&sort=price', '/products?q=木耳', '/products?q=zzzz',
        '/products?page=2',
    ),
    'products.show': ('/products/{product}', '/products/{sold_out}', '/products/{withdrawn}', '/products/no-such'),
    'reviews.of_product': ('/products/{reviewed}/reviews', '/products/{reviewed}/reviews?stars=5'),
    'posters.show': ('/products/{product}/poster', '/villages/{village}/poster', '/secretaries/{secretary}/poster'),
    'places.counties': ('/counties',),
    'places.county': ('/counties/{county}',),
    'places.villages': ('/villages',),
    'places.village': ('/villages/{village}',),
    'places.secretary': ('/secretaries/{secretary}',),
    'brands.brands': ('/brands',),
    'brands.brand': ('/brands/{brand}',),
    'brands.projects': ('/projects',),
    'brands.project': ('/projects/{project}',),
    'sunshine.show': ('/sunshine',),
    'notices.notices': ('/sunshine/notices',),
    'notices.notice': ('/sunshine/notices/{notice}',),
    'agreement_notices.agreement': ('/sunshine/agreements/{agreement_notice}',),
    'notices.lookup': ('/sunshine/objections',),
    'notices.objection': ('/sunshine/objections/{objection}',),
    'payouts.index': ('/sunshine/payouts',),
    'payouts.show': ('/sunshine/payouts/{noticed_batch}', '/sunshine/payouts/{paid_batch}'),
    'payouts.objection': ('/sunshine/payout-objections/{payout_objection}',),
    'payouts.receipt': ('/sunshine/payout-receipts',),
    'seals.seals': ('/sunshine/seals',),
    'seals.seal': ('/sunshine/seals/{sealed_day}',),
    'seals.proofs': ('/sunshine/proofs',),
    'help.show': ('/help',),
    'help.complaints': ('/help/complaints',),
    'help.about': ('/about',),
    'privacy.notice': ('/privacy',),
    'coupons.index': ('/coupons',),
    'favourites.index': ('/favourites',),
    'seen.index': ('/seen',),
    'basket.show': ('/basket',),
    'budget_list.show': ('/procurement/list', '/procurement/list?q=木耳'),
    'certificates.lookup': ('/procurement/certificates', '/procurement/certificates?code=no-such'),
    'certificates.show': ('/procurement/certificates/{certificate}',),
    'payments.transfer': ('/payments/{transfer}/transfer',),
    'account.sign_in': ('/sign-in',),
    'account.sign_up': ('/sign-up',),
    'phone_sign_in.show': ('/sign-in/phone',),
}  # fmt: skip
BUYER_PAGES: dict[str, tuple[str, ...]] = {
    'account.show': ('/account',),
    'privacy.centre': ('/account/privacy',),
    'privacy.sessions': ('/account/sessions',),
    'privacy_closing.show': ('/account/closure',),
    'privacy_orders.show': ('/orders/{order}/privacy',),
    'addresses.index': ('/account/addresses',),
    'addresses.new': ('/account/addresses/new',),
    'addresses.show': ('/account/addresses/{address}',),
    'coupons.index': ('/coupons',),
    'coupons.mine': ('/account/coupons',),
    'institution.show': ('/institution',),
    'institution.application': ('/institution/application',),
    'employee.show': ('/account/institution',),
    'orders.index': ('/orders', '/orders?tab=ended'),
    'invoices.show': ('/orders/{order}/invoice',),
    'orders.show': ('/orders/{order}',),
    'reviews.of_order': ('/orders/{order}/reviews',),
    'aftersales.of_order': ('/orders/{order}/aftersales', '/orders/{claimable}/aftersales'),
    'aftersales.new': ('/orders/{claimable}/aftersales/new?line={claimable_line}&kind={claimable_kind}',),
    'aftersales.show': ('/aftersales/{aftersale}',),
    'favourites.index': ('/favourites',),
    'payments.sandbox_page': ('/sandbox/pay/{payment}',),
}
# Reached by what somebody does: see `visit_states`.
DONE_PAGES = frozenset({'checkout.show', 'phone_sign_in.show_code'})
NO_PAGES = {
    'api.divisions': 'JSON',
    'api.tallies': 'JSON',
    'api.seals': 'JSON',
    'budget_list.export': 'a workbook',
    'budget_list.template': 'a workbook',
    'device.favicon': 'leads to the icon',
    'device.manifest': 'JSON',
    'privacy.export': 'a zip',
    'privacy_orders.export': 'JSON',
    'posters.card': 'a picture',
    'posters.poster': 'a picture',
    'posters.shop_card': 'a picture',
    'products.suggestions': 'JSON',
    'seals.order_proof': 'JSON',
    'seen.strip': 'a part of the product page',
    'share_links.follow': 'leads to the goods',
    'media.show_photo': 'a picture',
    'preferences.health': 'JSON',
    'products.search': 'leads to the list',
    'payments.come_back': 'leads to the order',
    'payments.show': 'leads on to the provider',
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
            'reviewed': _first(select(Product.slug).join(ProductReview, ProductReview.product_id == Product.id)),
            'county': product.village.county.code,
            'notice': _first(
                select(Endorsement.id).where(Endorsement.status == EndorsementStatus.ON_NOTICE).order_by(Endorsement.id)
            ),
            'agreement_notice': _first(
                select(AgreementVersion.id)
                .where(AgreementVersion.notice_ends_on.is_not(None))
                .order_by((AgreementVersion.status == VersionStatus.ON_NOTICE).desc(), AgreementVersion.id)
            ),
            'objection': _first(select(Objection.number)),
            'sealed_day': _first(select(DaySeal.day).order_by(DaySeal.day.desc())),
            'noticed_batch': _first(select(PayoutBatch.number).where(PayoutBatch.status == BatchStatus.ON_NOTICE)),
            'paid_batch': _first(select(PayoutBatch.number).where(PayoutBatch.status == BatchStatus.ARCHIVED)),
            'payout_objection': _first(select(PayoutObjection.number)),
            'village': product.village.slug,
            'secretary': _first(
                select(FirstSecretary.slug)
                .join(Tenure, Tenure.secretary_id == FirstSecretary.id)
                .where(~FirstSecretary.is_name_hidden, Tenure.village_id == product.village_id)
            ),
            'brand': _first(select(Brand.slug).where(Brand.approved_on.is_not(None))),
            'project': _first(select(IndustryProject.slug).where(IndustryProject.approved_on.is_not(None))),
            'address': _first(select(Address.id).where(Address.user_id == buyer_id)),
            'order': order.number,
            'payment': _first(payment),
            **_aftersale(buyer_id),
            'certificate': _first(select(PurchaseCertificate.code)),
            'transfer': _first(select(Payment.reference).where(Payment.transfer_code.is_not(None))),
        }
    )


def _aftersale(buyer_id: int) -> dict[str, str]:
    """Find a case of the buyer, and a line of which something can be claimed."""
    own = select(AftersaleCase.number).join(AftersaleCase.order).where(Order.user_id == buyer_id)
    lines = select(OrderLine).join(OrderLine.order).where(Order.user_id == buyer_id, Order.disputed_at.is_(None))
    step = Step(Party.BUYER, None, clock.now(), Terms())
    offers = ((line, offer) for line in db.session.scalars(lines) for offer in offers_of_line(line, step))
    line, offer = next(offers)
    return {
        'aftersale': _first(own),
        'claimable': line.order.number,
        'claimable_line': str(line.id),
        'claimable_kind': offer.key,
    }


def _first(statement: Select[Any]) -> str:
    """Return the first value; a campaign without one would leave a page unvisited, so that fails."""
    found = db.session.scalars(statement.limit(1)).first()
    assert found is not None, str(statement)
    return str(found)
