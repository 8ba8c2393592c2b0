"""Find and parse what people wrote, and know where each statement stands."""
