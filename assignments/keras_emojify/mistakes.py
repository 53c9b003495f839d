mistakes = {}
