"""Puts the shop together: the only module that knows every feature."""

import os
from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from flask import Flask
from flask_login import LoginManager
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from shop import models as _models  # noqa: F401  the metadata must be whole
from shop.accounts.access_log import write_down_accesses
from shop.accounts.models import User
from shop.accounts.origin import guard_origin
from shop.accounts.sessions import ServerSessionInterface
from shop.accounts.sms import check_sms_settings
from shop.compression import CompressedStatic, compress_pages
from shop.errors import register_error_pages
from shop.headers import add_security_headers
from shop.kit.database import db
from shop.languages import speak_languages
from shop.letters.transports import check_mail_settings
from shop.page_cache import keep_pages
from shop.payments.services import require_gateway
from shop.presentation import prepare_presentation
from shop.readable import read_safely
from shop.reviews.ladder import parse_ladder
from shop.settings import load_settings
from shop.storefront.addresses import FINDABLE, know_addresses
from shop.storefront.buyer import current_basket_count
from shop.storefront.office_waiting import office_waiting
from shop.storefront.seen import remember_seen

ROOT = Path(__file__).parent.parent

# Each module offers `blueprint`; the order is that of the line of packages, from below.
VIEWS: tuple[str, ...] = (
    'shop.households.views.desk',
    'shop.households.views.changes',
    'shop.households.views.imports',
    'shop.households.views.office',
    'shop.households.views.vocabulary',
    'shop.catalogue.views',
    'shop.endorsements.views.desk',
    'shop.endorsements.views.listing',
    'shop.endorsements.views.parts',
    'shop.endorsements.views.labels',
    'shop.endorsements.views.licences',
    'shop.endorsements.views.stock',
    'shop.endorsements.views.office',
    'shop.endorsements.views.agreements_desk',
    'shop.endorsements.views.agreements_office',
    'shop.endorsements.views.agreements_public',
    'shop.objections.views.public',
    'shop.objections.views.office',
    'shop.ratings.desk',
    'shop.ratings.office',
    'shop.earnings.views.desk',
    'shop.earnings.views.office',
    'shop.payouts.views.public',
    'shop.payouts.views.desk',
    'shop.payouts.views.paying',
    'shop.payouts.views.office',
    'shop.payments.views',
    'shop.payments.desk',
    'shop.payments.desk_shipments',
    'shop.payments.office',
    'shop.aftersales.desk',
    'shop.aftersales.office',
    'shop.procurement.views.institution',
    'shop.procurement.views.orders',
    'shop.procurement.views.acceptance',
    'shop.procurement.views.employee',
    'shop.procurement.views.certificates',
    'shop.procurement.views.desk',
    'shop.procurement.views.office',
    'shop.statistics.views',
    'shop.statistics.office_books',
    'shop.privacy.office',
    'shop.posters.views',
    'shop.storefront.views.media',
    'shop.storefront.views.products',
    'shop.storefront.views.villages',
    'shop.storefront.views.brands',
    'shop.storefront.views.home',
    'shop.storefront.views.sunshine',
    'shop.storefront.views.seals',
    'shop.storefront.views.preferences',
    'shop.storefront.views.reach',
    'shop.storefront.views.help',
    'shop.storefront.views.device',
    'shop.storefront.views.account',
    'shop.storefront.views.phone_sign_in',
    'shop.storefront.views.privacy',
    'shop.storefront.views.privacy_closing',
    'shop.storefront.views.privacy_orders',
    'shop.storefront.views.addresses',
    'shop.storefront.views.basket',
    'shop.storefront.views.budget_list',
    'shop.storefront.views.checkout',
    'shop.storefront.views.orders',
    'shop.storefront.views.invoices',
    'shop.storefront.views.aftersales',
    'shop.storefront.views.office_letters',
    'shop.storefront.views.desk_today',
    'shop.storefront.views.reviews',
    'shop.storefront.views.favourites',
    'shop.storefront.views.seen',
    'shop.storefront.views.share_links',
    'shop.storefront.views.desk_share_links',
    'shop.storefront.views.desk_freight',
    'shop.storefront.views.desk_invoices',
    'shop.storefront.views.coupons',
    'shop.storefront.views.office_coupons',
    'shop.api.views',
)
# Each module offers `commands`, a click group.
COMMANDS: tuple[str, ...] = (
    'shop.photos.cli',
    'shop.households.cli',
    'shop.posters.cli',
    'shop.ledger.cli',
    'shop.statistics.cli',
    'shop.jobs.cli',
    'shop.demo.cli',
)


def create_app(overrides: Mapping[str, str] | None = None) -> Flask:
    """Build the application; `overrides` stand in for environment variables, ``TESTING=1`` for tests."""
    environ = {**os.environ, **(overrides or {})}
    app = Flask(__name__, root_path=str(ROOT / 'shop'), template_folder=str(ROOT / 'templates'), static_folder=None)
    read_safely(app)
    app.config.update(load_settings(environ))
    app.config['TESTING'] = environ.get('TESTING') == '1'
    app.config['REVIEW_LADDER'] = parse_ladder(app.config['REVIEW_LADDER'])
    require_gateway(app.config['PAYMENT_GATEWAY'], app.config)
    check_mail_settings(app.config)
    check_sms_settings(app.config)
    app.session_interface = ServerSessionInterface()
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / 'migrations'), render_as_batch=False)
    speak_languages(app)
    _add_sign_in(app)
    guard_origin(app)
    write_down_accesses(app)
    prepare_presentation(app)
    app.context_processor(lambda: {'basket_count': current_basket_count(), 'office_waiting': office_waiting})
    know_addresses(app)
    compress_pages(app)  # from here on upwards: what runs after a request runs in the opposite order
    add_security_headers(app)
    register_error_pages(app)
    for name in VIEWS:
        app.register_blueprint(import_module(name).blueprint)
    for name in COMMANDS:
        app.cli.add_command(import_module(name).commands)
    keep_pages(app, FINDABLE, timedelta(milliseconds=app.config['PAGES_TRUSTED_MS']))
    remember_seen(app)
    if app.config['TRUSTED_PROXIES']:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=app.config['TRUSTED_PROXIES'])  # type: ignore[method-assign]
    app.wsgi_app = CompressedStatic(  # type: ignore[method-assign]
        app.wsgi_app, root=ROOT / 'static', folder=Path(app.config['SHOP_DATA']) / 'static'
    )
    return app


def _add_sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load_user(user_id: str) -> User | None:
        user = db.session.get(User, int(user_id)) if user_id.isdigit() else None
        return user if user is not None and user.is_active else None
