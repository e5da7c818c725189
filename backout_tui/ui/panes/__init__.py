"""The four panes of the dashboard, and what is opened in them."""
