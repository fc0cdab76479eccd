"""Reads the forms for labels, batches, season and pre-sale; each keeps what was typed and says what is wrong where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from shop.catalogue.batches import BatchFacts
from shop.catalogue.labels import (
    LIMITS,
    OFFERED,
    LabelPart,
    label_text,
    licence_number_message,
    suggested_label,
)
from shop.catalogue.models import Product
from shop.kit.fields import FieldReader
from shop.suppliers.licences import is_food_licence_number

MONTHS = range(1, 13)
MAX_BATCH = 10_000_000


@dataclass(frozen=True, slots=True)
class SupplyForm:
    """When goods are in season, as a bitmap, and from which day they are sent when sold ahead."""

    season_months: int
    presale_ships_on: date | None


def read_supply(reader: FieldReader) -> SupplyForm:
    """Read the months ``season-1`` to ``season-12`` and the day; errors stay in the reader."""
    months = sum(1 << (month - 1) for month in MONTHS if reader.raw(f'season-{month}'))
    return SupplyForm(months, reader.day('presale_ships_on', _('预售发货日'), is_required=False))


def supply_values(product: Product) -> dict[str, str]:
    """Return what the fields of season and pre-sale show before anybody types."""
    ticked = {f'season-{month}': '1' for month in product.season}
    day = product.presale_ships_on
    return {**ticked, 'presale_ships_on': day.isoformat() if day is not None else ''}


def read_label(form: Mapping[str, str], product: Product) -> tuple[dict[LabelPart, str], dict[str, str]]:
    """Read the parts that suit the product's kind; any may be empty in a draft."""
    reader = FieldReader(form)
    texts: dict[LabelPart, str] = {
        part: reader.text(part.value, part.label, limit=limit, is_required=False)
        for part, limit in LIMITS.items()
        if part in OFFERED[product.kind] and part is not LabelPart.LICENCE_NUMBER
    }
    if LabelPart.LICENCE_NUMBER in OFFERED[product.kind]:
        name = LabelPart.LICENCE_NUMBER.value
        number = texts[LabelPart.LICENCE_NUMBER] = ''.join(reader.raw(name).split()).upper()
        if number and not is_food_licence_number(number):
            reader.errors[name] = licence_number_message()
    return texts, reader.errors


def label_values(product: Product) -> dict[str, str]:
    """Return what the label step shows before anybody types: what is kept, else what is probable."""
    kept = {part.value: label_text(product, part) for part in LabelPart}
    return {**kept, **(suggested_label(product) if product.label is None else {})}


def read_batch(
    form: Mapping[str, str], *, today: date, needs_certificate: bool
) -> tuple[BatchFacts | None, dict[str, str]]:
    """Read a batch; a certificate is asked where the law asks it, and then needs its number and its day."""
    reader = FieldReader(form)
    number = reader.text('number', _('批号'), limit=30)
    made_on = _past_day(reader, 'made_on', _('采收或生产日'), today)
    quantity = reader.whole('quantity', _('数量'), least=1, most=MAX_BATCH)
    unit = reader.text('unit', _('数量单位'), limit=10)
    is_certified = needs_certificate or bool(reader.raw('certificate_number') or reader.raw('certificate_issued_on'))
    certificate = reader.text('certificate_number', _('合格证编号'), limit=40, is_required=is_certified)
    issued_on = _past_day(reader, 'certificate_issued_on', _('合格证开具日'), today, is_required=is_certified)
    note = reader.text('note', _('说明'), limit=120, is_required=False)
    if reader.errors or made_on is None:
        return None, reader.errors
    return BatchFacts(number, made_on, quantity, unit, certificate or None, issued_on, note), {}


def _past_day(reader: FieldReader, name: str, label: str, today: date, *, is_required: bool = True) -> date | None:
    day = reader.day(name, label, is_required=is_required)
    if day is not None and day > today:
        reader.errors[name] = _('%(label)s不能晚于今天。', label=label)
        return None
    return day
