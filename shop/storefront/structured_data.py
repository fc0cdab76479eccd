"""What a product page says to machines, in the words of schema.org, with the figures the page shows."""

import json
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from shop.catalogue.models import Variant
from shop.kit.money import Money
from shop.ratings.queries import Rating
from shop.storefront.product_page import ProductPage

CONTEXT = 'https://schema.org'


def structured_data(page: ProductPage, root: str, rating: Rating) -> list[dict[str, Any]]:
    """Return the product with its offers, and the way to it; `root` is the shop's address without a last slash."""
    product, address = page.product, f'{root}/products/{page.product.slug}'
    described: dict[str, Any] = {
        '@context': CONTEXT,
        '@type': 'Product',
        'name': product.name,
        'description': product.summary,
        'sku': product.slug,
        'url': address,
        'category': product.category.name,
        'image': [root + picture.photo.fallback_url for picture in product.pictures],
        'countryOfOrigin': 'CN',
        'offers': [_offer(page, variant, address) for variant in page.variants],
    }
    if product.brand is not None:
        described['brand'] = {'@type': 'Brand', 'name': product.brand.name}
    if rating.count:
        described['aggregateRating'] = {
            '@type': 'AggregateRating',
            'ratingValue': rating.average,
            'reviewCount': rating.count,
            'bestRating': '5',
            'worstRating': '1',
        }
    return [described, _way(page, root, address)]


def data_block(documents: list[dict[str, Any]]) -> Markup:
    """Return the documents as JSON that cannot end the script element it stands in."""
    text = json.dumps(documents, ensure_ascii=False)
    for letter in '<>&\u2028\u2029':
        text = text.replace(letter, f'\\u{ord(letter):04x}')
    return Markup(text)  # noqa: S704  every letter that could leave the data block is written as an escape


def _offer(page: ProductPage, variant: Variant, address: str) -> dict[str, Any]:
    offer: dict[str, Any] = {
        '@type': 'Offer',
        'name': variant.name,
        'sku': f'{page.product.slug}-{variant.id}',
        'url': f'{address}?variant={variant.id}',
        'price': Money(variant.price_fen).yuan,
        'priceCurrency': 'CNY',
        'availability': f'{CONTEXT}/{_availability(page, variant)}',
        'itemCondition': f'{CONTEXT}/NewCondition',
        'seller': {'@type': 'Organization', 'name': page.product.supplier.name},
    }
    presale_on = page.product.presale_day(page.today)
    if presale_on is not None:
        offer['availabilityStarts'] = presale_on.isoformat()
    if page.delivery is not None and page.delivery.presale_on is None:
        offer['shippingDetails'] = _shipping(page)
    return offer


def _availability(page: ProductPage, variant: Variant) -> str:
    if not variant.stock:
        return 'OutOfStock'
    return 'PreOrder' if page.product.presale_day(page.today) is not None else 'InStock'


def _shipping(page: ProductPage) -> dict[str, Any]:
    """Return how soon it leaves; what it costs depends on the province, so only the time is said."""
    return {
        '@type': 'OfferShippingDetails',
        'shippingDestination': {'@type': 'DefinedRegion', 'addressCountry': 'CN'},
        'deliveryTime': {
            '@type': 'ShippingDeliveryTime',
            'handlingTime': {
                '@type': 'QuantitativeValue',
                'minValue': 0,
                'maxValue': -(-page.product.ships_within_hours // 24),
                'unitCode': 'DAY',
            },
        },
    }


def _way(page: ProductPage, root: str, address: str) -> dict[str, Any]:
    category = page.product.category
    steps = (
        (_('首页'), f'{root}/'),
        (category.name, f'{root}/products?category={category.slug}'),
        (page.product.name, address),
    )
    return {
        '@context': CONTEXT,
        '@type': 'BreadcrumbList',
        'itemListElement': [
            {'@type': 'ListItem', 'position': position, 'name': name, 'item': item}
            for position, (name, item) in enumerate(steps, 1)
        ],
    }
