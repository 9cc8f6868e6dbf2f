"""What the reports show: who may see which rows, and the rows themselves, worded for their reader.

The files under core_helpdesk/report only name these; a report's framework checks no more than its document type.
"""
