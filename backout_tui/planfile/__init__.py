"""Between a Markdown plan and the Plan value: reads, writes, and reports by line what it did not understand."""
