"""Taking consents back, and what that ends."""

from datetime import datetime

from sqlalchemy import select, update

from shop.accounts.consents import withdraw_user_consent
from shop.accounts.models import User
from shop.accounts.privacy_models import ConsentKind
from shop.kit.database import db
from shop.orders.models import Checkout, Order
from shop.privacy.erasing import forget_recipients, letters_about


def withdraw(user: User, kind: ConsentKind, *, at: datetime) -> None:
    """Take a consent back; without the one to letters nothing is written any more, not even about open orders."""
    withdraw_user_consent(user, kind, at=at)
    if kind is ConsentKind.LETTERS:
        stop_letters(user, at=at)


def stop_letters(user: User, *, at: datetime) -> None:
    """Forget where letters to a user go."""
    order_ids = db.session.scalars(select(Order.id).join(Checkout).where(Checkout.user_id == user.id)).all()
    forget_recipients(letters_about(order_ids), at=at)
    user.email = None
    db.session.flush()
    db.session.execute(
        update(Checkout)
        .where(Checkout.user_id == user.id)
        .values(email=None)
        .execution_options(synchronize_session=False)
    )


def forget_order_email(order: Order, *, at: datetime) -> None:
    """Forget where letters about one checkout go; a guest may ask for it on the order's page."""
    siblings = db.session.scalars(select(Order.id).where(Order.checkout_id == order.checkout_id)).all()
    forget_recipients(letters_about(siblings), at=at)
    order.checkout.email = None
