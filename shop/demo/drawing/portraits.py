"""Portraits of people: the same light, the same calm; no two quite alike."""

from random import Random

from shop.demo.drawing.scene import svg
from shop.demo.drawing.shapes import Tone, ellipse, fill, form, oval, place, smooth, stroke

GROUNDS = (
    ('#dfe6d3', '#9dbba9'),
    ('#f4e6c3', '#c6b27c'),
    ('#e6d3c8', '#b98f7d'),
    ('#d5e1e4', '#92b0b6'),
    ('#e6d3da', '#a98b9e'),
    ('#e3ead4', '#a6bd97'),
)
SKINS: tuple[Tone, ...] = (
    ('#f1c9a3', '#d59f76', '#fbe2c6'),
    ('#e6b88e', '#c48f63', '#f5d6b4'),
    ('#dba97c', '#b57f53', '#efcaa3'),
)
COATS: tuple[Tone, ...] = (
    ('#2c5f7c', '#1e465e', '#5a8aa4'),
    ('#3f4a45', '#2a322e', '#6c7872'),
    ('#6a5a44', '#4b3f2e', '#94826a'),
    ('#1f4d3a', '#123327', '#4f8069'),
    ('#7a3b34', '#56241f', '#a8685e'),
    ('#4a4f78', '#323654', '#7a80a8'),
)
HAIRS: tuple[Tone, ...] = (
    ('#2e211c', '#1a1210', '#5b4438'),
    ('#2a201c', '#171110', '#564439'),
    ('#4a3a30', '#2e231c', '#7c6656'),
    ('#6f6a63', '#4c4843', '#9c968e'),
)
SIZE = 480


