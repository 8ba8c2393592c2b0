"""Find things by name without knowing HTTP: how names are compared, and the index of all of them."""
