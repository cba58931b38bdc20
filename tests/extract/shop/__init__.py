"""A real shop, django-oscar, as the oracle of stock: `make shop`."""
