"""Every table of the shop, imported once so that the metadata is whole."""

from shop.accounts import models as accounts
from shop.accounts import privacy_models, sign_in_models
from shop.aftersales import models as aftersales
from shop.benefits import models as benefits
from shop.catalogue import models as catalogue
from shop.catalogue import search_synonym
from shop.coupons import models as coupons
from shop.earnings import models as earnings
from shop.endorsements import models as endorsements
from shop.households import models as households
from shop.ledger import models as ledger
from shop.letters import models as letters
from shop.longworks import models as longworks
from shop.objections import models as objections
from shop.orders import basket, favourite, invoice, share_link
from shop.orders import models as orders
from shop.payments import bank_models
from shop.payments import models as payments
from shop.payouts import evidence_models as payout_evidence
from shop.payouts import models as payouts
from shop.payouts import objection_models as payout_objections
from shop.photos import models as photos
from shop.procurement import budget_list, employment, institution
from shop.procurement import models as procurement
from shop.ratings import models as ratings
from shop.regions import models as regions
from shop.suppliers import models as suppliers
from shop.villages import models as villages

__all__ = [
    'accounts',
    'aftersales',
    'bank_models',
    'basket',
    'benefits',
    'budget_list',
    'catalogue',
    'coupons',
    'earnings',
    'employment',
    'endorsements',
    'favourite',
    'households',
    'institution',
    'invoice',
    'ledger',
    'letters',
    'longworks',
    'objections',
    'orders',
    'payments',
    'payout_evidence',
    'payout_objections',
    'payouts',
    'photos',
    'privacy_models',
    'procurement',
    'ratings',
    'regions',
    'search_synonym',
    'share_link',
    'sign_in_models',
    'suppliers',
    'villages',
]
