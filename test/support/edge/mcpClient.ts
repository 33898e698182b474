/** Clients of the Model Context Protocol, as its own package makes them. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';

/** By the revision that they speak: one that begins with a handshake, and the one without. */
export const ERAS = { handshake: 'legacy', current: { pin: '2026-07-28' } } as const;

/** Connects to `/mcp` of a Worker until the end of the test. */
export async function mcpClient(
  url: URL,
  era: keyof typeof ERAS = 'current',
  headers: Record<string, string> = {},
): Promise<Client> {
  const client = await connectedClient(url, era, headers);
  onTestFinished(() => client.close());
  return client;
}

/** Connects for several tests, which close it. */
export async function connectedClient(
  url: URL,
  era: keyof typeof ERAS,
  headers: Record<string, string> = {},
): Promise<Client> {
  const client = new Client({ name: 'tests', version: '1.0.0' }, { versionNegotiation: { mode: ERAS[era] } });
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } }));
  return client;
}

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly data?: string;
  readonly mimeType?: string;
}

/** The blocks of a result. */
export function blocksOf(result: { readonly content?: unknown }): readonly Block[] {
  return result.content as readonly Block[];
}

/** The JSON of a result, which must not be an error. */
export function jsonOf(result: {
  readonly content?: unknown;
  readonly isError?: unknown;
}): Record<string, unknown> {
  const [first] = blocksOf(result);
  if (result.isError) throw new Error(first!.text);
  return JSON.parse(first!.text!);
}
