"""Villages with their register, and the secretaries sent to them."""

from datetime import date, timedelta

from sqlalchemy import func, select

from shop.accounts.models import Role, User
from shop.kit import clock
from shop.kit.database import db
from shop.regions.models import Region
from shop.villages.models import (
    FirstSecretary,
    Gender,
    Household,
    SponsorUnit,
    TeamMember,
    Tenure,
    TenureStatus,
    Village,
)
from tests.factories.accounts import make_user
from tests.factories.building import building, next_number
from tests.factories.regions import make_township

LONG_AGO = timedelta(days=400)


@building
def make_village(name: str = '松岭村', *, township: Region | None = None) -> Village:
    """A village; without a township it lies in 柳河县 向阳镇."""
    township = township or make_township()
    number = next_number()
    village = Village(
        code=f'8{number:08d}',
        slug=f'village-{number}',
        name=name,
        township_id=township.id,
        county_id=township.parent_id,
        position=number,
        description=f'{name}在长白山脚下。',
    )
    db.session.add(village)
    db.session.flush()
    return village


@building
def make_sponsor_unit(name: str = '市交通运输局') -> SponsorUnit:
    """A unit that sends secretaries; asking twice gives the same one."""
    unit = db.session.scalar(select(SponsorUnit).where(SponsorUnit.name == name))
    if unit is None:
        unit = SponsorUnit(name=name, position=next_number())
        db.session.add(unit)
        db.session.flush()
    return unit


@building
def make_secretary(name: str = '周明远', *, user: User | None = None) -> FirstSecretary:
    """A first secretary, without a tenure yet."""
    secretary = FirstSecretary(
        slug=f'secretary-{next_number()}',
        name=name,
        gender=Gender.MAN,
        introduction='',
        user_id=user.id if user is not None else None,
    )
    db.session.add(secretary)
    db.session.flush()
    return secretary


@building
def make_tenure(
    village: Village | None = None,
    *,
    secretary: FirstSecretary | None = None,
    status: TenureStatus = TenureStatus.IN_OFFICE,
    starts_on: date | None = None,
    with_account: bool = True,
) -> Tenure:
    """A tenure in office since long ago; its secretary has an account with the role for the village.

    The account is ``db.session.get(User, tenure.secretary.user_id)``, or `desk_user(tenure)`.
    """
    village = village or make_village()
    if secretary is None:
        user = make_user(Role.FIRST_SECRETARY, village=village, name='周明远') if with_account else None
        secretary = make_secretary(user=user)
    starts_on = starts_on or clock.today() - LONG_AGO
    ended = status in {TenureStatus.ROTATED, TenureStatus.RECALLED, TenureStatus.ADJUSTED}
    tenure = Tenure(
        secretary=secretary,
        village=village,
        sponsor_unit=make_sponsor_unit(),
        starts_on=starts_on,
        ends_on=starts_on + LONG_AGO if ended else None,
        status=status,
    )
    db.session.add(tenure)
    db.session.flush()
    return tenure


def desk_user(tenure: Tenure) -> User:
    """The account of the tenure's secretary."""
    user = db.session.get(User, tenure.secretary.user_id)
    assert user is not None
    return user


@building
def make_team_member(village: Village, *, name: str = '陈小禾') -> User:
    """A member of the village's team; returns the account."""
    user = make_user(Role.TEAM_MEMBER, village=village, name=name)
    db.session.add(TeamMember(village_id=village.id, name=name, user_id=user.id, joined_on=clock.today() - LONG_AGO))
    return user


@building
def make_household(village: Village, *, head_name: str = '赵德林', people: int = 3) -> Household:
    """The next household of a village's register."""
    ordinal = db.session.scalar(select(func.count()).select_from(Household).where(Household.village_id == village.id))
    household = Household(
        village_id=village.id,
        ordinal=ordinal or 0,
        number=f'{(ordinal or 0) + 1:03d}',
        head_name=head_name,
        group_name='一组',
        people=people,
        self_check_code=f'T{next_number():07d}',
        registered_on=clock.today() - LONG_AGO,
    )
    db.session.add(household)
    db.session.flush()
    return household


@building
def make_households(village: Village, count: int) -> list[Household]:
    """So many households, of 1, 2, 3, 4, 1 … people."""
    return [make_household(village, head_name=f'农户{n + 1}', people=n % 4 + 1) for n in range(count)]
