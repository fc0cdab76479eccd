"""Bowls, jars, bottles, sacks, baskets and boxes the goods come in."""

from shop.demo.drawing.shapes import Tone, fill, form, oval, rounded, smooth, stroke

CREAM: Tone = ('#f6eddb', '#d8c7a7', '#fffaf0')
CELADON: Tone = ('#3f6b63', '#27483f', '#7aa398')
CLAY: Tone = ('#7d4a34', '#57301f', '#b47a5c')
CROCK: Tone = ('#5a4034', '#38261e', '#94715c')
LINEN: Tone = ('#e6d2ab', '#bf9f6c', '#f7ebcf')
WILLOW: Tone = ('#b98a4c', '#8a6130', '#dcb67c')
PLANK: Tone = ('#c49a62', '#96703f', '#e2c08e')
BERRY, PINE, WHEAT = '#b3261e', '#1f4d3a', '#c8963e'


def bowl(
    cx: float, cy: float, rx: float, ry: float, depth: float, tone: Tone, inside: str, band: str = ''
) -> tuple[str, str]:
    """Return the back rim and the front of a bowl, to be drawn before and after what lies in it."""
    back = oval(cx, cy, rx, ry, tone[2]) + oval(cx, cy + 3, rx - 9, ry - 6, inside)
    foot, low = rx * 0.42, cy + depth
    data = (
        f'M{cx - rx:.1f},{cy:.1f}C{cx - rx * 0.98:.1f},{cy + depth * 0.62:.1f} '
        f'{cx - rx * 0.72:.1f},{cy + depth * 0.92:.1f} '
        f'{cx - foot:.1f},{low:.1f}Q{cx:.1f},{low + ry * 0.35:.1f} {cx + foot:.1f},{low:.1f}'
        f'C{cx + rx * 0.72:.1f},{cy + depth * 0.92:.1f} '
        f'{cx + rx * 0.98:.1f},{cy + depth * 0.62:.1f} {cx + rx:.1f},{cy:.1f}'
        f'C{cx + rx * 0.9:.1f},{cy + ry * 1.3:.1f} {cx - rx * 0.9:.1f},{cy + ry * 1.3:.1f} {cx - rx:.1f},{cy:.1f}Z'
    )
    stripe = ''
    if band:
        y = cy + depth * 0.36
        stripe = stroke(
            f'M{cx - rx * 0.88:.1f},{y:.1f}Q{cx:.1f},{y + ry * 1.9:.1f} {cx + rx * 0.88:.1f},{y:.1f}', band, 8
        )
    lip = (
        f'M{cx - rx + 3:.1f},{cy + 2:.1f}C{cx - rx * 0.9:.1f},{cy + ry * 1.32:.1f} '
        f'{cx + rx * 0.9:.1f},{cy + ry * 1.32:.1f} {cx + rx - 3:.1f},{cy + 2:.1f}'
    )
    front = oval(cx, low + ry * 0.1, foot, ry * 0.28, tone[1])
    return back, front + form(data, tone, shade=(rx * 0.22, 8), rim=(9, 0), inner=stripe) + stroke(lip, tone[2], 6)


def plate(cx: float, cy: float, rx: float, ry: float, tone: Tone = CREAM) -> str:
    """Return a flat plate seen from above the table's edge."""
    return (
        oval(cx + 8, cy + ry * 0.34, rx * 0.98, ry, '#3a2410', 0.22)
        + oval(cx, cy + 10, rx, ry, tone[1])
        + oval(cx, cy, rx, ry, tone[2])
        + oval(cx + 3, cy + 4, rx * 0.8, ry * 0.74, tone[1], 0.55)
        + oval(cx, cy + 6, rx * 0.77, ry * 0.7, tone[0])
    )


def emblem(cx: float, cy: float, r: float) -> str:
    """Return the mark on labels: red sun behind pine-green ridges."""
    hills = (
        f'M{cx - r * 1.15:.1f},{cy + r * 0.72:.1f}Q{cx - r * 0.6:.1f},{cy - r * 0.35:.1f} '
        f'{cx - r * 0.12:.1f},{cy + r * 0.4:.1f}Q{cx + r * 0.36:.1f},{cy - r * 0.72:.1f} '
        f'{cx + r * 1.15:.1f},{cy + r * 0.72:.1f}Z'
    )
    return oval(cx, cy, r, r, BERRY) + fill(hills, PINE)


def label(cx: float, cy: float, width: float, height: float) -> str:
    """Return a paper label with the emblem and two ruled lines."""
    left, top = cx - width / 2, cy - height / 2
    r = min(width, height) * 0.24
    rules = stroke(f'M{cx - width * 0.3:.1f},{cy + height * 0.32:.1f}H{cx + width * 0.3:.1f}', '#8d7a5c', 4, 0.7)
    return (
        form(rounded(left, top, width, height, 8), CREAM, shade=(10, 4), rim=(4, 4))
        + emblem(cx, cy - height * 0.1, r)
        + rules
    )


