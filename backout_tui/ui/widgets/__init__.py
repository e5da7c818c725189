"""What screens are made of: lists, texts, lines, signs and looks.

They are told what to show and know no backout; from the domain they import only the cleaning of text.
"""
