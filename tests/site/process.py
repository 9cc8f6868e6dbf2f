"""A function in a process of its own, with its own connection to the site: for races and for kills.

`python -m tests.site.process package.module:function '[arguments as JSON]'` runs it and commits.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys

import frappe


def start(function: str, *arguments: object) -> subprocess.Popen:
	"""Starts `function` ("package.module:name") with these arguments; the caller waits for it, or kills it."""
	command = [sys.executable, "-m", "tests.site.process", function, json.dumps(arguments)]
	return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def run(function: str, *arguments: object) -> str:
	"""Runs it to its end and returns what it printed."""
	started = start(function, *arguments)
	output, _ = started.communicate(timeout=300)
	assert started.returncode == 0, output
	return output


def main(function: str, arguments: str) -> None:
	from tests.site import sessions

	module, _, name = function.partition(":")
	os.chdir(os.environ["SITES_PATH"])
	sessions.connect(os.environ["CORE_HELPDESK_SITE"])
	try:
		getattr(importlib.import_module(module), name)(*json.loads(arguments))
		frappe.db.commit()
	finally:
		frappe.destroy()


if __name__ == "__main__":
	main(sys.argv[1], sys.argv[2])
