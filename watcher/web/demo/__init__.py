"""The demo's own little web: pages that change by a timetable, and the watches that look at them."""