def jar(cx: float, top: float, low: float, half: float, content: Tone, lid: str = BERRY) -> str:
    """Return a glass jar filled with something, its screw lid on."""
    neck = half * 0.78
    glass = smooth(
        [
            (cx - neck, top + 36),
            (cx - half, top + 74),
            (cx - half, low - 34),
            (cx - half * 0.82, low),
            (cx, low + 5),
            (cx + half * 0.82, low),
            (cx + half, low - 34),
            (cx + half, top + 74),
            (cx + neck, top + 36),
            (cx, top + 40),
        ],
        slack=8,
    )
    shine = stroke(f'M{cx - half * 0.74:.1f},{top + 92:.1f}V{low - 46:.1f}', '#fff', 12, 0.42)
    shine += stroke(f'M{cx - half * 0.5:.1f},{top + 92:.1f}v34', '#fff', 7, 0.36)
    cap = fill(rounded(cx - neck - 6, top, neck * 2 + 12, 42, 9), lid)
    cap += fill(rounded(cx + neck * 0.5, top, neck * 0.5 + 6, 42, 9), '#000', 0.2)
    cap += fill(rounded(cx - neck - 2, top + 5, neck * 2 + 2, 7, 3), '#fff', 0.4)
    return form(glass, content, shade=(half * 0.26, 8), rim=(9, 2)) + shine + cap


def bottle(cx: float, top: float, low: float, half: float, tone: Tone, *, neck: float = 0.36, cap: str = BERRY) -> str:
    """Return a tall bottle with a capped neck."""
    narrow, shoulder = half * neck, top + (low - top) * 0.32
    data = smooth(
        [
            (cx - narrow, top + 20),
            (cx - narrow, shoulder - 40),
            (cx - half * 0.72, shoulder + 4),
            (cx - half, shoulder + 52),
            (cx - half, low - 22),
            (cx - half * 0.9, low),
            (cx, low + 4),
            (cx + half * 0.9, low),
            (cx + half, low - 22),
            (cx + half, shoulder + 52),
            (cx + half * 0.72, shoulder + 4),
            (cx + narrow, shoulder - 40),
            (cx + narrow, top + 20),
        ],
        slack=7.5,
    )
    shine = stroke(f'M{cx - half * 0.7:.1f},{shoulder + 64:.1f}V{low - 40:.1f}', '#fff', 9, 0.35)
    hood = rounded(cx - narrow - 5, top, narrow * 2 + 10, 58, 7)
    hooded = fill(hood, cap) + fill(rounded(cx + narrow * 0.3, top, narrow * 0.7 + 5, 58, 6), '#000', 0.2)
    hooded += stroke(f'M{cx - narrow - 1:.1f},{top + 47:.1f}H{cx + narrow + 1:.1f}', WHEAT, 5)
    return form(data, tone, shade=(half * 0.34, 4), rim=(8, 0)) + shine + hooded


def crock(cx: float, top: float, low: float, half: float, tone: Tone = CROCK) -> str:
    """Return a glazed earthen crock, open at the top."""
    data = smooth(
        [
            (cx - half * 0.66, top),
            (cx - half * 0.92, top + (low - top) * 0.24),
            (cx - half, top + (low - top) * 0.48),
            (cx - half * 0.8, low - 16),
            (cx - half * 0.6, low),
            (cx, low + 6),
            (cx + half * 0.6, low),
            (cx + half * 0.8, low - 16),
            (cx + half, top + (low - top) * 0.48),
            (cx + half * 0.92, top + (low - top) * 0.24),
            (cx + half * 0.66, top),
            (cx, top + 6),
        ],
        slack=7,
    )
    glaze = fill(
        smooth(
            [
                (cx - half * 0.86, top + 44),
                (cx - half * 0.4, top + 74),
                (cx, top + 58),
                (cx + half * 0.36, top + 84),
                (cx + half * 0.8, top + 46),
                (cx + half * 0.6, top + 12),
                (cx - half * 0.6, top + 12),
            ]
        ),
        tone[2],
        0.34,
    )
    shine = stroke(
        (
            f'M{cx - half * 0.72:.1f},{top + 96:.1f}Q{cx - half * 0.84:.1f},{(top + low) / 2:.1f} '
            f'{cx - half * 0.66:.1f},{low - 60:.1f}'
        ),
        '#fff',
        9,
        0.3,
    )
    rim = oval(cx, top, half * 0.72, half * 0.17, tone[2]) + oval(cx, top + 3, half * 0.6, half * 0.12, tone[1])
    return form(data, tone, shade=(half * 0.3, 10), rim=(9, 4), inner=glaze) + shine + rim


