"""Who shares most networks is counted bit by bit."""

from collections import Counter
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from hansa.serve.things.bits import bits_of, count_bits, set_of_bits

SETS = st.lists(st.sets(st.integers(0, 90)), max_size=9)


@given(SETS)
def test_numbers_in_most_sets_come_first_and_equal_ones_by_size(sets: list[set[int]]) -> None:
    counted = Counter(chain.from_iterable(sets))
    groups = count_bits(map(set_of_bits, sets))
    ranked = [number for group in groups for number in bits_of(group)]
    assert ranked == sorted(counted, key=lambda number: (-counted[number], number))
    assert len(groups) == len(set(counted.values()))


@given(st.sets(st.integers(0, 300)))
def test_a_set_of_bits_holds_its_numbers(numbers: set[int]) -> None:
    assert list(bits_of(set_of_bits(numbers))) == sorted(numbers)
