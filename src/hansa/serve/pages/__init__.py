"""What people see: view models, names, footnotes, templates, styles."""
