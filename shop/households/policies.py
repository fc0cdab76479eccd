"""Who may read, keep and see through the register; `roles` are those a user holds over the household's village."""

from collections.abc import Set as AbstractSet

from shop.accounts.models import Role

# The register is the secretary's; the team reads it masked.
KEEPERS = (Role.FIRST_SECRETARY,)
DESK_READERS = (Role.FIRST_SECRETARY, Role.TEAM_MEMBER)
OFFICE_READERS = (Role.TOWNSHIP_REVIEWER, Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT, Role.AUDITOR)
REVEALERS = (Role.FIRST_SECRETARY, Role.COUNTY_DEPARTMENT)
TRAIL_READERS = (Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT, Role.AUDITOR)
VOCABULARY_KEEPERS = (Role.CITY_DEPARTMENT,)

Roles = AbstractSet[Role]


def may_keep(roles: Roles) -> bool:
    """Tell whether somebody may change the entries."""
    return bool(roles & set(KEEPERS))


def may_read_names(roles: Roles) -> bool:
    """Tell whether somebody reads names whole; everybody else reads them masked."""
    return bool(roles & {Role.FIRST_SECRETARY, Role.AUDITOR})


def may_reveal(roles: Roles) -> bool:
    """Tell whether somebody may read a number in clear, with a reason; an administrator or auditor never."""
    return bool(roles & set(REVEALERS))
