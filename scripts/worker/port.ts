/** Ports on this machine. */
import { createServer } from 'node:net';
import { InputError } from '../../shared/errors.ts';

/** What to do when a port is taken. */
export function portTaken(port: number, host: string, cause: unknown): InputError {
  const message = `port ${port} on ${host} is in use: stop what is running there or choose another --port`;
  return new InputError(message, { cause });
}

/**
 * Finds out early whether a port can be listened on, before work is done whose result would be served there.
 * @throws {InputError} when it is taken.
 */
export async function requireFreePort(port: number, host = '127.0.0.1'): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(portTaken(port, host, cause)));
    server.listen(port, host, () => server.close(() => resolve()));
  });
}
