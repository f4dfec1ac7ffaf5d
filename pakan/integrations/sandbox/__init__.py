"""What processes beside the product share: small pages, and messages sent until they arrive.

The sandbox bank, operator and mail server, and the link to a message centre: each is a process of its own with its own
file, and nothing here is imported by the product.
"""
