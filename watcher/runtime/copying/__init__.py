"""
Copying everything from the data directory to a PostgreSQL, or back: its tables (`database`), the files that the console
edits (`console_files`), and what was asked of whoever checks the watches and is not done yet (`requests`).
"""
