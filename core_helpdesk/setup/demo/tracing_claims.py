"""Claims of the demo: one in every state, each step by its own person."""

from functools import partial

from core_helpdesk import config
from core_helpdesk.setup import claim_workflow as flow
from core_helpdesk.setup.demo import tracing_steps
from core_helpdesk.setup.demo.cast import user
from core_helpdesk.setup.demo.month import HOUR
from core_helpdesk.setup.demo.tracing_ways import Traced, Ways
from core_helpdesk.tracing import handing_over

# Who takes a step, to which state, and what is written before.
Step = tuple[str, str, dict]


class Claims(Ways):
	def claim(self, case: Traced, at: int, *steps: Step, amount: int = 1800) -> int:
		"""A claim of headquarters with its steps; returns when they are done."""
		made = self.taken(case, at) + self.hours(1, 6)
		name: list[str] = []

		def make(now: int) -> None:
			name.append(tracing_steps.claim_from(self.officer, case.name, amount, now))

		self.plan(made, make)
		for number, (who, state, values) in enumerate(steps, 1):
			step = partial(self.move_claim, name, who, state, values)
			self.plan(made + number * self.hours(4, 5), step)
		return made + len(steps) * 5 * HOUR

	def move_claim(self, name: list[str], who: str, state: str, values: dict, now: int) -> None:
		paid = {"paid_on": config.from_epoch(now).date()} if state == flow.PAID else {}
		tracing_steps.move_claim(who, name[0], state, now, **values, **paid)

	def submitted(self) -> Step:
		return self.officer, flow.SUPERVISOR_APPROVAL, {}

	def claim_drafted(self, case: Traced, at: int) -> None:
		self.claim(case, at)

	def claim_submitted(self, case: Traced, at: int) -> None:
		self.claim(case, at, self.submitted())

	def claim_for_manager(self, case: Traced, at: int) -> None:
		self.claim(case, at, self.submitted(), (self.supervisor, flow.MANAGER_APPROVAL, {}), amount=4800)

	def claim_refused(self, case: Traced, at: int) -> None:
		reason = {"decision_reason": "Packed too weakly for its weight, by the report of the station"}
		self.claim(case, at, self.submitted(), (self.supervisor, flow.REFUSED, reason))

	def claim_withdrawn(self, case: Traced, at: int) -> None:
		reason = {"decision_reason": "The parts were sent again"}
		self.claim(case, at, self.submitted(), (self.officer, flow.WITHDRAWN, reason))

	def claim_handed_over(self, case: Traced, at: int) -> None:
		self.claim(case, at, self.submitted(), (self.supervisor, flow.APPROVED, {}))

	def claim_paid(self, case: Traced, at: int) -> None:
		care = user("care")
		approved = (self.supervisor, flow.APPROVED, {})
		paid = (care, flow.PAID, {"payment_reference": "TR-2041"})
		done = self.claim(case, at, self.submitted(), approved, paid)
		accepted = self.do(done + HOUR, care, case, handing_over.accept)
		solved = self.solved_by(case, accepted, care)
		self.ended(case, self.answered(case, solved, "The amount has come, thank you."), care)
