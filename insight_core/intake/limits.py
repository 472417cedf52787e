"""Limits: what a file may cost before it is refused; each is far above honest data."""

HEAD = 1 << 20  # bytes looked at to find out format, encoding and dialect
MAX_CELL = 65_536  # bytes of one cell
MAX_RECORD = 12 << 20  # bytes of one row of text; a longer one is a quote that never closes
MAX_COLUMNS = 4_000
MAX_ROWS = 1_000_000_000  # a few bytes of Parquet can claim any number
MAX_MEMBERS = 1_000  # files in one archive
MAX_RATIO = 200  # unpacked bytes for each packed byte, beyond FREE_BYTES
FREE_BYTES = 16 << 20
MAX_UNPACKED = 64 << 30  # bytes of a compressed file or archive when unpacked
MAX_WORKBOOK = 1 << 30  # bytes of a workbook's parts when unpacked: it is read as a whole
MAX_DOCUMENT = 512 << 20  # bytes of one JSON value
