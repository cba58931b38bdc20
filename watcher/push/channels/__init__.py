"""The ways out: one module or package for each channel. None of them knows a database."""
