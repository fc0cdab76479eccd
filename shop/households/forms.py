"""Reading the forms of the register; free text never takes an ID or bank number."""

from collections.abc import Mapping

from flask_babel import gettext as _

from shop.households.models import HouseholdConsent, MarkKind
from shop.households.numbers import holds_number
from shop.households.queries import LONGEST_SEARCH, NARROWINGS, Wanted
from shop.households.reading import MAX_PEOPLE
from shop.households.services import Entry
from shop.kit.errors import BusinessError
from shop.kit.fields import FieldReader, clean_text, read_id
from shop.kit.pagination import page_number
from shop.villages.models import Household

MAX_REASON = 200
MAX_PAPER = 80
MAX_NOTE = 120


class FormError(BusinessError):
    """Some fields were not right; the reader knows which."""

    def __init__(self) -> None:
        """Say nothing more: each field has its message."""
        super().__init__('')


def require_right(reader: FieldReader) -> None:
    """Raise `FormError` when a field was not right."""
    if reader.errors:
        raise FormError


def plain_text(reader: FieldReader, name: str, label: str, *, limit: int, is_required: bool = True) -> str:
    """Read a text that must not hold an ID or bank number."""
    text = reader.text(name, label, limit=limit, is_required=is_required)
    if holds_number(reader.raw(name)):
        reader.errors[name] = _('这里不要写证件号码或银行账号。')
    return text


def read_entry(reader: FieldReader) -> Entry:
    """Read what is written down of a household; raises `FormError`."""
    entry = Entry(
        number=plain_text(reader, 'number', _('户编号'), limit=30),
        head_name=plain_text(reader, 'head_name', _('户主姓名'), limit=40),
        group_name=plain_text(reader, 'group_name', _('村民小组'), limit=20, is_required=False),
        people=reader.whole('people', _('家庭人口数'), least=1, most=MAX_PEOPLE),
        attribute=plain_text(reader, 'attribute', _('户属性'), limit=30, is_required=False),
        left_poverty_on=reader.day('left_poverty_on', _('脱贫日'), is_required=False),
    )
    require_right(reader)
    return entry


def shown_entry(household: Household) -> dict[str, str]:
    """Return the fields of an entry as a form shows them."""
    return {
        'number': household.number,
        'head_name': household.head_name,
        'group_name': household.group_name,
        'people': str(household.people),
        'attribute': household.attribute,
        'left_poverty_on': household.left_poverty_on.isoformat() if household.left_poverty_on else '',
    }


def read_wanted(args: Mapping[str, str], *, names: bool) -> Wanted:
    """Read what a list is narrowed to; anything odd narrows nothing."""
    narrowing = args.get('only', '')
    return Wanted(
        text=clean_text(args.get('q', ''))[:LONGEST_SEARCH],
        status_id=read_id(args.get('status')),
        narrowing=narrowing if narrowing in NARROWINGS else '',
        group=clean_text(args.get('group', ''))[:20],
        village_id=read_id(args.get('village')),
        names=names,
        page=page_number(args.get('page')),
    )


def read_reason(reader: FieldReader) -> str:
    """Read why a number is looked at; raises `FormError`."""
    reason = plain_text(reader, 'reason', _('查看事由'), limit=MAX_REASON)
    require_right(reader)
    return reason


def free_marks(standing: set[MarkKind]) -> list[MarkKind]:
    """Return the marks a household does not carry yet."""
    return [kind for kind in MarkKind if kind not in standing]


def in_force(consents: list[HouseholdConsent]) -> dict[str, HouseholdConsent]:
    """Return the consents that stand, by what they are to."""
    return {consent.kind.value: consent for consent in consents if consent.withdrawn_on is None}
