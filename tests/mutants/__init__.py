"""Does a test find it when the product is wrong? Defects that are planted on purpose, each judged by tests."""
