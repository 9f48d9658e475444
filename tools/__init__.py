"""Programs for those who work on Tera: set-up, tests, a throw-away database, a browser. Never shipped."""
