/** The budget of a Worker, and what it costs, as tables. */
import Table from 'cli-table3';
import { LIMITS, PLANS } from './limits.ts';
import type { BudgetFigures } from './measureBudget.ts';
import { monthlyCost, PRICES, VOLUMES } from './prices.ts';

export function renderBudget(figures: BudgetFigures): string {
  const table = newTable(['', 'measured', ...PLANS.flatMap((plan) => [plan, ''])]);
  for (const [name, { title, unit, limits }] of Object.entries(LIMITS)) {
    const value = figures[name as keyof typeof LIMITS];
    const verdicts = PLANS.flatMap((plan) => [
      `${limits[plan].toLocaleString('en-US')} ${unit}`,
      value <= limits[plan] ? 'fits' : 'does not fit',
    ]);
    table.push([title, `${shown(value)} ${unit}`, ...verdicts]);
  }
  return table.toString();
}

/** What a month costs at several numbers of requests, by plan. */
export function renderCost({ meanRequest }: BudgetFigures): string {
  const table = newTable(['requests a month', ...PLANS]);
  for (const requests of VOLUMES) {
    const costs = PLANS.map((plan) => {
      const cost = monthlyCost(plan, requests, meanRequest);
      const most = `more than ${PRICES.free.requestsPerDay.toLocaleString('en-US')} a day`;
      return cost === undefined ? most : `$${cost.toFixed(2)}`;
    });
    table.push([requests.toLocaleString('en-US'), ...costs]);
  }
  return [
    `A request for one row takes ${meanRequest.toFixed(2)} ms of CPU time on this machine (mean).`,
    table.toString(),
    `Prices of ${PRICES.asOf}: ${PRICES.source}. R2 and Analytics Engine are charged separately.`,
  ].join('\n');
}

function newTable(head: string[]): InstanceType<typeof Table> {
  return new Table({ head, style: { head: [], border: [], compact: true } });
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1);
}
