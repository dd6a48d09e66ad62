"""Office files in and out. This room within a room knows no village: files, rows, headings, limits."""
