"""Speed of the reconciler against a plain rapidfuzz scan. Run by hand: python -m tests.link.bench_names."""

import resource
import time
from collections.abc import Callable, Sequence

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
    """Give names a second of processor time."""
    normalise.cache_clear()
    start = time.process_time()
    for name in names:
        work(name)
    return len(names) / (time.process_time() - start)


def measure() -> dict[str, float]:
    """Give seconds of processor time for loading, names a second for both ways, and the peak memory in MB."""
    start = time.process_time()
    found = gazetteer.load()
    loaded = time.process_time()
    propose(Query("warm up", "JP"), found)
    warmed = time.process_time()
    names = queries(found)
    ours = rate(lambda query: propose(query, found), names)
    choices = [key for key, numbers in found.index.items() if found.items[numbers[0] >> 1].qid]
    scan = rate(
        lambda q: process.extractOne(normalise(q.name), choices, scorer=fuzz.ratio, score_cutoff=85), names[:60]
    )
    return {
        "load_seconds": loaded - start,
        "first_question_seconds": warmed - loaded,
        "names_per_second": ours,
        "rapidfuzz_scan_names_per_second": scan,
        "times_faster": ours / scan,
        "names": len(names),
        "index_keys": len(found.index),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    for key, value in measure().items():
        print(f"{key}: {value:,.2f}")
