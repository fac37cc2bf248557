"""Pure: every accepted shape of a flow, read into typed nodes and judged."""
