"""Sets of small numbers as bits of one integer, and in how many of such sets each number is.

A set of ten thousand takes a kilobyte, and a step over all of them at once a microsecond. Counts are kept bit by bit as
well, each digit of all counts in one integer, so that adding a set takes as many steps as the counts have digits
(vertical counters; Knuth, The Art of Computer Programming, section 7.1.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def set_of_bits(numbers: Iterable[int]) -> int:
    """Make a set; each bit is a number."""
    found = bytearray()
    for number in numbers:
        at = number >> 3
        if at >= len(found):
            found.extend(bytes(at + 1 - len(found)))
        found[at] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


def bits_of(numbers: int) -> Iterator[int]:
    """Give the numbers in a set, the smallest first."""
    while numbers:
        lowest = numbers & -numbers
        yield lowest.bit_length() - 1
        numbers ^= lowest


def count_bits(sets: Iterable[int]) -> list[int]:
    """Give the numbers that are in most of some sets, then those that are in fewer, and so on to those in one."""
    digits: list[int] = []
    for carry in sets:
        for place, digit in enumerate(digits):
            digits[place], carry = digit ^ carry, digit & carry  # noqa: PLW2901 (what is left to carry)
        if carry:
            digits.append(carry)
    groups = [_union(digits)]
    for digit in reversed(digits):
        groups = [part for group in groups for part in (group & digit, group & ~digit) if part]
    return [group for group in groups if group]


def _union(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found
