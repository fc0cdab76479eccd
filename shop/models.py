"""Every table of the shop, imported once so that the metadata is whole."""

from shop.accounts import models as accounts
from shop.benefits import models as benefits
from shop.catalogue import models as catalogue
from shop.catalogue import search_synonym
from shop.coupons import models as coupons
from shop.endorsements import models as endorsements
from shop.ledger import models as ledger
from shop.objections import models as objections
from shop.orders import basket, favourite, share_link
from shop.orders import models as orders
from shop.payments import bank_models
from shop.payments import models as payments
from shop.photos import models as photos
from shop.ratings import models as ratings
from shop.regions import models as regions
from shop.suppliers import models as suppliers
from shop.villages import models as villages

__all__ = [
    'accounts',
    'bank_models',
    'basket',
    'benefits',
    'catalogue',
    'coupons',
    'endorsements',
    'favourite',
    'ledger',
    'objections',
    'orders',
    'payments',
    'photos',
    'ratings',
    'regions',
    'search_synonym',
    'share_link',
    'suppliers',
    'villages',
]
