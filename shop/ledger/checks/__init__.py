"""Proves the book from its rows: every rule of the domain, and the rows that break it."""

from collections.abc import Callable

from shop.ledger.checks import (
    aftersales,
    closed_days,
    coupons,
    earnings,
    entries,
    orders,
    payouts,
    pools,
    procurement,
)
from shop.ledger.checks.rules import Fault, Rule

__all__ = ['RULES', 'Fault', 'find_faults']

RULES: tuple[Rule, ...] = (
    *orders.RULES,
    *coupons.RULES,
    *aftersales.RULES,
    *entries.RULES,
    *pools.RULES,
    *payouts.RULES,
    *earnings.RULES,
    *closed_days.RULES,
    *procurement.RULES,
)


def find_faults(progress: Callable[[Rule, int], None] | None = None) -> list[Fault]:
    """Return everything that is off, in the order of the rules; an empty list proves the book.

    `progress` is told each rule after it was checked, and how many rows break it.
    """
    found: list[Fault] = []
    for rule in RULES:
        faults = list(rule.find(rule))
        found.extend(faults)
        if progress is not None:
            progress(rule, len(faults))
    return found
