"""Charts as pictures inside the page: drawn by vl-convert, cleaned, and labelled for screen readers."""

import re
from collections.abc import Iterable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from typing import Self

from counterpoise.brief.model import Figure
from counterpoise.charts.theme import NARROW, WIDE, Layout

__all__ = ["Drawings", "clean_svg"]

_NOISE = re.compile(r' (?:aria-[a-z]+|role|class|version|xmlns:xlink|pointer-events)="[^"]*"')
_FONT = re.compile(r' font-family="[^"]*"')
_LONG = re.compile(r"(-?\d+\.\d{2})\d+")
_ID = re.compile(r'(id="|url\(#)([\w-]+)')
_OPENING = re.compile(r"<svg[^>]*?viewBox=\"([^\"]*)\"[^>]*>")


class Drawings:
    """Pictures of figures, each for a page and for a phone; made in the background from when they are asked for.

    Parameters
    ----------
    apart
        Draw in a process of its own, which takes a second to start but leaves this one free: building charts is
        plain Python, so that a thread would only take turns. For use from a program's entry point.

    Notes
    -----
    The charts are not validated against the schema here, which would take as long as building them: tests draw
    every kind of chart with validation.
    """

    def __init__(self, *, apart: bool = False) -> None:
        self._drawing: Executor = (
            ProcessPoolExecutor(1, mp_context=get_context("spawn")) if apart else ThreadPoolExecutor(1)
        )
        self._asked: dict[tuple[str, str], Future[str]] = {}
        if apart:
            self._drawing.submit(_warm_up)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._drawing.shutdown(wait=True, cancel_futures=True)

    def start(self, figures: Iterable[Figure]) -> None:
        """Begin with these figures; one whose id was asked for before is not drawn again."""
        with suppress(BrokenExecutor):  # what is not drawn there is drawn when it is wanted
            for figure in figures:
                for layout in (WIDE, NARROW):
                    if (key := (figure.id, layout.name)) not in self._asked:
                        self._asked[key] = self._drawing.submit(_drawn, figure, layout)

    def of(self, figures: Sequence[Figure]) -> dict[str, dict[str, str]]:
        """Return each figure as ``<svg>`` elements that scale with the page: figure id -> layout -> element."""
        self.start(figures)
        return {
            figure.id: {
                layout.name: clean_svg(self._wait(figure, layout), f"{figure.id}-{layout.name}")
                for layout in (WIDE, NARROW)
            }
            for figure in figures
        }

    def _wait(self, figure: Figure, layout: Layout) -> str:
        try:
            return self._asked[figure.id, layout.name].result()
        except (BrokenExecutor, KeyError):  # the other process was ended, for instance for want of memory
            return _drawn(figure, layout)


def _drawn(figure: Figure, layout: Layout) -> str:
    import vl_convert
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        specification = figure.draw(layout).to_dict(validate=False)
    return vl_convert.vegalite_to_svg(specification)


def _warm_up() -> None:
    """Load what drawing needs: the libraries, and Vega with a picture of nothing."""
    import vl_convert

    import counterpoise.charts  # noqa: F401

    vl_convert.vegalite_to_svg({"data": {"values": []}, "mark": "point"})


def clean_svg(drawn: str, name: str) -> str:
    """Return the drawing without size, fonts and labels of its parts; ``name`` is put before its ids.

    The picture carries no text alternative of its own: the page labels what is around it.
    """
    opening = _OPENING.search(drawn)
    if opening is None:
        raise AssertionError("vl-convert returned no svg element")
    box = opening.group(1)
    width = box.split()[2]
    body = drawn[opening.end() :]
    body = _NOISE.sub("", body)
    body = _FONT.sub("", body)
    body = _LONG.sub(r"\1", body)
    # the drawing counts its ids on and on within a process: they are counted anew from 1
    ids: dict[str, int] = {}
    body = _ID.sub(lambda m: f"{m[1]}{name}-{ids.setdefault(m[2], len(ids) + 1)}", body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" style="max-width:{width}px" '
        f'focusable="false" aria-hidden="true">{body.strip()}'
    )
