"""The source files of the shop, read and parsed once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SHOP = ROOT / 'shop'
PACKAGES = frozenset(path.name for path in SHOP.iterdir() if (path / '__init__.py').exists())


@cache
def modules(folder: str = 'shop') -> dict[str, ast.Module]:
    """Return every Python file under a folder, by its path from the root."""
    found = sorted((ROOT / folder).rglob('*.py'))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in found}


@cache
def templates() -> dict[str, str]:
    """Return the text of every template, by its path under ``templates/``."""
    folder = ROOT / 'templates'
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob('*'))
        if path.suffix in {'.html', '.txt', '.xml'}
    }


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Walk over the calls in a module."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def imported(tree: ast.AST) -> Iterator[str]:
    """Walk over the full names of what a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f'{node.module}.{alias.name}' for alias in node.names)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Walk over the functions and methods of a module."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
