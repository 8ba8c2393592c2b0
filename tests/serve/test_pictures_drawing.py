"""What every picture keeps to, whatever the data: marks in the frame, labels apart, no markup from labels."""

import re
from itertools import combinations
from math import cos, hypot, isfinite, radians
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hansa.serve.pages.views import Link, Text
from hansa.serve.pictures.axis import axis_for
from hansa.serve.pictures.bars import pieces
from hansa.serve.pictures.butterfly import Group, Neighbour, draw_butterfly
from hansa.serve.pictures.labels import Room, shortened, width_of, wrapped
from hansa.serve.pictures.land import clip
from hansa.serve.pictures.legend import Key
from hansa.serve.pictures.map import Mark, draw_map
from hansa.serve.pictures.matrix import Common, Matrix, draw_matrix
from hansa.serve.pictures.picture import NARROW, WIDE, Frame
from hansa.serve.pictures.projection import azimuthal, centre_of, distance, equal_earth
from hansa.serve.pictures.records import When
from hansa.serve.pictures.shared import by_similarity, similarity
from hansa.serve.pictures.spans import Days, Span
from hansa.serve.pictures.svg import inline, num, path_of
from hansa.serve.pictures.timeline import Line, Today, draw_timeline
from hansa.serve.pictures.view import view_of, world

FRAMES = (WIDE, NARROW)
POSITIONS = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
HOSTILE = "</svg><script>alert(1)</script>\x00\x0b&\"' \u202e \ud800"
DAYS = st.one_of(st.none(), st.integers(600_000, 760_000))
FEW = settings(max_examples=40, deadline=None)


def numbers(root: Element) -> list[float]:
    text = " ".join(v for e in root.iter() for n, v in e.attrib.items() if n not in ("class", "href", "id", "fill"))
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?|nan|inf", text)]


def size(root: Element) -> tuple[float, float]:
    return float(root.attrib["width"]), float(root.attrib["height"])


def named(root: Element, tag: str, cls: str) -> list[Element]:
    return [e for e in root.iter(tag) if cls in e.attrib.get("class", "").split()]


# ---------------------------------------------------------------- projections
def test_equal_earth_has_the_proportions_of_the_paper() -> None:
    width, height = 2 * equal_earth(180, 0)[0], -2 * equal_earth(0, 90)[1]
    assert width / height == pytest.approx(2.05458, abs=1e-5)
    assert equal_earth(180, 90)[0] / equal_earth(180, 0)[0] == pytest.approx(0.59247, abs=1e-4)


def test_the_azimuthal_projection_gives_the_example_of_snyder() -> None:
    x, y = azimuthal((-100, 40))(100, -20)
    assert [3 * x, -3 * y] == pytest.approx([-4.2339303, 4.0257775], abs=1e-6)


@given(st.tuples(st.floats(-170, 170), st.floats(-80, 80)), st.tuples(st.floats(-180, 180), st.floats(-80, 80)))
@FEW
def test_projections_keep_areas(position: tuple[float, float], centre: tuple[float, float]) -> None:
    longitude, latitude = position
    step = 1e-4
    projections = [equal_earth, azimuthal(centre)] if distance(position, centre) < 150 else [equal_earth]
    for project in projections:
        west, east = project(longitude - step, latitude), project(longitude + step, latitude)
        south, north = project(longitude, latitude - step), project(longitude, latitude + step)
        area = (east[0] - west[0]) * (south[1] - north[1]) - (east[1] - west[1]) * (south[0] - north[0])
        assert area / (4 * radians(step) ** 2) == pytest.approx(cos(radians(latitude)), rel=1e-3)


def test_the_middle_of_positions_on_both_sides_of_the_date_line_is_between_them() -> None:
    longitude, latitude = centre_of([(179, -17), (-179, -19)])
    assert abs(longitude) == pytest.approx(180, abs=0.1)
    assert latitude == pytest.approx(-18, abs=0.01)


