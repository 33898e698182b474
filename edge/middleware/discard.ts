/**
 * Reads and drops up to `bytes` of a request's body, then cancels the rest; returns early once `patience`
 * resolves. If a connection is closed while its client is still sending, it is reset, and the client never
 * sees the answer.
 */
export async function discard(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  bytes: number,
  patience?: Promise<undefined>,
): Promise<void> {
  for (let left = bytes; left >= 0; ) {
    const read = await (patience ? Promise.race([reader.read(), patience]) : reader.read());
    if (read === undefined || read.done) return;
    left -= read.value.length;
  }
  await reader.cancel();
}
