"""What a stream of ESC/POS bytes prints as text, for the log: commands are skipped, GB18030 is read, a QR code is told by
its length. The pictures were drawn by the virtual printer; this is for whoever reads along."""

import sys

LENGTHS = {  # bytes after the two of the command, of those that have a fixed number
    b"\x1b@": 0, b"\x1ba": 1, b"\x1bE": 1, b"\x1b!": 1, b"\x1bd": 1, b"\x1bJ": 1, b"\x1b3": 1, b"\x1b2": 0,
    b"\x1bt": 1, b"\x1bR": 1, b"\x1b-": 1, b"\x1bG": 1, b"\x1bM": 1, b"\x1c&": 0, b"\x1c.": 0, b"\x1c!": 1,
    b"\x1cW": 1, b"\x1cC": 1, b"\x1cS": 2, b"\x1d!": 1, b"\x1dB": 1, b"\x1dr": 1, b"\x1da": 1, b"\x1dI": 1,
    b"\x1dL": 2, b"\x1dW": 2, b"\x1b$": 2, b"\x1b\\": 2, b"\x1bc": 2, b"\x1bp": 3, b"\x1bD": 0,
    b"\x10\x04": 1, b"\x10\x05": 1, b"\x10\x14": 1,
}


def main(data):
    at, text, line = 0, [], bytearray()

    def flush():
        if line:
            text.append("  | " + line.decode("gb18030", "replace"))
            line.clear()

    while at < len(data):
        byte, two = data[at:at + 1], data[at:at + 2]
        if two in (b"\x1d(", b"\x1c("):
            length = int.from_bytes(data[at + 3:at + 5], "little")
            body = data[at + 5:at + 5 + length]
            if two == b"\x1d(" and data[at + 2:at + 3] == b"k" and body[:3] == b"1P0":
                flush()
                text.append(f"  | [QR code of {length - 3} characters]")
            at += 5 + length
        elif two == b"\x1dv":
            width, height = (int.from_bytes(data[at + n:at + n + 2], "little") for n in (4, 6))
            flush()
            text.append(f"  | [picture {width * 8} by {height}]")
            at += 8 + width * height
        elif two == b"\x1dV":
            flush()
            text.append("  +---- cut ----")
            at += 4 if data[at + 2:at + 3] in (b"A", b"B") else 3
        elif two in LENGTHS:
            if two == b"\x1b$" and line:
                line += b"   "
            at += 2 + LENGTHS[two]
        elif byte == b"\n":
            flush()
            at += 1
        elif byte < b" ":
            at += 1
        else:
            line += byte
            at += 1
    flush()
    print("\n".join(text))


main(sys.stdin.buffer.read())
