"""American citations: codes, rules, constitution and statutes by our own rules, cases by eyecite's tables."""
