"""What a rule of the book is, and how one is written as a statement that selects the rows that break it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import text

from shop.kit.database import db


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that breaks a rule."""

    rule: str
    table: str
    row_id: str
    message: str

    def __str__(self) -> str:
        return f'{self.rule}  {self.table} {self.row_id}  {self.message}'


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by name, what it says, and what finds the rows that break it."""

    name: str
    says: str
    find: Callable[['Rule'], Iterable[Fault]]

    def fault(self, table: str, row_id: object, message: str) -> Fault:
        """Name a row that breaks this rule."""
        return Fault(self.name, table, str(row_id), message)


def selected(name: str, says: str, *, table: str, message: str, sql: str) -> Rule:
    """Return a rule whose `sql` selects the broken rows; the first column is the row's id.

    `message` is formatted with the selected columns by name.
    """
    statement = text(sql)

    def find(rule: Rule) -> Iterator[Fault]:
        for row in db.session.execute(statement).mappings():
            yield rule.fault(table, next(iter(row.values())), message.format(**row))

    return Rule(name, says, find)
