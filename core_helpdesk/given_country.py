"""Documents in which an empty country has a meaning of its own.

Frappe fills a new document's empty `country` with the site's default country, which the setup wizard sets.
"""

from frappe.model.document import Document


class GivenCountryDocument(Document):
	"""A document whose country, and that of its rows, is only what somebody gave it."""

	def _set_defaults(self) -> None:
		empty = [row for row in (self, *self.get_all_children()) if not row.get("country")]
		super()._set_defaults()
		for row in empty:
			if row.meta.has_field("country"):
				row.country = None
