"""Running the server: limits, measurements, the log of answers, the switch to another release."""
