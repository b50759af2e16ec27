import { deflateSync } from 'node:zlib';

/** A picture as a form sends it. */
export interface File {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A cup of coffee from above, as a PNG (ISO/IEC 15948): drawn here, so that no photo is anybody's. */
export function photo(width = 1200, height = 800): File {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows.set(colour((x - width / 2) / height, (y - height / 2) / height), y * (1 + width * 3) + 1 + x * 3);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const buffer = Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND')]);
  return { name: 'taza.png', mimeType: 'image/png', buffer };
}

function colour(x: number, y: number): [number, number, number] {
  const far = Math.hypot(x, y);
  if (far < 0.27) {
    const foam = Math.sin(9 * Math.atan2(y, x) + 40 * far) > 0.55 ? 50 : 0;
    return [120 + foam, 74 + foam, 40 + foam];
  }
  if (far < 0.31) {
    return [244, 240, 232];
  }
  if (far < 0.44) {
    return [218, 212, 202];
  }
  const grain = Math.sin(60 * y + 3 * Math.sin(7 * x)) * 8;
  return [164 + grain, 118 + grain, 78 + grain];
}

function chunk(kind: string, data = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** The check of a chunk (ISO/IEC 15948, annex D). */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return ~crc >>> 0;
}

/** A table of offers as a spreadsheet saves it. */
export function table(...lines: string[]): File {
  const names = 'name;description;category;points_cost;valid_from;valid_to';
  const text = `\ufeff${[names, ...lines].join('\r\n')}\r\n`;
  return { name: 'ofertas.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
}
