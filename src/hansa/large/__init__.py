"""Checks of graphs that are too large to be looked at as a whole: a group of files after another, on all cores.

The findings are those that the checks of :mod:`hansa.pipeline` give on the whole graph; tests prove it. Graphs wait
compressed. What a few statements tell is asked of those (:mod:`hansa.validate.suspects`), and check queries are
answered column by column (:mod:`hansa.columns`), or by a query store where they ask for more than that can tell.
"""
