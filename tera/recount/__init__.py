"""An archive of responses in, tallies out: today one CSV or XLSX file of answers."""
