"""What a buyer or a village types about a review, read field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from shop.kit.fields import FieldReader
from shop.ratings.models import MAX_TEXT, STARS


@dataclass
class ReviewForm:
    """The fields of the form of one line; each name ends in the line's id, as a page holds several such forms."""

    line_id: int
    stars: int = 0
    text: str = ''
    is_anonymous: bool = True
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: Mapping[str, str], line_id: int) -> 'ReviewForm':
        """Read what was typed; `errors` say what would be right."""
        reader = FieldReader(form)
        stars = reader.raw(f'stars-{line_id}')
        text = reader.raw(f'text-{line_id}')
        typed = cls(
            line_id=line_id,
            stars=int(stars) if stars in {str(number) for number in STARS} else 0,
            text=text,
            is_anonymous=not reader.raw(f'named-{line_id}'),
        )
        if not typed.stars:
            typed.errors[f'stars-{line_id}'] = _('选 1 到 5 颗星。')
        reader.text(f'text-{line_id}', _('评价'), limit=MAX_TEXT)
        typed.errors.update(reader.errors)
        return typed

    def refuse(self, name: str, message: str) -> None:
        """Keep a message beside the field of this name."""
        self.errors[f'{name}-{self.line_id}'] = message
