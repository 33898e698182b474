/** A dead-man's switch: a monitor that raises an alarm if it is not told in time that a run has ended well. */
import { printAside } from '../cli/printable.ts';

const TIMEOUT_MS = 10_000;

/**
 * Tells the monitor that a run has ended: `POST <url>` if it ended well, otherwise `POST <url>/fail`, each with the
 * outcome as JSON (healthchecks.io and others take it so). A monitor that does not answer does not fail the run.
 */
export async function pingMonitor(url: string, isWell: boolean, outcome: unknown): Promise<void> {
  const address = isWell ? url : `${url.replace(/\/$/, '')}/fail`;
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(outcome ?? null),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`answered ${response.status}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    printAside(`warning: --ping ${new URL(url).origin}: ${reason}`);
  }
}
