"""What every room stands on: database, settings, clock, errors, words, files, mail, jobs, audit.

Not a word of the domain here.
"""
