/** Chunks of PNG files (PNG specification, section 5), to put together files that no encoder writes. */
import { createRequire } from 'node:module';

/** The checksum of zip and PNG files; Node has its own only in newer releases. */
const { crc32 } = createRequire(import.meta.url)('adm-zip/util') as { crc32(bytes: Uint8Array): number };

/** Returns a chunk with its length and checksum. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body) >>> 0);
  return Buffer.concat([length, body, checksum]);
}

/** Returns a header for 8-bit gray pixels. */
export function pngHeaderChunk(width: number, height: number): Buffer {
  const data = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  return pngChunk('IHDR', data);
}

/** Returns the signature of a file, followed by its chunks. */
export function pngChunks(file: Uint8Array): Buffer[] {
  const bytes = Buffer.from(file);
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const end = at + bytes.readUInt32BE(at) + 12;
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts;
}
