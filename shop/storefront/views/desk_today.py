"""The desk's first page: what waits today."""

from flask import Blueprint, render_template

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.kit import clock
from shop.storefront.desk_today import desk_today
from shop.villages.scope import village_for_desk

blueprint = Blueprint('desk_today', __name__)


@blueprint.get('/desk/')
@open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)
def today() -> str:
    """Show what to do first, what waits, and the village's own figures."""
    village = village_for_desk(required_user())
    return render_template('storefront/desk_today.html', today=desk_today(village, at=clock.now()))
