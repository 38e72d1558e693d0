"""The first shift: a checklist for one person that tests what they will need, and a drill that touches nothing."""
