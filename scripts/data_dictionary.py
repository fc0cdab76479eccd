"""Writes docs/data-dictionary.md from the models: every table, its columns, and what they hold."""

import sys
from pathlib import Path

from sqlalchemy import CheckConstraint, Column, Table, UniqueConstraint

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
TARGET = ROOT / 'docs' / 'data-dictionary.md'

HEAD = """# Data dictionary 数据字典

Written from the models by `make dictionary`; a test holds it to them. Money is whole fen (分), times are UTC instants,
days are business days of Asia/Shanghai. `→` names the row a column points to.
"""


def dictionary() -> str:
    """Return the whole text, one section per table in the order of the packages."""
    from shop import models  # noqa: PLC0415  importing it fills the metadata
    from shop.kit.database import db  # noqa: PLC0415

    assert models.__all__
    return '\n'.join([HEAD, *(section(table) for table in db.metadata.sorted_tables)])


def section(table: Table) -> str:
    """Describe one table."""
    rows = [
        f'| {column.name} | {kind(column)} | {notes(column)} | {column.comment or ""} |' for column in table.columns
    ]
    rules = [
        f'- `{rule.name}`: `{rule.sqltext}`' for rule in table.constraints if isinstance(rule, CheckConstraint)
    ] + [
        f'- unique: {", ".join(column.name for column in rule.columns)}'
        for rule in table.constraints
        if isinstance(rule, UniqueConstraint)
    ]
    head = [f'## {table.name}', '', '| column | type | rules | 含义 |', '|---|---|---|---|']
    return '\n'.join([*head, *rows, *(['', *sorted(rules)] if rules else []), ''])


def kind(column: Column[object]) -> str:
    """Name a column's type."""
    return str(column.type).lower()


def notes(column: Column[object]) -> str:
    """Say what a column points to and whether it may be empty."""
    said = [f'→ {name}' for name in sorted(key.target_fullname for key in column.foreign_keys)]
    if column.primary_key:
        said.insert(0, 'key')
    if column.unique:
        said.append('unique')
    if column.nullable:
        said.append('may be empty')
    return ', '.join(said)


if __name__ == '__main__':
    TARGET.write_text(dictionary())
    print(TARGET.relative_to(ROOT))
