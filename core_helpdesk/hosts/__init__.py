"""The only code that knows the helpdesk's own doctypes; one module per host."""
