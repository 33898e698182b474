/** Progress on a pipe, where tests run. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stageProgress } from '../../../scripts/cli/progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('prints the stages of a task from its first second on, and not those of a fast one', () => {
  const lines: string[] = [];
  const { onStage, stop } = stageProgress('freezing', (line) => lines.push(line));
  onStage('running', 0, 3);
  vi.advanceTimersByTime(600);
  onStage('writing', 1, 3);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(600);
  expect(lines).toEqual(['freezing: writing']);
  onStage('comparing', 2, 3);
  stop();
  vi.advanceTimersByTime(5000);
  expect(lines).toEqual(['freezing: writing', 'freezing: comparing']);
});

it('prints nothing after the end', () => {
  const lines: string[] = [];
  const { onStage, stop } = stageProgress('freezing', (line) => lines.push(line));
  onStage('running', 0, 3);
  stop();
  vi.advanceTimersByTime(5000);
  expect(lines).toEqual([]);
});
