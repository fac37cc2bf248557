"""Pure: a flow as a picture."""
