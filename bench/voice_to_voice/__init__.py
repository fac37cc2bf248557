"""End of a person's speech to the first word of the answer, measured in a browser, for Visavis and for Pipecat."""
