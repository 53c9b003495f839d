def passes_visible_check(lab, exercise, function):
    return False