# ---------------------------------------------------------------- maps
@given(st.lists(POSITIONS, max_size=12))
@FEW
def test_every_city_is_in_the_frame_of_its_map(positions: list[tuple[float, float]]) -> None:
    marks = [Mark(Link(Text(f"City {i}"), f"x:{i}", f"/doc/x/{i}"), p, weight=i + 1) for i, p in enumerate(positions)]
    for frame in FRAMES:
        root = draw_map(marks, [Key(Text("member"))], frame)
        width, height = size(root)
        drawn = named(root, "a", "mark")
        assert sorted(a.attrib["href"] for a in drawn) == sorted(m.link.href for m in marks)
        for circle in (c for a in drawn for c in a.iter("circle")):
            assert 0 <= float(circle.attrib["cx"]) <= width
            assert 0 <= float(circle.attrib["cy"]) <= height
        assert all(map(isfinite, numbers(root)))


def test_cities_that_lie_close_together_get_a_map_of_their_region() -> None:
    catalan = [(2.17, 41.38), (2.82, 41.98), (0.62, 41.61), (1.25, 41.12)]
    region, whole = view_of(catalan, 960), view_of([*catalan, (-58.4, -34.6)], 960)
    places = [region.place(p) for p in catalan]
    assert max(hypot(a[0] - b[0], a[1] - b[1]) for a, b in combinations(places, 2)) > 200
    assert max(hypot(*map(float.__sub__, whole.place(a), whole.place(b))) for a, b in combinations(catalan, 2)) < 12


def test_no_coast_runs_across_the_map() -> None:
    """Land on both sides of the date line is two pieces, not one with a line through all oceans."""
    for whole in (True, False):
        steps = [
            abs(int(x))
            for line in re.findall(r"l([^Mz]*)", world(960, whole=whole).land)
            for x in re.findall(r"-?\d+", line)[::2]
        ]
        # The Antarctic ends where the map ends, on which its outline goes from end to end.
        assert len([x for x in steps if x > 400]) == 2 * whole


def test_a_map_of_the_world_is_small() -> None:
    assert len(world(960, whole=False).land) < 20_000
    assert len(view_of([(126, 37), (100, 13), (77, 28), (139, 35)], 960).land) < 40_000


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=3, max_size=30))
@FEW
def test_what_is_cut_to_a_box_is_in_the_box(ring: list[tuple[float, float]]) -> None:
    for x, y in clip(ring, (-100, -50, 100, 50)):
        assert -100 - 1e-6 <= x <= 100 + 1e-6
        assert -50 - 1e-6 <= y <= 50 + 1e-6


def test_a_path_leaves_out_what_does_not_move() -> None:
    assert path_of([[(0, 0), (0.2, 0.1), (10, -5), (10, 0)]]) == "M0 0l10-5 0 5z"
    assert path_of([[(1, 1), (1, 1)]]) == ""


def test_what_is_no_number_is_no_coordinate() -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="coordinate"):
            num(value)
    assert [num(v) for v in (-0.01, 10, 2.25, 99.95, -3.0)] == ["0", "10", "2.2", "100", "-3"]


# ---------------------------------------------------------------- labels
@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300), st.text("Wi東 ", min_size=1, max_size=12))))
@FEW
def test_no_label_covers_another_or_leaves_the_sheet(wanted: list[tuple[float, float, str]]) -> None:
    room = Room(400, 300)
    boxes = []
    for x, y, text in wanted:
        width = width_of(text, 13)
        if found := room.label(x, y, 5, width, 13):
            left = found.x - width * {"start": 0, "middle": 0.5, "end": 1}[found.anchor]
            boxes.append((left, found.y - 13 * 0.9, left + width, found.y + 13 * 0.25))
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert top >= 0
        assert right <= 400
        assert bottom <= 300
    for a, b in combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


@given(st.text(max_size=60), st.floats(20, 300))
@FEW
def test_texts_fit_the_room_they_are_given(text: str, room: float) -> None:
    assert width_of(shortened(text, 13, room), 13) <= room + 0.01
    lines = wrapped(text, 13, room, lines=3)
    assert len(lines) <= 3
    assert all(width_of(line, 13) <= room + 13 for line in lines)


def test_text_is_broken_between_words_and_japanese_between_letters() -> None:
    assert wrapped("Asian Network of Major Cities", 10, 115) == ["Asian Network of", "Major Cities"]
    assert wrapped("アジア大都市ネットワーク", 10, 65) == ["アジア大都市", "ネットワーク"]
    assert wrapped("", 10, 100) == []


