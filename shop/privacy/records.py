"""Rows as a person takes them along: plain values under plain names, nothing of anybody else."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from shop.accounts.models import RoleGrant, User, WebSession
from shop.accounts.privacy_models import UserConsent
from shop.aftersales.models import AftersaleCase
from shop.aftersales.states import Party
from shop.coupons.models import CouponClaim
from shop.kit.enums import Labelled
from shop.letters.models import Letter
from shop.orders.basket import Address, BasketLine
from shop.orders.favourite import Favourite
from shop.orders.invoice import InvoiceRequest
from shop.orders.models import Order
from shop.procurement.employment import Employment
from shop.ratings.models import ProductReview

Record = dict[str, Any]


def _fields(*names: str) -> Callable[[Any], Record]:
    return lambda row: {name: plain(getattr(row, name)) for name in names}


def plain(value: object) -> object:
    """Return a value as JSON can hold it."""
    if isinstance(value, Labelled):
        return value.label
    return value.isoformat() if isinstance(value, datetime | date) else value


_account = _fields('login_name', 'name', 'email', 'phone_proven_at', 'created_at')
_address = _fields('recipient', 'phone', 'province_code', 'city_code', 'county_code', 'street', 'is_default')
_order = _fields(
    'number', 'status', 'goods_fen', 'freight_fen', 'total_fen', 'recipient', 'phone', 'province_code', 'city_code',
    'county_code', 'street', 'note', 'placed_at', 'paid_at', 'shipped_at', 'completed_at',
)  # fmt: skip
_line = _fields('product_name', 'variant_name', 'unit_price_fen', 'quantity', 'discount_fen', 'net_fen', 'benefit_fen')
_parcel = _fields('courier', 'tracking_number', 'shipped_at')
_case = _fields('number', 'kind', 'status', 'reason', 'units', 'amount_fen', 'granted_fen', 'opened_at', 'settled_at')
_invoice = _fields('status', 'title_kind', 'title', 'tax_number', 'email', 'requested_at', 'number', 'issued_on')
_review = _fields('stars', 'text', 'shown_as', 'is_anonymous', 'status', 'written_at', 'answer')
_visit = _fields('user_agent', 'created_at', 'expires_at', 'revoked_at')
_consent = _fields('kind', 'version', 'place', 'given_at', 'withdrawn_at')
_letter = _fields('recipient', 'subject', 'status', 'queued_at', 'sent_at')
_claim = _fields('claimed_at', 'limit_count', 'used_count')
_grant = _fields('role', 'granted_at', 'revoked_at')
_employment = _fields('status', 'asked_at', 'decided_at')


def account_record(user: User) -> Record:
    """Return the account; never the password's digest."""
    return {**_account(user), 'has_password': user.password_hash is not None}


def address_record(address: Address) -> Record:
    """Return an address."""
    return _address(address)


def order_record(order: Order) -> Record:
    """Return an order with its goods and parcels."""
    return {
        **_order(order),
        'email': order.checkout.email,
        'lines': [_line(line) for line in order.lines],
        'parcels': [_parcel(parcel) for parcel in order.shipments],
    }


def case_record(case: AftersaleCase) -> Record:
    """Return a claim with what its buyer wrote."""
    said = [event.reason for event in case.events if event.party is Party.BUYER and event.reason]
    return {**_case(case), 'order': case.order.number, 'said': said}


def invoice_record(request: InvoiceRequest) -> Record:
    """Return a request for an invoice."""
    return {**_invoice(request), 'order': request.order.number}


def review_record(review: ProductReview) -> Record:
    """Return a review."""
    return {**_review(review), 'product': review.product.name, 'photos': len(review.photos)}


def claim_record(claim: CouponClaim) -> Record:
    """Return a claimed coupon."""
    return {**_claim(claim), 'coupon': claim.series.name}


def basket_record(line: BasketLine) -> Record:
    """Return a line of the basket."""
    variant = line.variant
    return {'product': variant.product.name, 'variant': variant.name, 'quantity': line.quantity}


def favourite_record(favourite: Favourite) -> Record:
    """Return a favourite."""
    return {'product': favourite.product.name, 'added_at': plain(favourite.added_at)}


def visit_record(visit: WebSession) -> Record:
    """Return a session; never what opens it."""
    return _visit(visit)


def grant_record(grant: RoleGrant) -> Record:
    """Return a role."""
    return _grant(grant)


def employment_record(employment: Employment) -> Record:
    """Return a link to an institution."""
    return {**_employment(employment), 'institution': employment.institution.name}


def consent_record(consent: UserConsent) -> Record:
    """Return a consent."""
    return _consent(consent)


def letter_record(letter: Letter) -> Record:
    """Return a letter to the person."""
    return _letter(letter)
