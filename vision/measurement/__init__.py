"""Pictures into numbers: everything that has to look at pixels before the pure rooms can decide."""
