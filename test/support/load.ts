/** Clients that never stop asking a model for the codes of the same rows. */

export interface Load {
  /** Resolves once this version answers. */
  sees(version: string): Promise<void>;
  /** Every answer's codes, as text, by the version that gave them; what went wrong. */
  stop(): Promise<{
    readonly answers: ReadonlyMap<string, ReadonlySet<string>>;
    readonly problems: readonly string[];
  }>;
}

const CLIENTS = 4;
const PAUSE_MS = 15;

/** Every request has a key of its own, so that a canary answers its share of them. */
export function startLoad(url: string, model: string, rows: unknown): Load {
  const answers = new Map<string, Set<string>>();
  const problems: string[] = [];
  const body = JSON.stringify({ rows });
  let [isOver, sent, latest] = [false, 0, ''];
  const client = async (): Promise<void> => {
    while (!isOver) {
      const headers = { 'Content-Type': 'application/json', 'X-Canary-Key': `client ${sent++}` };
      try {
        const response = await fetch(new URL(`/v1/models/${model}/encode`, url), {
          method: 'POST',
          headers,
          body,
        });
        const answer = (await response.json()) as { version: string; codes: unknown };
        if (response.ok) {
          latest = response.headers.get('X-Model-Version')!;
          const texts = answers.get(latest) ?? new Set();
          answers.set(latest, texts.add(JSON.stringify(answer.codes)));
        } else problems.push(`${response.status}: ${JSON.stringify(answer)}`);
      } catch (error) {
        problems.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  return {
    sees: async (version) => {
      for (const started = Date.now(); latest !== version; ) {
        if (Date.now() - started > 20_000)
          throw new Error(`expected answers of ${version}, the last was of ${latest}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    stop: async () => {
      isOver = true;
      await clients;
      return { answers, problems };
    },
  };
}
