"""Labels beside the lines they belong to, none on another."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from effleurage.charts import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def spread(places: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Move the middles of labels so that none lies on another, as little as may be; the order stays.

    Args:
        places: where the middles belong.
        heights: how tall each label is, in the same unit.

    >>> spread([1.0, 1.2, 9.0], [1.0, 1.0, 1.0])
    [0.6, 1.6, 9.0]
    """
    groups: list[tuple[float, list[int]]] = []
    for item in sorted(range(len(places)), key=lambda one: places[one]):
        groups.append((places[item], [item]))
        while len(groups) > 1 and _touch(groups[-2], groups[-1], heights):
            groups[-2:] = [_joined(groups[-2], groups[-1], heights)]
    found = [0.0] * len(places)
    for middle, items in groups:
        edge = middle - sum(heights[item] for item in items) / 2
        for item in items:
            found[item] = round(edge + heights[item] / 2, 9)
            edge += heights[item]
    return found


def _tall(items: Sequence[int], heights: Sequence[float]) -> float:
    return sum(heights[item] for item in items)


def _touch(low: tuple[float, list[int]], high: tuple[float, list[int]], heights: Sequence[float]) -> bool:
    """Tell whether two stacks of labels lie on each other."""
    return high[0] - low[0] < (_tall(low[1], heights) + _tall(high[1], heights)) / 2 - 1e-9


def _joined(
    low: tuple[float, list[int]], high: tuple[float, list[int]], heights: Sequence[float]
) -> tuple[float, list[int]]:
    """Put two stacks on one another, their common middle where it moves all the least."""
    sizes = [_tall(items, heights) for _, items in (low, high)]
    middle = (low[0] * sizes[0] + high[0] * sizes[1]) / sum(sizes)
    return middle, [*low[1], *high[1]]


def beside(ax: "Axes", labels: Sequence[tuple[float, str, str]]) -> None:
    """Write labels at the right end, each at its height (y, words, colour of its line), none on another."""
    now = style.current()
    low, high = ax.get_ylim()
    tall = ax.get_position().height * ax.get_figure().get_figheight() * 72
    a_point = (high - low) / tall
    size = now.small
    at = [y / a_point for y, _, _ in labels]
    moved = spread(at, [size * 1.35 * (words.count("\n") + 1) for _, words, _ in labels])
    for (y, words, colour), to, there in zip(labels, moved, at, strict=True):
        ax.annotate(
            words,
            (1, y),
            (size * 1.8, to - there),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            verticalalignment="center",
            annotation_clip=False,
            gid="beside",
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "linewidth": now.thick(1.2),
                "shrinkA": 1,
                "shrinkB": 0,
                "relpos": (0, 0.5),
            },
            **style.letters(now, size),
        )
