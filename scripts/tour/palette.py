"""Smaller PNG files: at most 256 colours each."""

import base64
import struct
import zlib
from pathlib import Path

from playwright.sync_api import Page

# Counts the colours of a picture and takes one after the other that many pixels want and that is far from those taken,
# so that a small red mark stays red. Every pixel gets the nearest of them.
REDUCE = """async (source) => {
  const bitmap = await createImageBitmap(await (await fetch(source)).blob())
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  const context = canvas.getContext('2d')
  context.drawImage(bitmap, 0, 0)
  const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height)
  const pixels = new Uint32Array(data.length / 4)
  const count = new Map()
  for (let at = 0; at < pixels.length; at++) {
    const colour = (data[4 * at] << 16) | (data[4 * at + 1] << 8) | data[4 * at + 2]
    pixels[at] = colour
    count.set(colour, (count.get(colour) ?? 0) + 1)
  }
  const apart = (a, b) => [16, 8, 0].reduce((sum, by) => sum + (((a >> by) & 255) - ((b >> by) & 255)) ** 2, 0)
  const waiting = [...count].map(([colour, times]) => ({ colour, times, nearest: 0, away: Infinity }))
  waiting.sort((a, b) => b.times - a.times || a.colour - b.colour)
  const palette = []
  for (let next = waiting[0]; next && palette.length < 256; ) {
    palette.push(next.colour)
    let most = 0
    next = undefined
    for (const one of waiting) {
      const away = apart(one.colour, palette.at(-1))
      if (away < one.away) Object.assign(one, { nearest: palette.length - 1, away })
      const wish = one.away * Math.sqrt(one.times)
      if (wish > most) [most, next] = [wish, one]
    }
  }
  const nearest = new Map(waiting.map((one) => [one.colour, one.nearest]))
  const indices = Uint8Array.from(pixels, (colour) => nearest.get(colour))
  let text = ''
  for (let at = 0; at < indices.length; at += 32768) text += String.fromCharCode(...indices.subarray(at, at + 32768))
  return { width, height, palette, indices: btoa(text) }
}"""


def shrink(page: Page, source: Path, target: Path) -> None:
    """Write the PNG `source` to `target` with at most 256 colours; `page` is any page, used to look at the pixels."""
    reduced = page.evaluate(REDUCE, f"data:image/png;base64,{base64.b64encode(source.read_bytes()).decode()}")
    width, height = reduced["width"], reduced["height"]
    indices = base64.b64decode(reduced["indices"])
    rows = b"".join(b"\0" + indices[row * width : (row + 1) * width] for row in range(height))
    palette = b"".join(colour.to_bytes(3, "big") for colour in reduced["palette"])
    target.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", palette)
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
