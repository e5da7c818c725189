"""One module per version of the tables. What is here was released: it never changes."""
