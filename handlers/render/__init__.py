"""Chat text, pictures, Word and Excel made of plain data."""
