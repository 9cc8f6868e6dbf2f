"""What one page of the group directory shows: the groups that were asked for, or one of them, or all as a handbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import cint

from core_helpdesk import config, permissions
from core_helpdesk.governance import directory
from core_helpdesk.governance.directory_words import Words, folded
from core_helpdesk.mail import language, moments
from core_helpdesk.shown import listed

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Mapping

	from core_helpdesk.governance.directory import Directory, Entry
	from core_helpdesk.governance.directory_words import Place

ROUTE = "/group-directory"
AT_ONCE = 100
LIST, ONE, HANDBOOK, MISSING = "list", "one", "handbook", "missing"
PLACES = ("department", "country", "category")


class Asked(NamedTuple):
	"""What a reader asks for in the address of the page."""

	words: str = ""
	department: str = ""
	country: str = ""
	category: str = ""
	group: str = ""
	handbook: bool = False
	retired: bool = False
	page: int = 1

	@classmethod
	def of(cls, query: Mapping[str, Any]) -> Asked:
		texts = {name: str(query.get(name) or "").strip() for name in ("department", "country", "category")}
		return cls(
			words=str(query.get("q") or "").strip(),
			**texts,
			group=str(query.get("group") or "").strip(),
			handbook=query.get("view") == HANDBOOK,
			retired=bool(cint(query.get("retired"))),
			page=max(1, cint(query.get("page"))),
		)

	def address(self, **changes: Any) -> str:
		"""The page for the same question with these changes."""
		asked = self._replace(**changes)
		query = {
			"q": asked.words,
			**{name: getattr(asked, name) for name in PLACES},
			"group": asked.group,
			"view": HANDBOOK if asked.handbook else "",
			"retired": int(asked.retired) or "",
			"page": asked.page if asked.page > 1 else "",
		}
		given = urlencode({name: value for name, value in query.items() if value != ""})
		return f"{ROUTE}?{given}" if given else ROUTE


class View(NamedTuple):
	"""One page for one reader."""

	asked: Asked
	found: Directory
	words: Words
	may_ask: bool
	may_suggest: bool


def is_staff(user: str) -> bool:
	return frappe.db.get_value("User", user, "user_type") == "System User"


def page(user: str, query: Mapping[str, Any]) -> dict[str, Any]:
	"""The values of the page for a member of staff.

	Policy: QA-01, TSM-12
	"""
	found = directory.read(user, config.now_epoch())
	view = View(
		Asked.of(query),
		found,
		Words(found),
		may_ask=bool(frappe.has_permission("Group Request", "create")),
		may_suggest=bool(frappe.has_permission("Group Suggestion", "create")),
	)
	return {**_frame(view), **(_one(view) if view.asked.group else _many(view))}


def _frame(view: View) -> dict[str, Any]:
	"""What every page of the directory has around its groups."""
	settings, lang, now = config.settings(), frappe.local.lang, view.found.at
	zone = moments.zone_for(frappe.session.user)
	return {
		"title": _("Group Directory"),
		# The framework may put the site's name before the title.
		"heading": _("Group Directory"),
		"language": lang,
		"direction": language.direction(lang),
		"asked": view.asked,
		"route": ROUTE,
		"handbook": view.asked.address(handbook=True, page=1, group=""),
		"home": "/app/core-helpdesk" if permissions.has_app_permission() else "/helpdesk",
		"as_of": listed([moments.shown(now, zone, lang), moments.zone_named(zone, now, lang)]),
		"support": [text for text in (settings.support_phone, settings.support_email) if text],
		"is_live": config.mode() == config.LIVE,
	}


def _one(view: View) -> dict[str, Any]:
	entry = view.found.find(view.asked.group)
	if entry is None:
		return {"view": MISSING, "http_status_code": 404, "missing": view.asked.group}
	return {
		"view": ONE,
		"title": entry.name,
		"entry": _shown(entry, view),
		"all": view.asked.address(group=""),
	}


def _many(view: View) -> dict[str, Any]:
	asked = view.asked
	retired = [entry for entry in view.found.entries if entry.is_retired]
	listed = retired if asked.retired else [entry for entry in view.found.entries if not entry.is_retired]
	if asked.handbook:
		# What is printed is handed round, and has no group that others are not to know of.
		listed = [entry for entry in listed if entry.is_for_everybody]
	wanted = sorted(_wanted(listed, view), key=lambda entry: _order(entry, view.words))
	first = 0 if asked.handbook else (asked.page - 1) * AT_ONCE
	some = wanted if asked.handbook else wanted[first : first + AT_ONCE]
	last = first + len(some)
	return {
		"view": HANDBOOK if asked.handbook else LIST,
		"sections": _sections(some, view),
		"filters": _filters(listed, view),
		"total": len(wanted),
		"first": first + 1,
		"last": last,
		"earlier": asked.address(page=asked.page - 1) if first else "",
		"later": asked.address(page=asked.page + 1) if last < len(wanted) else "",
		"retired": len(retired),
		"other": asked.address(retired=not asked.retired, page=1),
		"is_narrowed": any((asked.words, asked.department, asked.country, asked.category)),
	}


def _wanted(entries: Iterable[Entry], view: View) -> Iterable[Entry]:
	looked_for = folded(view.asked.words).split()
	for entry in entries:
		is_there = all(getattr(view.asked, part) in ("", getattr(entry.group, part)) for part in PLACES)
		if is_there and (not looked_for or _has(view.words.searched(entry), looked_for)):
			yield entry


def _has(text: str, looked_for: list[str]) -> bool:
	return all(word in text for word in looked_for)


def _order(entry: Entry, words: Words) -> tuple[Any, ...]:
	"""By department, those without one last, then by name."""
	department = entry.group.department
	return (not department, folded(words.department(department)), folded(entry.name))


def _sections(entries: Iterable[Entry], view: View) -> list[dict[str, Any]]:
	by_department: dict[str, list[dict[str, Any]]] = {}
	for entry in entries:
		by_department.setdefault(entry.group.department, []).append(_shown(entry, view))
	return [
		{"title": view.words.department(name) or _("No Department"), "entries": shown}
		for name, shown in by_department.items()
	]


def _filters(entries: list[Entry], view: View) -> list[dict[str, Any]]:
	"""A choice for each part of a place, of what the listed groups have."""
	all_of = {
		"department": _("All Departments"),
		"country": _("All Countries"),
		"category": _("All Categories"),
	}
	return [
		{
			"name": part,
			"all": all_of[part],
			"chosen": getattr(view.asked, part),
			"options": _options({getattr(entry.group, part) for entry in entries}, getattr(view.words, part)),
		}
		for part in PLACES
	]


def _options(values: set[str], called: Callable[[str], str]) -> list[tuple[str, str]]:
	named = [(value, called(value)) for value in values if value]
	return sorted(named, key=lambda option: folded(option[1]))


def _shown(entry: Entry, view: View) -> dict[str, Any]:
	words, is_open = view.words, not (entry.is_retired or entry.group.hidden)
	place = words.place(entry)
	asks, suggests = is_open and view.may_ask, is_open and view.may_suggest
	return {
		"name": entry.name,
		"address": view.asked.address(group=entry.name, handbook=False),
		"is_for_everybody": entry.is_for_everybody,
		"badges": list(words.badges(entry)),
		"purpose": entry.purpose,
		"process": entry.process,
		"place": " · ".join(filter(None, (place.country, place.category))),
		"facts": _facts(entry, place, words),
		"hours": words.hours(entry),
		"ladders": words.ladders(entry),
		"rests": is_open and not entry.counts,
		"escalates": is_open,
		"ask": _new("group-request", kind="Change Group", team=entry.name) if asks else "",
		"suggest": _new("group-suggestion", team=entry.name) if suggests else "",
	}


def _facts(entry: Entry, place: Place, words: Words) -> list[tuple[str, str]]:
	return [
		(_("Department", context="Core Helpdesk"), place.department),
		(_("Country"), place.country),
		(_("Group Category"), place.category),
		(_("Ticket Category"), entry.ticket_category or _("All ticket categories")),
		(_("Department Head"), words.head(entry.head)),
		(_("Members"), str(entry.members)),
	]


def _new(doctype: str, **values: str) -> str:
	return f"/app/{doctype}/new?{urlencode(values)}"
