"""A picture as the shop keeps it: normalised, in several widths, named by its content."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.kit.database import Id, Model

MEDIA_URL = '/media'
FALLBACK_WIDTH = 960


class Photo(Model):
    """A stored picture; its files are named by `digest`, the SHA-256 of the normalised original."""

    __tablename__ = 'photos'
    __table_args__ = (CheckConstraint('width > 0 AND height > 0', 'size_positive'),)

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(String(64), unique=True, comment='内容摘要(SHA-256)')
    width: Mapped[int] = mapped_column(comment='宽(像素)')
    height: Mapped[int] = mapped_column(comment='高(像素)')
    widths: Mapped[str] = mapped_column(String(40), comment='已生成的宽度，逗号分隔')
    alt: Mapped[str] = mapped_column(String(120), comment='替代文字')
    is_illustration: Mapped[bool] = mapped_column(default=False, comment='是否示意图')
    stored_at: Mapped[datetime] = mapped_column(comment='入库时间')

    @property
    def steps(self) -> tuple[int, ...]:
        """The widths that exist, each as WebP and as JPEG, ascending, in pixels."""
        return tuple(int(width) for width in self.widths.split(','))

    @property
    def srcset(self) -> str:
        """The `srcset` of the WebP files: ``/media/…-320.webp 320w, …``."""
        return self._srcset('webp')

    @property
    def jpeg_srcset(self) -> str:
        """The `srcset` of the JPEG files, for browsers without WebP."""
        return self._srcset('jpg')

    @property
    def fallback_url(self) -> str:
        """The address of the JPEG for messengers, and for browsers that choose no width themselves."""
        return f'{MEDIA_URL}/{self.digest}-{min(FALLBACK_WIDTH, self.width)}.jpg'

    def _srcset(self, ending: str) -> str:
        return ', '.join(f'{MEDIA_URL}/{self.digest}-{step}.{ending} {step}w' for step in self.steps)

    def url(self, width: int) -> str:
        """Return the address of the smallest WebP file at least `width` wide, else of the widest."""
        step = next((step for step in self.steps if step >= width), self.steps[-1])
        return f'{MEDIA_URL}/{self.digest}-{step}.webp'
