"""Reading back the QR codes of a page that was drawn."""

import zxingcpp
from PIL import Image


def codes_on(page: Image.Image) -> list[zxingcpp.Barcode]:
    """QR codes and nothing else: among the dots of a signature a reader of every kind finds a bar code now and then."""
    return zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)
