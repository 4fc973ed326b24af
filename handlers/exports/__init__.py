"""One file an export: what an office takes along as a workbook or an archive."""
