/** The Worker in workerd on this machine: what it costs. */
import { benchOverhead } from './edge/overhead.ts';
import { type BenchReport, machine } from './report.ts';

export async function benchEdge(print: (line: string) => void): Promise<BenchReport> {
  return { machine: machine(), ...(await benchOverhead(print)) };
}
