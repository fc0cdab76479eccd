"""A machine that loses its power at a chosen moment: before a statement, before a commit, or just after one."""

from types import TracebackType
from typing import Any, Self

from sqlalchemy import event

from shop.kit.database import db


class PowerCutError(BaseException):
    """The machine is dead; no handler of the shop may take this for a fault it can answer."""


class Machine:
    """Counts the moments at which it could die while a block runs, and dies at one of them.

    A moment is each statement (before it), each commit before and each after it is done. Once dead, nothing is
    asked any more until the block ends; `restart` then lets go what a dead process lets go.
    """

    def __init__(self, dies_at: int | None = None) -> None:
        self.dies_at = dies_at
        self.moments: list[str] = []
        self.is_dead = False
        self._dialect: Any = db.engine.dialect

    def __enter__(self) -> Self:
        event.listen(db.engine, 'before_cursor_execute', self._asked)
        self._dialect.do_commit = self._commit
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        event.remove(db.engine, 'before_cursor_execute', self._asked)
        del self._dialect.do_commit
        return kind is PowerCutError

    def _commit(self, connection: Any) -> None:
        self._pass('before a commit')
        type(self._dialect).do_commit(self._dialect, connection)
        self._pass('after a commit')

    def _asked(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self._pass(statement)

    def _pass(self, moment: str) -> None:
        if len(self.moments) == self.dies_at:
            self.is_dead = True
        if self.is_dead:
            raise PowerCutError(moment)
        self.moments.append(moment)


def restart() -> None:
    """Start anew: no session, no connection is left of the process that died."""
    db.session.remove()
    db.engine.dispose()
