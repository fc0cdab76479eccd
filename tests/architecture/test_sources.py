"""The habits of the house that a reader of the source can check."""

import ast
import re

import pytest

from tests.architecture.sources import PACKAGES, ROOT, calls, functions, imported, modules

# About 300 and about 40: beyond that something wants a name of its own.
FILE_LINES = 320
FUNCTION_LINES = 45
# A file or function that is longer says here why.
LONG_FILES = {'shop/demo/words.py': 'lists of words, not code'}
LONG_FUNCTIONS: dict[str, str] = {
    'shop/demo/orders.py:_add_lines': 'the columns of two rows',
    'shop/statistics/rows.py:_sales_rows': 'one statement and the columns it fills',
    'shop/storefront/cards.py:_card_rows': 'one statement',
}
DRAWINGS = 'shop/demo/drawing/'  # a drawing is a list of strokes, top to bottom

COMMITTER = 'shop/kit/database.py'
VAGUE_MODULES = frozenset({'utils', 'util', 'common', 'helpers', 'helper', 'misc', 'base', 'manager', 'core'})
VAGUE_CLASS = re.compile(r'(Manager|Helper|Util|Utils|Data|Info|Handler|Processor)$')
MACHINE_PATH = re.compile(r'(?<![\w.$}])/(?:work|home|Users|root)/[\w.]')
TEST_FOLDERS = PACKAGES | {'journeys', 'browser', 'architecture', 'factories', 'support', 'migrations', 'load'}


def test_only_the_unit_of_work_commits():
    committing = {
        path
        for path, tree in modules().items()
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr == 'commit'
    }
    assert committing == {COMMITTER}


def test_units_of_work_are_opened_outside_services():
    opening = {
        path
        for path, tree in modules().items()
        for call in calls(tree)
        if isinstance(call.func, ast.Name) and call.func.id == 'transaction'
    }
    assert {path for path in opening if path.endswith(('services.py', 'models.py', 'queries.py'))} == set()


def test_services_models_and_queries_know_no_request():
    asking = {
        f'{path}: {name}'
        for path, tree in modules().items()
        if path.endswith(('/services.py', '/models.py', '/queries.py', '/tallies.py', '/policies.py'))
        for name in imported(tree)
        if name.startswith(('flask.', 'flask_login')) and name != 'flask.current_app'
    }
    assert asking == set()


def test_only_its_gateway_knows_a_provider():
    knowing = {
        path for path, tree in modules().items() if any(name.split('.')[0] == 'stripe' for name in imported(tree))
    }
    assert knowing == {'shop/payments/stripe_checkout.py'}


def test_nobody_calls_a_provider_inside_a_unit_of_work():
    calls_out = {
        *('open_session', 'look_at_session', 'close_session', 'send_refund', 'look_at_refund'),
        *('send_code', 'deliver'),
    }
    inside = {
        f'{path}:{call.lineno}'
        for path, tree in modules().items()
        for block in ast.walk(tree)
        if isinstance(block, ast.With) and 'transaction()' in ast.unparse(block).splitlines()[0]
        for call in calls(block)
        if isinstance(call.func, ast.Attribute) and call.func.attr in calls_out
    }
    assert inside == set()


def test_policies_ask_no_database():
    asking = {
        path
        for path, tree in modules().items()
        if path.endswith('/policies.py')
        and any('sqlalchemy' in name or name.endswith('.db') for name in imported(tree))
    }
    assert asking == set()


def test_migrations_import_nothing_from_the_shop():
    importing = {
        f'{path}: {name}'
        for path, tree in modules('migrations').items()
        for name in imported(tree)
        if name.split('.')[0] == 'shop'
    }
    assert importing == set()


def test_nothing_is_imported_inside_a_function():
    inside = {
        f'{path}:{node.lineno}'
        for path, tree in modules().items()
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert inside == set()


def test_modules_and_classes_have_names_of_the_business():
    vague = {path for path in modules() if path.rsplit('/', 1)[-1].removesuffix('.py') in VAGUE_MODULES}
    vague |= {
        f'{path}: {node.name}'
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and VAGUE_CLASS.search(node.name)
    }
    assert vague == set()


def test_every_module_says_in_a_sentence_what_it_is_for():
    silent = {path for path, tree in modules().items() if not (ast.get_docstring(tree) or '').strip().endswith('.')}
    assert silent == set()


def test_files_are_short_enough_to_read():
    long = {
        path: lines
        for path in modules()
        if (lines := len((ROOT / path).read_text().splitlines())) > FILE_LINES and path not in LONG_FILES
    }
    assert long == {}


def test_functions_are_short_enough_to_read():
    long = {
        name: lines
        for path, tree in modules().items()
        if not path.startswith(DRAWINGS)
        for function in functions(tree)
        if (lines := _length(function)) > FUNCTION_LINES and (name := f'{path}:{function.name}') not in LONG_FUNCTIONS
    }
    assert long == {}


def test_exceptions_that_are_no_longer_needed_go():
    assert {path for path in LONG_FILES if len((ROOT / path).read_text().splitlines()) <= FILE_LINES} == set()
    known = {
        f'{path}:{function.name}'
        for path, tree in modules().items()
        for function in functions(tree)
        if _length(function) > FUNCTION_LINES
    }
    assert set(LONG_FUNCTIONS) <= known


def test_tests_mirror_the_packages():
    folders = {path.name for path in (ROOT / 'tests').iterdir() if path.is_dir() and any(path.rglob('*.py'))}
    assert folders - TEST_FOLDERS == set()


@pytest.mark.parametrize('folder', ['shop', 'templates', 'static', 'migrations', 'tests', 'scripts', 'docs', 'bench'])
def test_no_path_of_somebodys_machine_is_written_down(folder):
    texts = {'.py', '.html', '.css', '.js', '.md', '.toml', '.txt', '.ini', '.json'}
    found = {
        f'{path.relative_to(ROOT)}: {match.group()}'
        for path in (ROOT / folder).rglob('*')
        if path.suffix in texts
        for match in MACHINE_PATH.finditer(path.read_text())
    }
    assert found == set()


def _length(function: ast.FunctionDef) -> int:
    """Count the lines of a function without its documentation."""
    documentation = function.body[0] if ast.get_docstring(function) else None
    skipped = (documentation.end_lineno or 0) - documentation.lineno + 1 if documentation else 0
    return (function.end_lineno or 0) - function.lineno + 1 - skipped
