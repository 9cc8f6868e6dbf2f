"""Clocks of real tickets: followed, swept, escalated and repaired.

Lock order everywhere: host ticket → clock → escalation → outbox.
"""
