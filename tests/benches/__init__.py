"""Runs the tests that need a bench: finds benches, gives each a place of its own, and reports per layer.

A run reads a bench's apps and interpreter and writes nothing into it.
"""
