"""What is no longer as a buyer was shown it: told line by line, all of it at once, nothing silently taken over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from shop.catalogue.stock import OutOfStockError
from shop.kit.errors import BusinessError
from shop.kit.money import Money
from shop.orders.quoting import Parcel, QuoteLine


class PriceChangedError(BusinessError):
    """A price is not the one the buyer saw."""


class PresaleChangedError(BusinessError):
    """Goods are sent from another day than the buyer saw."""


class AgreementChangedError(BusinessError):
    """Another benefit agreement holds than the buyer saw."""


class FreightChangedError(BusinessError):
    """Sending a parcel costs something else than the buyer saw."""


class SeveralReasonsError(BusinessError):
    """More than one thing stands against a purchase; each is told beside its own field."""

    def __init__(self, reasons: Sequence[BusinessError]) -> None:
        """Keep the reasons."""
        super().__init__(_('有 %(n)s 处和您刚才看到的不一样，请看过再提交。', n=len(reasons)))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a buyer was last shown of a line; a version of None was not shown, `presale_on` only counts where told."""

    price_fen: int
    version_id: int | None = None
    presale_on: date | None = None
    tells_presale: bool = True


def line_changes(line: QuoteLine, seen: Seen, today: date) -> list[BusinessError]:
    """Return what of a line is not as it was shown: price, day of sending, agreement."""
    variant, product, version = line.offer.variant, line.offer.product, line.offer.version
    name = f'{product.name} {variant.name}'
    changes: list[BusinessError] = []
    if seen.price_fen != variant.price_fen:
        changes.append(_price_changed(name, variant.id, seen.price_fen, variant.price_fen))
    presale_on = product.presale_day(today)
    if seen.tells_presale and presale_on != seen.presale_on:
        changes.append(
            PresaleChangedError(_presale_words(name, seen.presale_on, presale_on), field=f'presale-{variant.id}')
        )
    if seen.version_id is not None and seen.version_id != version.id:
        changes.append(
            AgreementChangedError(
                _(
                    '“%(name)s”换了利益联结协议，现在是第 %(n)s 版，每件 %(yuan)s 到农户。',
                    name=name,
                    n=version.number,
                    yuan=Money(version.benefit_fen(variant.price_fen, 1)),
                ),
                field=f'version-{variant.id}',
            )
        )
    return changes


def shortage(line: QuoteLine) -> OutOfStockError | None:
    """Return that there are fewer units left than wanted, None where there are enough."""
    variant = line.offer.variant
    if variant.stock >= line.quantity:
        return None
    return OutOfStockError(variant.id, f'{line.offer.product.name} {variant.name}', variant.stock)


def freight_change(parcel: Parcel, seen_fen: int | None) -> FreightChangedError | None:
    """Return that sending a parcel costs something else than was shown, None where it does not.

    Where nothing was shown, nothing may be asked.
    """
    if parcel.refusal or (seen_fen or 0) == parcel.freight_fen:
        return None
    message = (
        _('%(name)s的运费是 %(now)s。', name=parcel.supplier.name, now=Money(parcel.freight_fen))
        if seen_fen is None
        else _(
            '%(name)s的运费从 %(before)s 变成了 %(now)s。',
            name=parcel.supplier.name,
            before=Money(seen_fen),
            now=Money(parcel.freight_fen),
        )
    )
    return FreightChangedError(message, field=f'freight-{parcel.supplier.id}')


def raise_all(reasons: Sequence[BusinessError]) -> None:
    """Raise the reason, or all of them as one `SeveralReasonsError`; nothing without any."""
    if len(reasons) > 1:
        raise SeveralReasonsError(reasons)
    if reasons:
        raise reasons[0]


def _price_changed(name: str, variant_id: int, before: int, now: int) -> PriceChangedError:
    words = {'name': name, 'before': Money(before), 'now': Money(now)}
    message = (
        _('“%(name)s”的价格从 %(before)s 涨到了 %(now)s。', **words)
        if now > before
        else _('“%(name)s”的价格从 %(before)s 降到了 %(now)s。', **words)
    )
    return PriceChangedError(message, field=f'price-{variant_id}')


def _presale_words(name: str, before: date | None, now: date | None) -> str:
    if now is None:
        return str(_('“%(name)s”现在有货，不用等预售。', name=name))
    if before is None:
        return str(_('“%(name)s”现在是预售，%(day)s 起发货。', name=name, day=now))
    return str(_('“%(name)s”的预售发货日从 %(before)s 改到了 %(day)s。', name=name, before=before, day=now))
