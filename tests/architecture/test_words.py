"""The words for people: all of them can be translated, and all of them are."""

import ast
import re
from collections.abc import Iterator

from babel.messages.catalog import Message

from scripts.catalogue import (
    ENUM,
    FOLDER,
    KEYWORDS,
    as_text,
    compiled,
    current_catalogue,
    extracted,
    read_catalogue,
    translations,
)
from tests.architecture.sources import calls, modules, templates

LETTER = re.compile(r'[\u3400-\u9fff]')
CHINESE = re.compile(r'[\u3001-\u303f\u3400-\u9fff\uff01-\uff5e]')  # with the punctuation of that width
PLACEHOLDER = re.compile(r'%\((\w+)\)s|(%%)')
# What people type or read in Chinese may be quoted in an English sentence.
QUOTED = re.compile('“[^”]*”')
# Notes for developers, and what `_` and `_n` mark.
MARKED = re.compile(r"""{#.*?#}|\b_n?\(\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)

# Chinese that is no text of the interface, and why.
NOT_FOR_TRANSLATION = {
    'shop/catalogue/measures.py': 'units as labels write them',
    'shop/catalogue/search.py': 'ranges of letters',
    'shop/households/columns.py': 'what the national register calls its columns, and the words in them',
    'shop/kit/money.py': 'how people write an amount',
    'shop/languages.py': 'a language is named in itself',
    'shop/ledger/checks/': 'read on the command line by those who run the shop',
    'shop/payments/shipping_columns.py': 'what villages call their columns and couriers',
    'shop/payments/statement_columns.py': 'what banks call their columns',
    'shop/payouts/bank_columns.py': 'what banks call their columns',
    'shop/procurement/picking.py': 'units as people write them behind a count',
    'shop/ratings/privacy.py': 'figures as people write them out',
    'shop/regions/divisions.py': 'what a division is called',
    'shop/suppliers/claims.py': 'patterns of Chinese claim words',
}
COMMAND_LINE = re.compile(r'/cli\.py$|^shop/demo/')


def test_the_catalogue_is_that_of_the_sources():
    assert (FOLDER / 'messages.po').read_bytes() == as_text(current_catalogue()), 'run `make catalogue`'


def test_the_compiled_catalogue_is_that_of_the_words():
    assert (FOLDER / 'messages.mo').read_bytes() == compiled(read_catalogue()), 'run `make catalogue`'


def test_every_message_is_translated():
    assert [message.id for message in messages() if message.fuzzy or not all(translations(message))] == []


def test_translations_take_the_same_values():
    wrong = {
        said: source(message)
        for message in messages()
        for said in translations(message)
        if values_of(said) != values_of(source(message))
    }
    assert wrong == {}


def test_translations_hold_no_markup():
    """A page takes them as they are."""
    assert {said for message in messages() for said in translations(message) if re.search(r'[<>]|&\w+;', said)} == set()


def test_english_words_are_english():
    said = {said for message in messages() for said in translations(message)}
    assert {text for text in said if CHINESE.search(QUOTED.sub('', text))} == set()


def test_chinese_words_in_python_are_marked():
    bare = [
        f'{path}:{line}: {text[:40]}'
        for path, tree in modules().items()
        if not COMMAND_LINE.search(path) and not path.startswith(tuple(NOT_FOR_TRANSLATION))
        for line, text in bare_words(tree)
    ]
    assert bare == []


def test_words_are_not_joined_by_chinese_punctuation():
    """A list is `listed`, a sentence is one text; each language has marks of its own."""
    bare = [
        f'{path}:{node.lineno}'
        for path, tree in modules().items()
        if not COMMAND_LINE.search(path) and not path.startswith(tuple(NOT_FOR_TRANSLATION))
        for node in joints(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value)
    ]
    assert bare == []


def test_exceptions_that_are_no_longer_needed_go():
    needed = {
        known
        for path, tree in modules().items()
        for known in NOT_FOR_TRANSLATION
        if path.startswith(known) and any(bare_words(tree))
    }
    assert set(NOT_FOR_TRANSLATION) == needed


def test_a_marked_text_is_one_literal():
    """What is put together before it is marked would never be found in the catalogue."""
    wrong = [
        f'{path}:{call.lineno}'
        for path, tree in modules().items()
        for call in calls(tree)
        if isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
        if isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert wrong == []


def test_a_marked_text_is_found():
    """The extractor does not look into an f-string."""
    known = extracted()
    lost = [
        f'{path}:{call.lineno}: {call.args[0].value!r}'
        for path, tree in modules().items()
        for call in calls(tree)
        if isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
        if isinstance(call.args[0], ast.Constant) and call.args[0].value not in known
    ]
    assert lost == []


def test_a_text_is_counted_everywhere_or_nowhere():
    """Where it is not counted, its English would always be the singular."""
    assert {text for text, ways in extracted().items() if len(ways) > 1} == set()


def test_punctuation_between_words_is_translated_too():
    bare = {
        f'{name}: {line.strip()[:60]}'
        for name, text in templates().items()
        for line in MARKED.sub('', text).splitlines()
        if CHINESE.search(line)
    }
    assert bare == set()


def messages() -> list[Message]:
    """Return the messages of the catalogue, without its head."""
    return [message for message in read_catalogue() if message.id]


def source(message: Message) -> str:
    """Return what a message is in Chinese."""
    return message.id if isinstance(message.id, str) else message.id[0]


def values_of(text: str) -> set[tuple[str, str]]:
    """Return the names of the values a text takes; a doubled percent sign is one of them."""
    return set(PLACEHOLDER.findall(text))


def joints(tree: ast.Module) -> Iterator[ast.expr]:
    """Walk over what stands between the values of f-strings and between joined texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from node.values
        elif isinstance(node, ast.Attribute) and node.attr == 'join':
            yield node.value


def bare_words(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Walk over the Chinese texts of a module that are neither marked, nor a label, nor a comment for developers."""
    passed = {id(inner) for node in ast.walk(tree) if _is_no_bare_text(node) for inner in ast.walk(node)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in passed)
    yield from (
        (node.lineno, node.value) for node in texts if isinstance(node.value, str) and LETTER.search(node.value)
    )


def _is_no_bare_text(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in KEYWORDS
    if isinstance(node, ast.ClassDef):
        return any(isinstance(base, ast.Name) and base.id == ENUM for base in node.bases)
    # A documentation string, and a column's comment.
    is_documentation = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_documentation or (isinstance(node, ast.keyword) and node.arg == 'comment')
