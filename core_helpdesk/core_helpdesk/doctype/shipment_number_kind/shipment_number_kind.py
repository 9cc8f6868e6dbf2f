from core_helpdesk.child_row import ChildRow


class ShipmentNumberKind(ChildRow):
	pass
