// The head of a department names the staff who read its reports and records, country by country (CORE-13).
frappe.ui.form.on("Core Department", {
	async refresh(frm) {
		frm.set_query("user", "readers", () => ({ filters: { enabled: 1, user_type: "System User" } }));
		if (frm.is_new() || frm.perm[0].write) return;
		const name = frm.doc.name;
		const areas = await frappe.xcall("core_helpdesk.governance_api.department_readers", { department: name });
		if (frm.doc.name !== name || !areas.length) return;
		frm.add_custom_button(__("Staff Who See Reports"), () => ask_for_readers(frm, areas));
	},
});

function ask_for_readers(frm, areas) {
	const { country } = core_helpdesk.reading;
	const people = (typed) => frappe.db.get_link_options("User", typed, { enabled: 1, user_type: "System User" });
	const fields = areas.map((area, number) => ({
		fieldname: `area_${number}`,
		fieldtype: "MultiSelectPills",
		label: area.country ? country(area.country) : __("All Countries"),
		default: area.users,
		get_data: people,
	}));
	const dialog = new frappe.ui.Dialog({
		title: __("Staff Who See Reports"),
		fields,
		primary_action_label: __("Save"),
		primary_action: async (values) => {
			// What is refused stays in the dialog, to be mended.
			for (const [number, area] of areas.entries()) {
				const users = values[`area_${number}`] || [];
				const asked = { department: frm.doc.name, country: area.country, users };
				await frappe.xcall("core_helpdesk.governance_api.name_readers", asked);
			}
			dialog.hide();
			frm.reload_doc();
		},
	});
	dialog.show();
	for (const number of areas.keys()) {
		const control = dialog.fields_dict[`area_${number}`];
		open_list_again(dialog, control);
		close_list_after_choice(control);
		take_only_people(control);
	}
}

// The framework takes what is typed for a choice as soon as one pauses.
function take_only_people(control) {
	const pills = Object.getPrototypeOf(control);
	const is_offered = (typed) => (control._data || []).some((offered) => (offered.value || offered) === typed);
	control.parse = function (value) {
		return typeof value !== "string" || !value || is_offered(value) ? pills.parse.call(this, value) : this.rows;
	};
}

// A dialog that has come up takes the focus once more, and so closes the list of whoever types already.
function open_list_again(dialog, control) {
	dialog.$wrapper.on("shown.bs.modal", () => setTimeout(() => control.$input.val() && control.$input.trigger("input")));
}

// It opens again by itself, over the button that saves.
function close_list_after_choice(control) {
	const close = () => {
		control.awesomplete.close();
		control.input.blur();
	};
	control.$input.on("awesomplete-selectcomplete", () => [0, 600].forEach((wait) => setTimeout(close, wait)));
}
