"""Reports that arrive: every one that is due is made, goes to its people, and stands in a ledger that shows what is missing.

Policy: QA-12, TSM-09, TSM-13, TSM-14, TRC-18
"""
