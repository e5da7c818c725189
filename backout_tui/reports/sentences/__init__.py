"""One calm sentence for each kind of event; mirrors the domain's folding."""
