"""Pages: alerts that Baton creates at the on-call provider so that somebody wakes up."""
