"""The strongest rival: one Python process that keeps Typst's compiler (the wheel `typst`), reads each
month's workbooks with openpyxl, adds up their columns, and compiles the source that yuebao generated.

python3 rival.py MONTH...   in a bulletin's folder
"""

import sys

import openpyxl
import typst


def totals(path):
    """The sums of a workbook's columns: the least that any such script has to compute."""
    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).active
    sums = {}
    for row in sheet.iter_rows(values_only=True):
        for column, value in enumerate(row):
            if isinstance(value, (int, float)):
                sums[column] = sums.get(column, 0) + value
    return sums


compiler = typst.Compiler(root=".", font_paths=["fonts"], ignore_system_fonts=True)
for month in sys.argv[1:]:
    for table in ("operations", "assessment"):
        totals(f"data/{month}/{table}.xlsx")
    compiler.compile(
        input=f"output/{month}.typ",
        output=f"peer-{month}.pdf",
        format="pdf",
        pdf_standards=["a-3a", "ua-1"],
    )
