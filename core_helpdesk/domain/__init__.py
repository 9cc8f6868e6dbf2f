"""The decisions of the app: values in, values out.

Imports the standard library only (numpy inside column functions); knows no framework, no clock, no file.
"""
