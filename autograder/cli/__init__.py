"""Provides the command line: arguments come in, text and exit codes go out. May import everything."""
