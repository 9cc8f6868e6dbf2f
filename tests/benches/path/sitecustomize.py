"""Read by every interpreter of a run: puts the test tools behind the bench's own packages on `sys.path`."""

import os
import site

tools = os.environ.get("CORE_HELPDESK_TOOLS")
if tools:
	site.addsitedir(tools)
