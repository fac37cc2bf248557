"""A measurement as one HTML file: figures and plots, no script, nothing fetched, dark and light."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from vision.evaluation.rates import SELF_TEST, Curve, Scores

_STYLE = """
:root { color-scheme: light dark; --ink: #1b2026; --soft: #5d6873; --paper: #fff; --line: #d9dee3;
  --one: #0b6bcb; --two: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaee; --soft: #9aa5b1; --paper: #14181c; --line: #2c343c; --one: #6cb2ff; --two: #ff8a80; }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; font-variant-numeric: tabular-nums; }
figure { margin: 2rem 0; }
figcaption, .note { color: var(--soft); }
svg { width: 100%; max-width: 34rem; height: auto; }
svg text { fill: var(--soft); font-size: 12px; }
.axis { stroke: var(--line); }
.curve { stroke: var(--one); fill: none; stroke-width: 2; }
.filled { fill: var(--one); opacity: .8; }
.outlined { fill: none; stroke: var(--two); stroke-width: 1.5; }
"""

_WIDTH, _HEIGHT, _MARGIN = 420, 280, 44
_RIGHT, _BOTTOM = _WIDTH - _MARGIN, _HEIGHT - _MARGIN
_LEAST_SHARE = 1e-3
"""Where the logarithmic axis begins."""
_BINS = 24


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, column names and rows of text."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def to_html(self) -> str:
        """Escaped."""
        head = "".join(_element("th", escape(column), scope="col") for column in self.columns)
        body = "".join(_element("tr", "".join(_element("td", escape(cell)) for cell in row)) for row in self.rows)
        rows = _element("thead", _element("tr", head)) + _element("tbody", body)
        return _element("h2", escape(self.title)) + _element("table", rows)


def write_page(title: str, tables: Sequence[Table], figures: Sequence[str], notes: Sequence[str] = ()) -> str:
    """The whole document. ``figures`` come from ``roc_figure`` and ``histogram_figure``."""
    head = (
        "<meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        + _element("title", escape(title))
        + _element("style", _STYLE)
    )
    content = [_element("h1", escape(title)), _element("p", escape(SELF_TEST), **{"class": "note"})]
    content += [_element("p", escape(note)) for note in notes]
    content += [table.to_html() for table in tables]
    body = _element("body", "".join([*content, *figures]))
    return f"<!doctype html>{_element('html', _element('head', head) + body, lang='en')}\n"


def roc_figure(curve: Curve, caption: str) -> str:
    """True against false accepts, false accepts on a logarithmic axis from 0.1 %."""
    decades = -np.log10(_LEAST_SHARE)
    across = 1 + np.log10(np.maximum(curve.false_accept, _LEAST_SHARE)) / decades
    points = " ".join(f"{_x(x):.1f},{_y(1 - y):.1f}" for x, y in zip(across, curve.false_reject, strict=True))
    labels = [_label(step / decades, f"{100 * _LEAST_SHARE * 10**step:g} %") for step in range(round(decades) + 1)]
    line = _element("polyline", "", points=points, **{"class": "curve"})
    return _figure(line + "".join(labels), caption, "false accepts", "true accepts")


def histogram_figure(positives: Scores, negatives: Scores, caption: str, names: tuple[str, str]) -> str:
    """Two distributions of scores from 0 to 1, each as high as the plot: filled the positives, outlined the others."""
    bars = _bars(positives, "filled") + _bars(negatives, "outlined")
    labels = "".join(_label(share, f"{share:g}") for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    return _figure(bars + labels, f"{caption} Filled: {names[0]}; outlined: {names[1]}.", "score", "share")


def _bars(scores: Scores, style: str) -> str:
    counts, edges = np.histogram(np.clip(scores, 0, 1), bins=_BINS, range=(0, 1))
    shares = counts / max(1, int(counts.max(initial=0)))
    return "".join(
        _element(
            "rect",
            "",
            x=f"{_x(left):.1f}",
            y=f"{_y(share):.1f}",
            width=f"{(_RIGHT - _MARGIN) / _BINS:.1f}",
            height=f"{_BOTTOM - _y(share):.1f}",
            **{"class": style},
        )
        for share, left in zip(shares, edges, strict=False)
    )


def _x(share: float) -> float:
    return _MARGIN + (_RIGHT - _MARGIN) * float(share)


def _y(share: float) -> float:
    return _BOTTOM - (_BOTTOM - _MARGIN) * float(share)


def _label(across: float, text: str) -> str:
    return _text(text, _x(across), _BOTTOM + 16, "middle")


def _text(text: str, x: float, y: float, anchor: str) -> str:
    return _element("text", escape(text), x=f"{x:.1f}", y=f"{y:.1f}", **{"text-anchor": anchor})


def _figure(content: str, caption: str, horizontal: str, vertical: str) -> str:
    axes = "".join(
        _element("line", "", x1=f"{_MARGIN}", y1=f"{_BOTTOM}", x2=f"{x}", y2=f"{y}", **{"class": "axis"})
        for x, y in ((_RIGHT, _BOTTOM), (_MARGIN, _MARGIN))
    )
    names = _text(horizontal, _RIGHT, _BOTTOM + 34, "end") + _text(vertical, _MARGIN, _MARGIN - 12, "start")
    drawing = _element(
        "svg", axes + names + content, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img", **{"aria-label": caption}
    )
    return _element("figure", drawing + _element("figcaption", escape(caption)))


def _element(name: str, content: str, **attributes: str) -> str:
    written = "".join(f" {key}='{escape(value, quote=True)}'" for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>"
