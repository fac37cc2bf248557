"""Training of the embedded evaluator. Not used at run time; needs torch."""
