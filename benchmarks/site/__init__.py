"""Measurements on a throw-away site; each module has `run`, which yields the lines of its report."""
