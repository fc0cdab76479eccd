"""The register as a file to take along, numbers masked, texts that no spreadsheet calculates; and the template."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from shop.households.columns import COLUMNS, EXAMPLE, TEMPLATE
from shop.households.facts import mark_stands, status_kind_id
from shop.households.models import HouseholdMark, HouseholdNumber, MarkKind, NumberKind, Pairing, PartyMember
from shop.households.queries import HouseholdFile
from shop.households.services import FIELDS
from shop.kit import clock
from shop.kit.database import db
from shop.kit.sheets import write_sheet
from shop.kit.words import listed, told
from shop.villages.models import Household, HouseholdStatusKind, Village


def write_template() -> bytes:
    """Return the table to fill in, with one row that shows how."""
    return write_sheet(_('农户名册'), [COLUMNS[name][0] for name in TEMPLATE], [[EXAMPLE[name] for name in TEMPLATE]])


def write_register(villages: Select[int], *, names: bool, on: date) -> bytes:
    """Return the register of these villages; heads' names whole or masked, numbers always masked.

    Whoever reads names masked gets no self-check codes either: public pages show those beside fen.
    """
    header = [
        *(_('村'), _('户编号'), _('户主姓名'), _('村民小组'), _('家庭人口数'), _('户属性'), _('脱贫状态'), _('脱贫日')),
        *(_('标记'), _('帮带党员'), _('证件号码'), _('银行账号'), _('自查码')),
    ]
    return write_sheet(_('农户名册'), header, _rows(villages, names=names, on=on))


def write_record(found: HouseholdFile) -> bytes:
    """Return everything the register holds of a household, for the household itself; numbers masked as on pages."""
    household = found.household
    lines: list[tuple[str, str, object]] = [
        (_('基本情况'), told(label), getattr(household, name)) for name, label in FIELDS.items()
    ]
    lines += [(_('脱贫状态'), status.kind.name, status.since_on) for status in household.statuses]
    lines += [(_('标记'), mark.kind.label, _from_to(mark.since_on, mark.until_on)) for mark in found.marks]
    lines += [(_('成员'), member.relation.label, member.name) for member in found.members]
    lines += [(_('帮带党员'), one.party_member.name, _from_to(one.since_on, one.until_on)) for one in found.pairings]
    lines += [(_('单独同意'), one.kind.label, _from_to(one.given_on, one.withdrawn_on)) for one in found.consents]
    lines += [(_('加密保存的号码'), kind.label, number.masked) for kind, number in found.numbers.items()]
    lines += [
        (_('查看记录'), one.actor.name, f'{clock.local(one.at):%Y-%m-%d %H:%M} {one.reason}') for one in found.reveals
    ]
    return write_sheet(_('个人信息清单'), (_('类别'), _('项目'), _('内容')), lines)


def _from_to(since: date, until: date | None) -> str:
    return f'{since} — {until or ""}'


def _rows(villages: Select[int], *, names: bool, on: date) -> Iterator[list[object]]:
    inside = select(Household.id).where(Household.village_id.in_(villages))
    marks = _marks(inside, on)
    party_members = {
        row.household_id: row.name
        for row in db.session.execute(
            select(Pairing.household_id, PartyMember.name)
            .join(PartyMember)
            .where(Pairing.until_on.is_(None), Pairing.household_id.in_(inside))
        )
    }
    numbers = {
        (row.household_id, row.kind): row.masked
        for row in db.session.execute(
            select(HouseholdNumber.household_id, HouseholdNumber.kind, HouseholdNumber.masked).where(
                HouseholdNumber.household_id.in_(inside)
            )
        )
    }
    found = db.session.execute(
        select(Household, HouseholdStatusKind.name)
        .join(Village, Village.id == Household.village_id)
        .outerjoin(HouseholdStatusKind, HouseholdStatusKind.id == status_kind_id(on))
        .where(Household.village_id.in_(villages))
        .order_by(Village.county_id, Village.position, Household.ordinal)
        .options(selectinload(Household.village))
    )
    for household, status in found:
        yield [
            household.village.name,
            household.number,
            household.head_name if names else household.masked_name,
            household.group_name,
            household.people,
            household.attribute,
            status or '',
            household.left_poverty_on,
            listed(kind.label for kind in marks.get(household.id, ())),
            told(party_members.get(household.id)),
            *(numbers.get((household.id, kind), '') for kind in NumberKind),
            household.self_check_code if names else '',
        ]


def _marks(inside: Select[int], on: date) -> Mapping[int, Sequence[MarkKind]]:
    marks: dict[int, list[MarkKind]] = {}
    standing = select(HouseholdMark.household_id, HouseholdMark.kind).where(
        HouseholdMark.household_id.in_(inside), mark_stands(on)
    )
    for household_id, kind in db.session.execute(standing):
        marks.setdefault(household_id, []).append(kind)
    return marks
