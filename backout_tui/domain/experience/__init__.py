"""What earlier nights and rehearsals teach about a plan's items.

This room only proposes; only people change what a plan says.
"""