# ---------------------------------------------------------------- timelines
def days(*values: int | None) -> Days:
    return Days((values[0], values[1]), (values[2], values[3]), (values[4], values[5]))


@given(st.tuples(DAYS, DAYS, DAYS, DAYS, DAYS, DAYS), st.integers(600_000, 760_000))
def test_no_piece_of_a_bar_ends_before_it_begins(values: tuple[int | None, ...], today: int) -> None:
    found = pieces(days(*values), today, 1000)
    assert all(p.start < p.end for p in found)
    assert len([p for p in found if p.kind == "core"]) <= 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((10, 20, 50, 60, None, None), [("hatch", 10, 20), ("core", 20, 50), ("hatch", 50, 60)]),
        ((10, 10, None, None, None, None), [("after", 10, 100)]),
        ((10, 10, None, None, 40, 42), [("core", 10, 42), ("after", 42, 100)]),
        ((None, None, None, None, 40, 40), [("before", 35, 40), ("after", 40, 100)]),
        ((None, None, None, 30, None, None), [("before", 25, 30)]),
        ((None, 20, 50, 50, None, None), [("before", 15, 20), ("core", 20, 50)]),
        ((10, None, None, None, None, None), [("after", 10, 100)]),
        ((10, None, None, None, 40, 40), [("hatch", 10, 40), ("after", 40, 100)]),
        ((50, 50, 20, 20, None, None), []),
        ((None, None, None, None, None, None), []),
    ],
)
def test_a_bar_says_what_is_known_and_no_more(
    values: tuple[int | None, ...], expected: list[tuple[str, int, int]]
) -> None:
    assert [(p.kind, p.start, p.end) for p in pieces(days(*values), 100, 5)] == expected


DATES = st.one_of(st.just(""), st.dates().map(lambda d: d.isoformat()), st.just("-0044-03-15"))
WHENS = st.builds(When, *[DATES] * 6, start=st.just("1990"))


@given(st.lists(WHENS, min_size=1, max_size=8), st.dates())
@FEW
def test_every_line_of_a_timeline_is_in_its_frame(whens: list[When], today: object) -> None:
    spans = [Span(Link(Text(f"N{i}"), "", "/x"), Link(Text("")), w, f"a:{i}") for i, w in enumerate(whens)]
    lines = [Line(s, "member", f"/doc/membership/{i}", 1 + i % 6) for i, s in enumerate(spans)]
    for frame in FRAMES:
        root = draw_timeline(lines, Today(today.toordinal(), "now"), [], "t", frame)  # type: ignore[attr-defined]
        width, height = size(root)
        assert [a.attrib["href"] for a in named(root, "a", "bar")] == [line.href for line in lines]
        for rectangle in root.iter("rect"):
            x, w = float(rectangle.attrib["x"]), float(rectangle.attrib["width"])
            assert w > 0
            assert -0.1 <= x <= x + w <= width + 2
        assert all(map(isfinite, numbers(root)))
        assert all(0 <= float(t.attrib["y"]) <= height for t in root.iter("text"))


@given(st.lists(st.integers(1, 3_000_000), min_size=1, max_size=5), st.integers(2, 12))
@FEW
def test_an_axis_has_few_round_ticks(listed: list[int], most: int) -> None:
    axis = axis_for(listed, 0, 100)
    ticks = list(axis.ticks(most))
    assert len(ticks) <= most
    assert all(axis.first <= day <= axis.last and 0 <= axis.at(day) <= 100 for day, _ in ticks)
    assert len({label for _, label in ticks}) == len(ticks)


# ---------------------------------------------------------------- overlap
SETS = st.dictionaries(
    st.text("abc", min_size=1, max_size=3),
    st.frozensets(st.integers(0, 9).map(str), min_size=1),
    min_size=1,
    max_size=7,
)


@given(SETS)
@FEW
def test_networks_stand_in_one_order_the_most_alike_together(members: dict[str, frozenset[str]]) -> None:
    order = by_similarity(members)
    assert sorted(order) == sorted(members)
    assert order == by_similarity(dict(reversed(members.items())))
    assert all(0 <= similarity(members[a], members[b]) <= 1 for a in order for b in order)


