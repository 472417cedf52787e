"""The words of the command line: thin, each calls one method of the workspace and shows what it gave.

call.py       what every command knows: store, clock, how to answer
show.py       answers for people (tables) and for programs (JSON), and the progress bar
faults.py     what goes wrong, as one line and an exit status
"""
