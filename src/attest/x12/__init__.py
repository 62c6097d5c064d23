"""Reading and writing X12 005010, usable as a library of its own: typed, no I/O, no clock, no framework.

Code sets and the present moment are arguments. `wire` reads any interchange, `envelope` writes one,
`claim_837p` writes professional claims, `syntax` and `guide` check a file, `validate` does both.
"""
