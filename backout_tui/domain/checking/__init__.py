"""What is wrong with a plan, or worth a look, before anybody needs it: a rule or a few in each file."""
