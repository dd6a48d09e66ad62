"""The province's own workbook: uploaded as it came, cells bound to figures, filled for any month and area.

`keys` what may be written in a cell · `bindings` what a workbook is bound to · `values` what a key comes to · `filling`
the workbook of an area and month · `keeping` the actions · `showing` a sheet as a page shows it.
"""
