"""What the sandbox bank and the sandbox operator share: small pages, and messages sent until they arrive.

They are processes of their own with their own files: nothing here is imported by the product.
"""
