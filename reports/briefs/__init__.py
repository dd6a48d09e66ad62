"""The monthly brief: `facts` gathers its figures, `sentences` says them, `drafting` writes and issues it, `showing` lays it
out for the page and paper, `word` for an office program."""
