"""One calm sentence for each kind of event; these files mirror the domain's folding."""
