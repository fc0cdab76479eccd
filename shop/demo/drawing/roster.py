"""A signed roster as a photo would show it: a table, scribbled signatures, no name that could be read."""

from random import Random

DESK, PAPER, INK, PEN = '#cfc2ac', '#fdfaf3', '#46413a', '#2c5f7c'
ROWS, COLUMNS = 14, (60, 190, 330, 470, 610, 740)
TOP, ROW = 190, 52


def draw_roster(rng: Random) -> str:
    """Return the drawing, 800 by 1,060."""
    desk = f'<rect width="800" height="1060" fill="{DESK}"/>'
    sheet = f'<rect x="24" y="24" width="752" height="1012" fill="{PAPER}"/>'
    lines = [desk, sheet, _word(270, 76, 260, 26), _word(60, 130, 180, 12)]
    lines += [_stroke(f'M60 {TOP + row * ROW}H740') for row in range(ROWS + 1)]
    lines += [_stroke(f'M{x} {TOP}V{TOP + ROWS * ROW}') for x in COLUMNS]
    for row in range(ROWS):
        y = TOP + row * ROW + ROW // 2
        lines += [_word(x + 18, y - 6, rng.randrange(50, 96), 12) for x in COLUMNS[:3]]
        lines.append(_signature(rng, COLUMNS[3] + 16, y))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 1060">{"".join(lines)}</svg>'


def _word(x: int, y: int, width: int, height: int) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="4" fill="{INK}" opacity=".6"/>'


def _stroke(path: str) -> str:
    return f'<path d="{path}" stroke="{INK}" stroke-width="2"/>'


def _signature(rng: Random, x: int, y: int) -> str:
    strokes = ' '.join(
        f'q{rng.randrange(4, 14)} {rng.randrange(-26, 27)} {rng.randrange(12, 22)} {rng.randrange(-8, 9)}'
        for _ in range(6)
    )
    return f'<path d="M{x} {y}{strokes}" fill="none" stroke="{PEN}" stroke-width="3" stroke-linecap="round"/>'
