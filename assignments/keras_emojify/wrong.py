wrong = {}
