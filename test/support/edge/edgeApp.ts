/** The app in this process, for what workerd does not let a test see: its bindings, its context and its console. */
import { onTestFinished, vi } from 'vitest';
import { createApp } from '../../../edge/app.ts';
import type { Bindings, Services } from '../../../edge/environment.ts';
import { Models } from '../../../edge/models/models.ts';
import { readSettings } from '../../../edge/settings.ts';
import { linearArtifact } from '../artifacts/linearArtifact.ts';

export const { manifest } = linearArtifact();

const models = new Models({
  bundled: {
    manifests: [manifest],
    graph: () => Promise.reject(new Error('these tests run no graphs')),
  },
  runtime: { open: () => Promise.reject(new Error('these tests run no graphs')) },
  cacheBytes: 1,
  ttlMs: 1,
  keepAlive: () => undefined,
});

const mcp = async () => (await import('../../../edge/mcp/handler.ts')).handleMessage;

/** Routes may be added before its first request. @param built What the Worker would have been built with. */
export function edgeApp(
  variables: Readonly<Record<string, string>> = {},
  bindings: Bindings = {},
  built: Pick<Services, 'mcp'> = { mcp },
) {
  return createApp({ models, settings: readSettings(variables), bindings, ...built });
}

/** An execution context that keeps what it is to wait for. */
export function executionContext() {
  const waitedFor: Promise<unknown>[] = [];
  const context = {
    waitUntil: (promise: Promise<unknown>) => waitedFor.push(promise),
    passThroughOnException: () => undefined,
    props: {},
  };
  return { context, waitedFor };
}

/** What goes to the console from now on to the end of the test, one line each, instead of going there. */
export function capturedLogs(): string[] {
  const lines: string[] = [];
  for (const method of ['log', 'error'] as const) {
    const spy = vi.spyOn(console, method).mockImplementation((line: unknown) => {
      lines.push(String(line));
    });
    onTestFinished(() => spy.mockRestore());
  }
  return lines;
}
