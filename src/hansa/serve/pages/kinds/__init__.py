"""The pages of things, kind by kind: ``outline`` says which parts a page has, the other modules make them."""
