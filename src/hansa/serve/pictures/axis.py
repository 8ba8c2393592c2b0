"""The axis of a timeline: from days to places, with a tick at the beginning of round years or months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 60000, 120000)
"""Months between two ticks."""
_LAST_DAY = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Axis:
    """Days on a line.

    :param first: day at the left end, and ``last`` at the right one
    :param left: place of the left end, and ``right`` of the other
    """

    first: int
    last: int
    left: float
    right: float

    def at(self, day: float) -> float:
        """Give the place of a day; what lies beyond an end is put there."""
        share = (day - self.first) / (self.last - self.first)
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)

    def days(self, length: float) -> int:
        """Give the days that a length stands for."""
        return round(length / (self.right - self.left) * (self.last - self.first))

    def ticks(self, most: int) -> Iterator[tuple[int, str]]:
        """Give days and labels of the ticks, ``1987`` or ``2013-11``, ``most`` of them at most."""
        months = range(_month(self.first) + 1, _month(self.last) + 1)
        step = next((s for s in _STEPS if len(months) // s < most), _STEPS[-1])
        for month in months:
            if month % step == 0 and month // 12 >= 1:
                year, of_year = divmod(month, 12)
                yield (
                    date(year, of_year + 1, 1).toordinal(),
                    f"{year:04}" if step >= 12 else f"{year:04}-{of_year + 1:02}",
                )


def _month(day: int) -> int:
    found = date.fromordinal(day)
    return found.year * 12 + found.month - 1


def axis_for(days: Iterable[int], left: float, right: float) -> Axis:
    """Make an axis on which some days have room, with a little to spare.

    :param days: at least one
    """
    listed = list(days)
    first, last = min(listed), max(listed)
    spare = max(45, (last - first) // 20)
    return Axis(max(1, first - spare * 2), min(_LAST_DAY, last + spare), left, right)
