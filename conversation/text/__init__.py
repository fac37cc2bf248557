"""Pure: spoken values, templates and wording."""
