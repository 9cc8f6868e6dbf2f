"""Files that the command `core-helpdesk replay` reads, written by a site: its policies, and its tickets with their past.

Imports what reads the site; the offline command is never imported here, only agreed with, which tests prove.
"""
