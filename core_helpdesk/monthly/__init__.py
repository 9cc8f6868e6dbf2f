"""The reports of a month as documents: made once and frozen, commented, sent, discussed, reviewed and signed."""
