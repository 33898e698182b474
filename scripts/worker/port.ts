/** Ports on this machine. */
import { createServer } from 'node:net';
import { InputError } from '../../shared/errors.ts';

/** Builds the error for a port that is in use. */
export function portTaken(port: number, host: string, cause: unknown): InputError {
  const message = `port ${port} on ${host} is in use: stop the process that uses it or choose another --port`;
  return new InputError(message, { cause });
}

/**
 * Checks that a port is free, before time is spent on work whose result is to be served there.
 * @throws {InputError} if it is in use.
 */
export async function requireFreePort(port: number, host = '127.0.0.1'): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(portTaken(port, host, cause)));
    server.listen(port, host, () => server.close(() => resolve()));
  });
}
