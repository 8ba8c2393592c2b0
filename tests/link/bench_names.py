"""Speed of the reconciler against a plain rapidfuzz scan. Run by hand: python -m tests.link.bench_names."""

import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

from hansa.link import gazetteer
from hansa.link.match import propose
from hansa.link.names import normalise
from hansa.link.proposal import Query


def queries(found: gazetteer.Gazetteer, number: int = 6000) -> list[Query]:
    """Give names as they come: plain, with generic words, misspelt, in the wrong country, and of nothing."""
    cities = [item for item in found.items if item.kind == "city" and item.qid][:: max(1, 7000 * 5 // number)]
    made: list[Query] = []
    for item in cities:
        made += [Query(item.name), Query(item.name, item.country), Query(f"City of {item.name}", item.country)]
        made += [Query(item.name[:2] + item.name[3:], item.country), Query(f"Friends of {item.name}", item.country)]
    return made


def rate(work: Callable[[Query], object], names: Sequence[Query]) -> float:
    """Give names a second."""
    normalise.cache_clear()
    start = time.perf_counter()
    for name in names:
        work(name)
    return len(names) / (time.perf_counter() - start)


def measure() -> dict[str, float]:
    """Give seconds for preparing and loading the index, names a second for both ways, and the peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        gazetteer.load(Path(folder))
        prepared = time.perf_counter()
        found = gazetteer.load(Path(folder))
        loaded = time.perf_counter()
    names = queries(found)
    propose(Query("warm up", "JP"), found)
    ours = rate(lambda query: propose(query, found), names)
    choices = [key for key, numbers in found.index.items() if found.items[numbers[0] >> 1].qid]
    scan = rate(
        lambda q: process.extractOne(normalise(q.name), choices, scorer=fuzz.ratio, score_cutoff=85), names[:60]
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "prepare_seconds": prepared - start,
        "load_seconds": loaded - prepared,
        "names_per_second": ours,
        "rapidfuzz_scan_names_per_second": scan,
        "names": len(names),
        "peak_megabytes": peak,
    }


if __name__ == "__main__":
    for key, value in measure().items():
        print(f"{key}: {value:,.2f}")
