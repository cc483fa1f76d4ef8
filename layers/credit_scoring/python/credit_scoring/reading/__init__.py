"""From the bytes that a branch sends to validated applications, and back to what it can repair.

text/       unpacked and recoded, as a stream of blocks
cutting/    text cut into records and fields: nothing ever shifted
header.py   delimiter, header and what is wrong with it
scan.py     one look at the whole file: dialect, header, chunks, duplicates
chunk.py    the records of one chunk, validated or refused
rejects.py  what was refused, in the sender's own dialect
"""
