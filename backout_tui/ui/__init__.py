"""The dashboard and the list: the only package that knows Textual.

It shows what is true and passes on what people want; it never touches the store, and decides nothing.
"""
