"""The command line: arguments come in, printed text and exit codes go out. May import everything."""
