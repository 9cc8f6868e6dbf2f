"""Mail of the app: rendered in the reader's language, queued once, answered without ever reaching a ticket."""
