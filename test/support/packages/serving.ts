/** `latentedge serve` of an installed package, in a project. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Serving {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the command that a project has installed. @param node The binary that runs it. */
export async function serveProject(project: string, node = process.execPath): Promise<Serving> {
  const bin = join(project, 'node_modules/latentedge/bin/latentedge.js');
  const server = spawn(node, [bin, 'serve', '--port', '0', '--json'], { cwd: project });
  const { url } = JSON.parse(await firstLine(server));
  return {
    url,
    stop: async () => {
      const exit = new Promise((resolve) => server.once('exit', resolve));
      if (server.exitCode === null && server.kill('SIGINT')) await exit;
    },
  };
}

/** The first line that a process prints on stdout. @throws {Error} with what it printed if it ends before. */
export function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let [output, errors] = ['', ''];
    server.stdout!.on('data', (chunk: Buffer) => {
      output += chunk;
      if (output.includes('\n')) resolve(output.split('\n', 1)[0]!);
    });
    server.stderr!.on('data', (chunk: Buffer) => {
      errors += chunk;
    });
    server.once('close', () => reject(new Error(`ended without a line:\n${output}${errors}`)));
  });
}