def draw_avatar(seed: int, *, woman: bool) -> str:
    """Return a square portrait, 480 by 480; equal arguments give equal drawings."""
    rng = Random(f'avatar {seed} {woman}')
    ground, hill = GROUNDS[seed % len(GROUNDS)]
    skin, coat = rng.choice(SKINS), COATS[(seed // 2 + woman) % len(COATS)]
    hair = HAIRS[rng.choice((0, 0, 1, 1, 2, 3))]
    drawing = fill('M0,0H400V400H0Z', ground) + oval(rng.choice((100, 292)), 120, 62, 62, '#fff8e6', 0.8)
    drawing += fill(
        (
            f'M-10,250L70,{rng.randint(160, 190)}L120,206L190,{rng.randint(130, 160)}L250,200'
            f'L320,{rng.randint(150, 180)}L410,236V410H-10Z'
        ),
        hill,
        0.55,
    ) + fill('M-10,290Q120,230 410,280V410H-10Z', hill)
    if woman:
        drawing += _hair_behind(rng, hair)
    drawing += _body(coat, skin, rng, woman=woman) + _head(skin)
    drawing += _hair(rng, hair, woman=woman) + _features(rng, skin, hair, woman=woman)
    return svg(place(drawing, scale=2), SIZE, SIZE)


def _body(coat: Tone, skin: Tone, rng: Random, *, woman: bool) -> str:
    shoulders = 0 if woman else 10
    drawing = form(
        smooth(
            [
                (58 - shoulders, 430),
                (76 - shoulders, 342),
                (130, 304),
                (168, 292),
                (232, 292),
                (272, 304),
                (326 + shoulders, 342),
                (344 + shoulders, 430),
            ]
        ),
        coat,
        shade=(18, 4),
        rim=(6, 6),
    )
    drawing += form(
        smooth([(172, 240), (228, 240), (232, 296), (200, 326), (168, 296)], slack=8),
        skin,
        shade=(8, -16),
        rim=(0.1, 0.1),
    )
    shirt = ('#f7f1e4', '#e4dac4') if rng.random() < 0.7 else ('#dfe8ec', '#bccad2')
    drawing += fill('M160,290L200,334L240,290L254,300L216,372L200,344L184,372L146,300Z', shirt[0]) + fill(
        'M200,344L184,372L150,300L160,290Z', shirt[1]
    )
    if not woman:
        drawing += fill('M146,296L120,312L170,410H196ZM254,296L280,312L232,410H206Z', coat[1])
    return drawing + form(ellipse(118, 356, 11), ('#b3261e', '#861811', '#e0685c'), shade=(3, 3), rim=(2, 2))


def _head(skin: Tone) -> str:
    drawing = ''.join(form(ellipse(x, 196, 14, 20), skin, shade=(4, 4), rim=(2, 2)) for x in (128, 272))
    face = smooth(
        [
            (130, 170),
            (142, 118),
            (200, 96),
            (258, 118),
            (270, 170),
            (264, 222),
            (236, 262),
            (200, 276),
            (164, 262),
            (136, 222),
        ]
    )
    return (
        drawing
        + form(face, skin, shade=(14, 8), rim=(5, 5))
        + oval(156, 222, 16, 11, '#d9806a', 0.35)
        + oval(244, 222, 16, 11, '#d9806a', 0.35)
    )


def _hair_behind(rng: Random, hair: Tone) -> str:
    if rng.random() < 0.5:  # a bun
        return form(ellipse(200, 66, 40, 34), hair, shade=(8, 8), rim=(5, 5))
    low = rng.choice((260, 300))
    return form(
        smooth(
            [(112, 160), (150, 84), (250, 84), (288, 160), (292, low), (250, low + 14), (150, low + 14), (108, low)]
        ),
        (hair[1], hair[1], hair[0]),
        shade=(8, 6),
        rim=(5, 5),
    )


def _hair(rng: Random, hair: Tone, *, woman: bool) -> str:
    if woman:
        part = rng.choice((168, 200, 228))
        left = smooth(
            [
                (118, 232),
                (112, 150),
                (136, 92),
                (200, 66),
                (part + 24, 78),
                (part, 124),
                (160, 146),
                (138, 178),
                (136, 228),
            ]
        )
        right = smooth(
            [
                (282, 232),
                (290, 150),
                (266, 92),
                (200, 66),
                (part - 20, 78),
                (part, 122),
                (244, 140),
                (264, 180),
                (264, 228),
            ]
        )
        return form(right, hair, shade=(8, 6), rim=(3, 3)) + form(left, hair, shade=(8, 6), rim=(6, 8))
    if rng.random() < 0.25:
        cap: Tone = rng.choice((('#4a6a63', '#2f4a44', '#7a9a90'), ('#4f5a78', '#343c54', '#828cac')))
        drawing = form(
            smooth([(128, 186), (124, 150), (146, 130), (254, 130), (276, 150), (272, 186), (262, 156), (138, 156)]),
            hair,
            shade=(6, 3),
            rim=(3, 3),
        )
        drawing += form(
            smooth([(118, 138), (128, 88), (200, 62), (272, 88), (282, 138), (240, 128), (160, 128)]),
            cap,
            shade=(12, 8),
            rim=(5, 6),
        )
        return drawing + form(
            smooth([(112, 142), (160, 124), (240, 124), (288, 142), (250, 156), (200, 148), (150, 156)]),
            (cap[1], cap[1], cap[0]),
            shade=(8, 6),
            rim=(3, 4),
        )
    sweep = rng.randint(-14, 14)
    return form(
        smooth(
            [
                (126, 180),
                (118, 128),
                (146, 82),
                (200 + sweep, 66),
                (258, 80),
                (284, 128),
                (274, 182),
                (262, 150),
                (246, 130),
                (200 + sweep, 124),
                (156, 134),
                (138, 152),
            ]
        ),
        hair,
        shade=(10, 6),
        rim=(6, 8),
    )


def _features(rng: Random, skin: Tone, hair: Tone, *, woman: bool) -> str:
    lift, brow = rng.randint(-3, 3), 4 if woman else 5.5
    drawing = stroke([(152, 178 + lift), (166, 172 + lift), (182, 177)], hair[0], brow) + stroke(
        [(218, 177), (234, 172 + lift), (248, 178 + lift)], hair[0], brow
    )
    drawing += stroke([(156, 199), (168, 194), (180, 199)], '#2b1d18', 5) + stroke(
        [(220, 199), (232, 194), (244, 199)], '#2b1d18', 5
    )
    drawing += stroke([(200, 196), (196, 222), (206, 226)], skin[1], 4.5)
    smile = rng.randint(248, 255)
    drawing += stroke([(176, 240), (200, smile), (224, 240)], '#b8483c' if woman else '#a0503f', 5)
    if rng.random() < 0.32:
        drawing += stroke(
            (
                'M146,198Q146,182 169,182Q192,182 192,198Q192,214 169,214Q146,214 146,198ZM208,198'
                'Q208,182 231,182Q254,182 254,198Q254,214 231,214Q208,214 208,198ZM192,194q8,-5 16,0'
            ),
            '#3b2d26',
            4,
        )
    if hair == HAIRS[3]:
        drawing += stroke(
            'M146,208L138,202M254,208L262,202M162,250Q156,244 157,236M238,250Q244,244 243,236', skin[1], 3, 0.9
        )
    return drawing
