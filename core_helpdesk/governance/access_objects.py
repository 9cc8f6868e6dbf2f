"""What control over groups and escalation consists of, and who the policy means to have it.

Policy: CORE-02, CORE-11, QA-04
"""

from __future__ import annotations

from typing import NamedTuple

from core_helpdesk.governance import governed
from core_helpdesk.hosts import hd_team
from core_helpdesk.setup.roles import CUSTOMER_SERVICE_MANAGER, QA_SPECIALIST

GROUPS = "Groups and Their Members"
CATEGORIES = "Group Categories"
POLICIES = "Escalation Policies"
CALENDARS = "Working Calendars"
SETTINGS = "Core Helpdesk Settings"
DECISIONS = "Decisions on Group Requests"
HIDDEN_GROUP = "Members of the Hidden Group"
RIGHTS = "Roles and Permissions"


class Controlled(NamedTuple):
	"""Something that few may change: the doctype whose rights open it, and at which level of its fields.

	`by_policy` are the roles that are meant to; `app_roles` may by the app's own rules, without a right on the doctype.
	"""

	what: str
	doctype: str
	level: int = 0
	by_policy: frozenset[str] = frozenset()
	app_roles: frozenset[str] = frozenset()
	is_by_rights: bool = True


QA = frozenset({QA_SPECIALIST})
CONTROLLED = (
	Controlled(GROUPS, hd_team.TEAM, by_policy=QA, app_roles=QA | {"System Manager"}),
	Controlled(CATEGORIES, governed.CATEGORY, by_policy=QA),
	Controlled(POLICIES, governed.POLICY, by_policy=QA),
	Controlled(CALENDARS, "Working Calendar", by_policy=QA),
	Controlled(SETTINGS, "Core Helpdesk Settings", by_policy=QA),
	# Rights on a request let nobody decide on it: the roles do, as governance/requests.py says.
	Controlled(
		DECISIONS,
		"Group Request",
		by_policy=QA | {CUSTOMER_SERVICE_MANAGER},
		app_roles=QA | {CUSTOMER_SERVICE_MANAGER},
		is_by_rights=False,
	),
	Controlled(HIDDEN_GROUP, hd_team.TEAM, by_policy=QA, app_roles=QA),
	# Whoever gives roles can give themselves any of these.
	Controlled(RIGHTS, "User", level=1),
)
BY_NAME = {own.what: own for own in CONTROLLED}
