"""Identification (1:N) among a tenant's enrolled faces: templates, search, enrolment."""
