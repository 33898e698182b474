/** Clients that never stop asking a model for the codes of the same rows. */
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Load {
  /** Resolves once this version answers. */
  sees(version: string): Promise<void>;
  /** Every answer's codes, as text, by the version that gave them; what went wrong. */
  stop(): Promise<{
    readonly answers: ReadonlyMap<string, ReadonlySet<string>>;
    readonly problems: readonly string[];
  }>;
}

const CLIENTS = 2;

/**
 * Every request has a key of its own, so that a canary answers its share of them.
 * @param pauseMs Time between an answer and the next request of the same client.
 */
export function startLoad(url: string, model: string, rows: unknown, pauseMs = 25): Load {
  const answers = new Map<string, Set<string>>();
  const problems: string[] = [];
  const body = JSON.stringify({ rows });
  const address = new URL(`/v1/models/${model}/encode`, url);
  let [isOver, sent, latest] = [false, 0, ''];
  const client = async (): Promise<void> => {
    while (!isOver) {
      const headers = { 'Content-Type': 'application/json', 'X-Canary-Key': `client ${sent++}` };
      try {
        const { status, version, text } = await post(address, headers, body);
        if (status === 200) {
          latest = version;
          const texts = answers.get(version) ?? new Set();
          answers.set(version, texts.add(JSON.stringify(JSON.parse(text).codes)));
        } else problems.push(`${status}: ${text}`);
      } catch (error) {
        problems.push(String(error));
      }
      await sleep(pauseMs);
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  return {
    sees: async (version) => {
      for (const started = Date.now(); latest !== version; ) {
        if (Date.now() - started > 20_000)
          throw new Error(`expected answers of ${version}, the last was of ${latest}`);
        await sleep(20);
      }
    },
    stop: async () => {
      isOver = true;
      await clients;
      return { answers, problems };
    },
  };
}

/**
 * Over a connection of its own: one that was kept may be closed by the server just as it is used. It says that it stays
 * open, as most clients do; a local Worker takes others for a proxy.
 */
function post(
  address: URL,
  headers: Record<string, string>,
  body: string,
): Promise<{ readonly status: number; readonly version: string; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const kept = { ...headers, Connection: 'keep-alive' };
    const sending = request(address, { method: 'POST', headers: kept, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('error', reject).once('end', () => {
        resolve({ status: response.statusCode!, version: String(response.headers['x-model-version']), text });
      });
    });
    sending.once('error', reject).end(body);
  });
}
