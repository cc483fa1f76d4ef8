"""Everything that is this lender's own: its columns, what is derived from them, and their words.

Another portfolio is another content of this folder; no other module names a column.
"""
