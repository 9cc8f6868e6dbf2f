"""Tracing of shipments on the site: cases that open with their tickets, follow them, and close with them.

What is decided stands in `domain`; here are the documents, the host's tickets and the people.
"""
