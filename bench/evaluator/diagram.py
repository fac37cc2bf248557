"""A reliability diagram as SVG: how sure an evaluator was, and how often it was then right."""

from collections.abc import Mapping, Sequence
from html import escape

from conversation.evaluate.calibration import Bin

_SIDE = 360
_LEFT, _TOP = 60, 30
_COLOURS = ("#1456b8", "#b3471d", "#3f7d20", "#7a3fa0")
_DASHES = ("", "7 4", "2 3", "10 3 2 3")
"""Lines can be told apart without colour."""


def diagram(evaluators: Mapping[str, Sequence[Bin]]) -> str:
    """Draw one line for each evaluator; the diagonal is perfect calibration."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIDE + 110}" height="{_SIDE + 110 + 20 * len(evaluators)}" '
        'font-family="sans-serif" font-size="13" role="img">',
        "<title>Reliability: share of right outcomes by confidence</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#999999" fill="none"/>',
    ]
    for tenth in range(0, 11, 2):
        share = tenth / 10
        parts += [
            f'<path d="M{_x(0)} {_y(share)}H{_x(1)}M{_x(share)} {_y(0)}V{_y(1)}" stroke="#e4e4e4" fill="none"/>',
            f'<text x="{_LEFT - 8}" y="{_y(share) + 4}" text-anchor="end">{share:.1f}</text>',
            f'<text x="{_x(share)}" y="{_y(0) + 20}" text-anchor="middle">{share:.1f}</text>',
        ]
    parts.append(f'<text x="{_x(0.5)}" y="{_y(0) + 42}" text-anchor="middle">confidence</text>')
    parts.append(f'<text x="{_LEFT - 40}" y="{_TOP - 12}">share that was right</text>')
    for number, (name, bins) in enumerate(evaluators.items()):
        parts += _line(number, name, bins)
    return "\n".join([*parts, "</svg>", ""])


def _line(number: int, name: str, bins: Sequence[Bin]) -> list[str]:
    colour, dash = _COLOURS[number % len(_COLOURS)], _DASHES[number % len(_DASHES)]
    stroke = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}" fill="none"'
    points = " ".join(f"{_x(part.confidence):.1f},{_y(part.right):.1f}" for part in bins)
    below = _y(0) + 64 + 20 * number
    return [
        f'<polyline points="{points}" {stroke}/>',
        *(f'<circle cx="{_x(part.confidence):.1f}" cy="{_y(part.right):.1f}" r="3" fill="{colour}"/>' for part in bins),
        f'<path d="M{_LEFT} {below - 4}h40" {stroke}/>',
        f'<text x="{_LEFT + 50}" y="{below}">{escape(name)}</text>',
    ]


def _x(share: float) -> float:
    return _LEFT + share * _SIDE


def _y(share: float) -> float:
    return _TOP + (1 - share) * _SIDE
