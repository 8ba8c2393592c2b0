"""Check the data: every check gives findings that name file and line, and changes nothing."""
