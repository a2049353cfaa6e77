"""Weekly sheets on paper: printed, signed by hand, filed by the QR code on their scan."""
