"""One command a module; each is imported only when it is run, so that the others start fast."""
