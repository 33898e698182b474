/** Progress on a pipe, where tests run, and on a terminal. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  readingProgress,
  stageProgress,
  trainingProgress,
  waitingProgress,
} from '../../../scripts/cli/progress.ts';

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

it('prints losses of any size with enough digits to tell epochs apart', () => {
  const lines: string[] = [];
  const { onEpoch } = trainingProgress(20, (line) => lines.push(line));
  const losses = (loss: number) => ({ loss, reconstructionLoss: loss, regularisationLoss: 0 });
  onEpoch({ epoch: 9, train: losses(0.275_71), validation: losses(12.5) });
  onEpoch({ epoch: 10, train: losses(0.000_712_34), validation: losses(0.000_9) });
  expect(lines).toEqual([
    'epoch  9/20  loss 0.2757  validation 12.5000',
    'epoch 10/20  loss 0.0007123  validation 0.0009000',
  ]);
});

it('prints nothing after the end', () => {
  const lines: string[] = [];
  const { onStage, stop } = stageProgress('freezing', (line) => lines.push(line));
  onStage('running', 0, 3);
  stop();
  vi.advanceTimersByTime(5000);
  expect(lines).toEqual([]);
});

it('draws the bar of a large table some times a second on a terminal, however many chunks are read', () => {
  const wasTerminal = process.stderr.isTTY;
  process.stderr.isTTY = true;
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { onRead, stop } = readingProgress(() => undefined);
  vi.advanceTimersByTime(1000);
  for (let chunk = 0; chunk < 5000; chunk++) {
    onRead(chunk < 2500 ? 'drawing rows' : 'encoding rows', (chunk % 2500) / 2500);
    vi.advanceTimersByTime(1);
  }
  stop();
  const drawn = write.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('rows ['));
  process.stderr.isTTY = wasTerminal;
  write.mockRestore();
  expect(drawn.length).toBeGreaterThan(20);
  expect(drawn.length).toBeLessThan(150);
  expect(drawn.at(-1)).toMatch(/^encoding rows \[=+-*\] 9\d%/);
});

it('shows a task of unknown length after a second, and then every ten seconds', () => {
  const lines: string[] = [];
  const { stop } = waitingProgress('reading the bucket', (line) => lines.push(line));
  vi.advanceTimersByTime(900);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(lines).toEqual(['reading the bucket']);
  vi.advanceTimersByTime(20_000);
  stop();
  vi.advanceTimersByTime(20_000);
  expect(lines).toEqual([
    'reading the bucket',
    'reading the bucket: 10 s so far',
    'reading the bucket: 20 s so far',
  ]);
});

it('shows the seconds of a task of unknown length on a terminal', () => {
  const wasTerminal = process.stderr.isTTY;
  process.stderr.isTTY = true;
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const lines: string[] = [];
  const { stop } = waitingProgress('reading the bucket', (line) => lines.push(line), true);
  vi.advanceTimersByTime(3000);
  stop();
  const drawn = write.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('bucket'));
  process.stderr.isTTY = wasTerminal;
  write.mockRestore();
  expect(drawn[0]).toBe('reading the bucket: 1 s');
  expect(drawn).toContain('reading the bucket: 3 s');
  expect(lines).toEqual([]);
});