def sack(cx: float, top: float, low: float, half: float, tone: Tone = LINEN) -> str:
    """Return a full cloth sack, tied at the neck, with the emblem."""
    body = smooth(
        [
            (cx - half * 0.78, top + 70),
            (cx - half * 0.3, top + 58),
            (cx + half * 0.3, top + 58),
            (cx + half * 0.78, top + 70),
            (cx + half * 0.94, top + 160),
            (cx + half, low - 70),
            (cx + half * 0.84, low),
            (cx, low + 10),
            (cx - half * 0.84, low),
            (cx - half, low - 70),
            (cx - half * 0.94, top + 160),
        ]
    )
    frill = smooth(
        [
            (cx - half * 0.66, top),
            (cx - half * 0.3, top + 18),
            (cx, top),
            (cx + half * 0.36, top + 18),
            (cx + half * 0.68, top),
            (cx + half * 0.6, top + 44),
            (cx + half * 0.76, top + 72),
            (cx, top + 88),
            (cx - half * 0.76, top + 72),
            (cx - half * 0.6, top + 42),
        ]
    )
    tie = f'M{cx - half * 0.66:.1f},{top + 58:.1f}Q{cx:.1f},{top + 82:.1f} {cx + half * 0.66:.1f},{top + 58:.1f}'
    folds = ''.join(
        stroke(f'M{cx + half * u:.1f},{top + 92:.1f}q{u * 10:.1f},40 0,86', tone[1], 3, 0.6)
        for u in (-0.5, -0.2, 0.3, 0.6)
    )
    cloth = form(body, tone, shade=(half * 0.28, 8), rim=(9, 6), inner=folds) + form(
        frill, tone, shade=(14, 8), rim=(6, 5)
    )
    mark = oval(cx, (top + low) / 2 + 52, half * 0.5, half * 0.5, '#fffaf0', 0.75) + emblem(
        cx, (top + low) / 2 + 50, half * 0.34
    )
    return cloth + stroke(tie, '#8c2f25', 11) + mark


def basket(cx: float, top: float, low: float, half: float, tone: Tone = WILLOW) -> str:
    """Return the woven front of a basket; what lies in it is drawn before."""
    data = smooth(
        [
            (cx - half, top),
            (cx, top + half * 0.2),
            (cx + half, top),
            (cx + half * 0.82, low - 8),
            (cx, low + half * 0.13),
            (cx - half * 0.82, low - 8),
        ],
        slack=8,
    )
    weave, rows = '', 6
    for row in range(rows):
        t = (row + 0.5) / rows
        y, w = top + (low - top) * t, half * (0.97 - 0.17 * t)
        dashes = ''.join(
            f'M{cx + w * u:.1f},{y + (1 - u * u) * half * 0.17:.1f}l{w * 0.1:.1f},{-u * 3:.1f}'
            for u in [(-0.92 + 0.2 * i + (row % 2) * 0.1) for i in range(9)]
        )
        weave += stroke(dashes, tone[2], (low - top) / rows * 0.5, 0.85)
    edge = f'M{cx - half:.1f},{top:.1f}Q{cx:.1f},{top + half * 0.4:.1f} {cx + half:.1f},{top:.1f}'
    return (
        form(data, (tone[0], tone[1], tone[0]), shade=(half * 0.2, 6), rim=(4, 0), inner=weave)
        + stroke(edge, tone[1], 20)
        + stroke(edge, tone[2], 9)
    )


def crate(x: float, y: float, width: float, height: float, tone: Tone = PLANK) -> str:
    """Return the front of a slatted wooden box; what lies in it is drawn before."""
    slats = 3
    each = height / slats
    drawing = fill(rounded(x + 6, y + 6, width - 12, height - 6, 4), '#4a3118')
    for i in range(slats):
        drawing += form(rounded(x, y + i * each + 3, width, each - 7, 6), tone, shade=(10, 7), rim=(5, 4))
        drawing += stroke(
            f'M{x + width * 0.14:.1f},{y + (i + 0.45) * each:.1f}q{width * 0.2:.1f},-5 {width * 0.4:.1f},0',
            tone[1],
            2.4,
            0.5,
        )
    for px in (x + 6, x + width - 32):
        drawing += (
            form(rounded(px, y - 4, 26, height + 4, 5), tone, shade=(7, 4), rim=(5, 4))
            + oval(px + 13, y + 14, 4, 4, tone[1])
            + oval(px + 13, y + height - 16, 4, 4, tone[1])
        )
    return drawing


def pouch(cx: float, top: float, low: float, half: float, tone: Tone) -> str:
    """Return a stand-up bag with a sealed top and a label."""
    data = smooth(
        [
            (cx - half * 0.9, top),
            (cx + half * 0.9, top),
            (cx + half, top + 60),
            (cx + half * 1.04, low - 20),
            (cx + half * 0.9, low),
            (cx, low + 8),
            (cx - half * 0.9, low),
            (cx - half * 1.04, low - 20),
            (cx - half, top + 60),
        ],
        slack=11,
    )
    seal = stroke(f'M{cx - half * 0.86:.1f},{top + 26:.1f}H{cx + half * 0.86:.1f}', tone[1], 4, 0.8)
    return form(data, tone, shade=(half * 0.24, 8), rim=(9, 6), inner=seal) + label(
        cx, (top + low) / 2 + 20, half * 1.24, half * 1.4
    )
