"""How large a demo campaign is: the figures of the article at scale 1, sensible ones at any other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Counts the plan aims at; `sales_fen` is exact, and so are the counts named in the article."""

    villages: int
    team_members: int
    sales_fen: int
    accrued: int
    covered_only: int
    orders: int
    buyers: int
    scale: float

    @classmethod
    def at(cls, scale: float) -> 'Sizes':
        """Return the sizes at a scale; above 1 only trade grows, the places and people stay."""
        part = min(scale, 1.0)
        villages = max(7, round(73 * part))
        return cls(
            villages=villages,
            team_members=max(2 * villages, round(157 * part)),
            sales_fen=round(1_294_000_000 * scale),
            accrued=max(6 * villages, round(4_017 * part)),
            covered_only=max(8, round(273 * part)),
            orders=max(160, round(15_000 * scale)),
            buyers=max(60, round(6_000 * scale)),
            scale=scale,
        )

    def few(self, at_scale_1: int) -> int:
        """Return a small count scaled down, at least one."""
        return max(1, round(at_scale_1 * min(self.scale, 1.0)))
