/** Servers that others have written, which print their address once they listen. */
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';

/**
 * Returns the address on this machine that a server prints.
 * @param ready What its output holds once it answers; by default, the address is enough.
 * @throws {Error} with its output, if it ends.
 */
export function printedAddress(
  server: ChildProcessByStdio<null, Readable, Readable>,
  ready = '',
): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    server.once('exit', () => reject(new Error(output)));
    for (const stream of [server.stdout, server.stderr])
      stream.on('data', (text) => {
        output += text;
        const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
        if (address !== undefined && output.includes(ready)) resolve(address);
      });
  });
}
