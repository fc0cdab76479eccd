"""Reads an objection and a decision as people type them."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from shop.kit.crypto import new_token
from shop.kit.fields import FieldReader
from shop.kit.open_forms import read_contact_phone, read_token, spring_trap
from shop.objections.models import ObjectionKind, ObjectionStatus

LEAST_TEXT, MOST_TEXT = 10, 1000
MOST_NAME = 40
MOST_ANSWER = 1000


@dataclass(frozen=True, slots=True)
class ObjectionForm:
    """An objection as typed, with a message for each field that was not right."""

    kind: ObjectionKind | None
    text: str
    name: str
    phone: str
    form_token: str
    errors: Mapping[str, str]


def empty_objection() -> ObjectionForm:
    """Return the form before anybody types."""
    return ObjectionForm(None, '', '', '', new_token(), {})


def read_objection(form: Mapping[str, str]) -> ObjectionForm:
    """Read an objection; a name and a phone are welcome and never asked for."""
    reader = FieldReader(form)
    kind = reader.choice('kind', _('异议事由'), ObjectionKind)
    text = reader.raw('text')
    if not LEAST_TEXT <= len(text) <= MOST_TEXT:
        reader.errors['text'] = _(
            '写 %(least)s 到 %(most)s 字，现有 %(now)s 字：说清哪一条不对、对的应当是什么。',
            least=LEAST_TEXT,
            most=MOST_TEXT,
            now=len(text),
        )
    name = reader.text('name', _('称呼'), limit=MOST_NAME, is_required=False)
    phone = read_contact_phone(reader)
    spring_trap(reader)
    return ObjectionForm(kind, text[:MOST_TEXT], name, phone, read_token(form), reader.errors)


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """What the inquiry found, as typed."""

    is_upheld: bool | None
    answer: str
    errors: Mapping[str, str]


def read_decision(form: Mapping[str, str]) -> DecisionForm:
    """Read a decision; whoever objected reads the answer, so there must be one."""
    reader = FieldReader(form)
    decision = ObjectionStatus.find(reader.raw('decision'))
    found = {ObjectionStatus.UPHELD: True, ObjectionStatus.NOT_UPHELD: False}.get(decision) if decision else None
    if found is None:
        reader.errors['decision'] = _('选择成立或不成立。')
    answer = reader.text('answer', _('答复'), limit=MOST_ANSWER)
    return DecisionForm(found, answer, reader.errors)
