"""Writes answers for people and programs elsewhere: CSV, XLSX, Parquet, and what their columns mean."""
