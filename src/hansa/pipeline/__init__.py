"""Validate or build a project: which stages run, and on what. The stages themselves stand in rooms of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from hansa.config import Config
from hansa.large.disk import OnDisk, scratch_parent
from hansa.large.groups import is_large
from hansa.memo import FOLDER, Memo
from hansa.packed import Shelf, Shelves
from hansa.pipeline.whole import Given, Pipeline
from hansa.run import Run
from hansa.scratch import scratch_directory
from hansa.sources.project import find_files, with_instances
from hansa.stages import Reporter, Silent
from hansa.validate.engines import Engine


def names_of_files(config: Config) -> frozenset[str]:
    """Give the names of all files that the project is made of, as findings show them."""
    files = find_files(config)
    links = (files.links,) if files.links else ()
    return frozenset(file.name for file in (*files.turtle, *files.sparql, *links))


def validate(
    config: Config,
    reporter: Reporter | None = None,
    extra: tuple[Path, ...] = (),
    engine: Engine = Engine.AUTO,
    memo: Memo | None = None,
    *,
    cache: bool = False,
) -> Run:
    """Run everything up to the findings; write nothing but what is kept for the next run.

    :param extra: instance files from outside the project, checked as if they were part of it
    :param engine: who checks the shapes
    :param memo: answers of earlier runs; with it only what changed is looked at again, with the same findings
    :param cache: share with :func:`build` what it derived from files that have not changed
    :raises HansaError: when ``config.root`` is not a graph project
    """
    shelf = _shelf(config, cache=cache)
    with _pipeline(config, reporter or Silent(), engine, extra, memo, shelf) as pipeline:
        run = pipeline.run_checks()
    _tidy(shelf, run)
    return run


def build(
    config: Config,
    out: Path,
    reporter: Reporter | None = None,
    *,
    strict: bool = False,
    engine: Engine = Engine.AUTO,
    cache: bool = False,
    store: bool = True,
) -> Run:
    """Run everything; write a release below ``out`` unless the findings forbid it.

    The release in ``out`` stays as it is until the new one is complete, whatever happens.

    :param engine: who checks the shapes
    :param cache: take from the project's cache what rests on files that have not changed; the release is the same
    :param store: make the query store and the look-up file of the server, too; else the server makes them
    :raises HansaError: when the project cannot be read or the release not written
    """
    shelf = _shelf(config, cache=cache)
    with _pipeline(config, reporter or Silent(), engine, shelf=shelf, out=out if store else None) as pipeline:
        run = pipeline.run_checks()
        if not run.blocks_release(strict=strict):
            pipeline.write(out)
            if store:
                pipeline.prepare_server()
    _tidy(shelf, run)
    return run


def _shelf(config: Config, *, cache: bool) -> Shelves | None:
    return Shelves(config.root / FOLDER / "derived") if cache else None


def _tidy(shelf: Shelves | None, run: Run) -> None:
    """Forget what was not asked for, unless a file that cannot be read was the reason."""
    if shelf is not None and run.checked:
        shelf.prune()


@contextmanager
def _pipeline(
    config: Config,
    reporter: Reporter,
    engine: Engine,
    extra: tuple[Path, ...] = (),
    memo: Memo | None = None,
    shelf: Shelf | None = None,
    out: Path | None = None,
) -> Iterator[Pipeline]:
    """Choose how to look at a project: as a whole, or piece by piece."""
    files = with_instances(find_files(config), extra, config)
    given = Given(config, reporter, engine, files, memo or Memo.nothing(), shelf)
    if not is_large(files):
        yield Pipeline(given)
        return
    from hansa.pipeline.pieces import LargePipeline  # noqa: PLC0415 - slow to import, and only large projects need it

    with ExitStack() as stack:
        place = stack.enter_context(scratch_directory(scratch_parent(out, stack)))
        disk = OnDisk(place, is_kept=out is not None)
        pipeline = LargePipeline(given, disk)
        stack.callback(pipeline.close)
        yield pipeline
