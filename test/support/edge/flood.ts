/**
 * A process of its own that sends large bodies over many connections, each as soon as the last one is
 * answered: `node --import tsx flood.ts URL CONNECTIONS SECONDS`. Prints how often each thing came of it.
 */
import { Agent, request } from 'node:http';
import { floodBody } from './floodBody.ts';

const [url, connections, seconds] = [process.argv[2]!, Number(process.argv[3]), Number(process.argv[4])];
const body = Buffer.from(floodBody());
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const outcomes: Record<string, number> = {};
const end = Date.now() + 1000 * seconds;

function send(): Promise<string> {
  return new Promise((resolve) => {
    const headers = {
      ...{ 'Content-Type': 'application/json', Accept: 'application/octet-stream' },
      'Content-Length': body.length,
    };
    const message = request(url, { method: 'POST', headers, agent }, (response) => {
      let size = 0;
      let start = '';
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (start.length < 300) start += chunk.toString('latin1');
      });
      response.on('error', (error) => resolve(`answer: ${error.message}`));
      response.on('end', () => {
        const slug = /problems\/([a-z-]+)"/.exec(start)?.[1];
        resolve(`${response.statusCode} ${slug ?? `${size} bytes`}`);
      });
    });
    message.on('error', (error: NodeJS.ErrnoException) => {
      // The server may close a connection that it has answered on, just as the next request is sent.
      if (message.reusedSocket && error.code === 'ECONNRESET') resolve('again');
      else resolve(`request: ${error.code ?? error.message}`);
    });
    // Node reports what goes wrong after an answer has come on the socket alone.
    message.on('socket', (socket) => socket.on('error', (error) => resolve(`connection: ${error.message}`)));
    message.end(body);
  });
}

async function client(): Promise<void> {
  while (Date.now() < end) {
    const outcome = await send();
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    // Clients wait as they are told to.
    if (outcome.startsWith('503')) await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

await Promise.all(Array.from({ length: connections }, client));
agent.destroy();
process.stdout.write(JSON.stringify(outcomes));
