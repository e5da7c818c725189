"""Between a Markdown plan and the Plan value: reading, writing, and saying by line what was not understood."""
