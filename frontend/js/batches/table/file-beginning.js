/** The first lines of a chosen file, unpacked where it is packed: what can be told of it before it is sent. */
import { decodeText } from './csv.js';

/** Enough for some hundred rows; the rest is the service's. */
const BYTES = 256 * 1024;
const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const DEFLATED = 8;

/**
 * @param {Blob} file
 * @returns {Promise<{text: string, isWhole: boolean}>}
 */
export async function readBeginning(file) {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const stream = await unpacked(file, head);
  const { bytes, isWhole } = await firstBytes(stream);
  return { text: decodeText(bytes, { isWhole }), isWhole };
}

async function unpacked(file, head) {
  if (begins(head, GZIP)) return file.stream().pipeThrough(new DecompressionStream('gzip'));
  if (!begins(head, ZIP)) return file.stream();
  // A local header: its method at 8, the lengths of a name and an extra field at 26, then the content.
  const view = new DataView(await file.slice(0, 30).arrayBuffer());
  const content = file.slice(30 + view.getUint16(26, true) + view.getUint16(28, true)).stream();
  return view.getUint16(8, true) === DEFLATED
    ? content.pipeThrough(new DecompressionStream('deflate-raw'))
    : content;
}

function begins(bytes, mark) {
  return mark.every((byte, place) => bytes[place] === byte);
}

async function firstBytes(stream) {
  const reader = stream.getReader();
  const parts = [];
  let length = 0;
  let isWhole = false;
  try {
    while (length < BYTES && !isWhole) {
      const { done, value } = await reader.read();
      isWhole = done;
      if (!done) {
        parts.push(value);
        length += value.length;
      }
    }
  } catch (error) {
    // What follows the only file of a .zip is no part of it.
    if (length === 0) throw error;
    isWhole = true;
  }
  reader.cancel().catch(() => {});
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return { bytes: bytes.slice(0, BYTES), isWhole: isWhole && length <= BYTES };
}
