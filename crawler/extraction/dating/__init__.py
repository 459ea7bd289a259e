"""The parts that read dates: spelling, months, days, clocks, zones and spans of time."""
