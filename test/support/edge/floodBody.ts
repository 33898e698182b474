/** A body of as many rows as a request may have, with as many digits as make it 8 MiB. */
export function floodBody(): string {
  const rows = Array.from({ length: 65_536 }, (_, row) =>
    Array.from({ length: 6 }, (_, column) => (((row * 7 + column * 3) % 41) + 1) / 43),
  );
  return JSON.stringify({ rows })
    .slice(0, -1)
    .padEnd(8 * 1024 * 1024 - 1)
    .concat('}');
}
