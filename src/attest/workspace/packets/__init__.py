"""Packets of records: for an audit of a session or some time, or the whole chart for a client who asks for it.

`contents` chooses what belongs into one, `papers` makes each piece, `making` runs it step by step in the background.
"""
