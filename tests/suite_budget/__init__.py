"""What the tests may cost, module by module: CPU, processes, browsers and clusters of PostgreSQL."""
