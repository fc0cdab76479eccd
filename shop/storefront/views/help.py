"""Pages that answer questions: help, complaints, who runs the shop."""

from flask import Blueprint, current_app, render_template

from shop.accounts.access import open_to_everyone

blueprint = Blueprint('help', __name__)


@blueprint.get('/help')
@open_to_everyone
def show() -> str:
    """Answer what people ask most, with the terms this shop is set to."""
    return render_template(
        'storefront/help.html',
        payment_window=current_app.config['PAYMENT_WINDOW_MINUTES'],
        auto_receive_days=current_app.config['AUTO_RECEIVE_DAYS'],
        service_phone=current_app.config['SERVICE_PHONE'],
    )


@blueprint.get('/help/complaints')
@open_to_everyone
def complaints() -> str:
    """Say whom to call for what."""
    return render_template('storefront/complaints.html')


@blueprint.get('/about')
@open_to_everyone
def about() -> str:
    """Say who runs the shop, under which licences and record numbers."""
    return render_template('storefront/about.html')
