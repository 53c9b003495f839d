"""The command line: arguments come in; it calls the other packages and prints. May import everything."""
