/** The budget of a Worker as a table. */
import Table from 'cli-table3';
import { LIMITS, PLANS } from './limits.ts';
import type { BudgetFigures } from './measureBudget.ts';

export function renderBudget(figures: BudgetFigures): string {
  const table = new Table({
    head: ['', 'measured', ...PLANS.flatMap((plan) => [plan, ''])],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, { title, unit, limits }] of Object.entries(LIMITS)) {
    const value = figures[name as keyof BudgetFigures];
    const verdicts = PLANS.flatMap((plan) => [
      `${limits[plan].toLocaleString('en-US')} ${unit}`,
      value <= limits[plan] ? 'fits' : 'does not fit',
    ]);
    table.push([title, `${shown(value)} ${unit}`, ...verdicts]);
  }
  return table.toString();
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1);
}
