"""What documents may become: activation of policies, calendars against the library, heads against users.

Called by the controllers; decides nothing that `domain` can decide.
"""
