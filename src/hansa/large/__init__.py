"""Checks of graphs that are too large to be looked at as a whole: a group of files after another, on all cores.

The findings are those that the checks of :mod:`hansa.pipeline` give on the whole graph; tests prove it. Graphs wait
compressed; what a few statements tell is asked of those (:mod:`hansa.validate.suspects`).
"""
