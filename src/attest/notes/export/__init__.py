"""A signed note as one file that proves itself: written here, checked anywhere, without a database.

`form` says how such a file is spelled and what its seal covers, `writing` makes one, `checking` finds whatever was
changed in one, and `wording` says where that was in a reader's words. All but `writing` are pure.
"""