def test_those_most_alike_are_neighbours() -> None:
    members = {"a": frozenset("1234"), "b": frozenset("5678"), "c": frozenset("1235"), "d": frozenset("678")}
    order = by_similarity(members)
    assert abs(order.index("a") - order.index("c")) == 1
    assert abs(order.index("b") - order.index("d")) == 1


def test_every_pair_stands_twice_in_the_matrix_and_every_thing_once_on_its_diagonal() -> None:
    names = [Link(Text(n), f"x:{n}", f"/doc/x/{n}") for n in "ABC"]
    matrix = Matrix(names, [3, 4, 5], {(0, 1): Common(2, 0.4, "/q", "A and B share 2")})
    for frame in FRAMES:
        root = draw_matrix(matrix, "darker", frame)
        assert [a.attrib["href"] for a in named(root, "a", "cell")] == ["/q", "/q"]
        assert ["".join(g.itertext())[-1:] for g in named(root, "g", "own")] == ["3", "4", "5"]
        assert len(named(root, "g", "none")) == 4


# ---------------------------------------------------------------- graph around a thing
def labels_of(root: Element) -> list[tuple[float, float, float, float]]:
    found = []
    for text in (t for t in root.iter("text") if t.attrib.get("class") in ("name", "soft", "head")):
        letters = {"name": 13.5, "soft": 12, "head": 12}[text.attrib["class"]]
        x, y, wide = float(text.attrib["x"]), float(text.attrib["y"]), width_of(text.text or "", letters)
        left = x - wide if text.attrib.get("text-anchor") == "end" else x
        found.append((left, y - letters * 0.8, left + wide, y + letters * 0.2))
    return found


@given(st.lists(st.integers(1, 16), min_size=1, max_size=8))
@FEW
def test_no_label_touches_another_in_the_graph_around_a_thing(counts: list[int]) -> None:
    def thing(k: int, i: int) -> Neighbour:
        return Neighbour(Link(Text(f"Thing {k} {i} " * 4), "", f"/{k}/{i}"), "role")

    groups = [Group(f"Kind {k}", 1 + k % 6, [thing(k, i) for i in range(n)]) for k, n in enumerate(counts)]
    for frame in FRAMES:
        root = draw_butterfly(Link(Text("The middle of it all")), groups, frame)
        width, height = size(root)
        assert sorted(a.attrib["href"] for a in named(root, "a", "node")) == sorted(
            n.link.href for g in groups for n in g.neighbours
        )
        boxes = labels_of(root)
        assert all(b[0] >= 0 and b[1] >= 0 and b[2] <= width and b[3] <= height for b in boxes)
        boxes.sort(key=lambda b: b[1])
        for a, b in combinations(boxes, 2):
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert tostring(root) == tostring(draw_butterfly(Link(Text("The middle of it all")), groups, frame))


# ---------------------------------------------------------------- hostile labels
def hostile_pictures(frame: Frame) -> list[Element]:
    link = Link(Text(HOSTILE, "en"), "x:1", "/doc/x/1")
    span = Span(link, link, When(start_earliest="1990-01-01", start_latest="1990-12-31"), "x:1")
    matrix = Matrix([link, link], [1, 1], {(0, 1): Common(1, 1.0, "/q", HOSTILE)})
    return [
        draw_map([Mark(link, (2, 41), note=HOSTILE)], [Key(Text(HOSTILE))], frame),
        draw_timeline([Line(span, HOSTILE, "/x", 1)], Today(730_000, HOSTILE), [Key(Text(HOSTILE))], "t", frame),
        draw_matrix(matrix, HOSTILE, frame),
        draw_butterfly(link, [Group(HOSTILE, 1, [Neighbour(link, HOSTILE)])], frame),
    ]


@pytest.mark.parametrize("frame", FRAMES)
def test_labels_never_become_markup(frame: Frame) -> None:
    for root in hostile_pictures(frame):
        text = str(inline(root, HOSTILE))
        parsed = fromstring(text)
        assert "<script" not in text
        assert not [e for e in parsed.iter() if e.tag.endswith("script")]
        assert not [n for e in parsed.iter() for n in e.attrib if n.startswith("on") or n == "style"]
        assert "</svg><script>" in "".join(parsed.itertext()) + parsed.attrib["aria-label"]
