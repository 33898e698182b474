/**
 * The steps of freezing that need much memory or time. Each is run in a process that ends with it (`inChild.ts`), and
 * loaded there only.
 */
export const STEPS = {
  weigh: () => import('./weigh.ts').then(({ weigh }) => weigh),
  observe: () => import('./observe.ts').then(({ observe }) => observe),
  refer: () => import('./reference.ts').then(({ refer }) => refer),
  compose: () => import('./compose.ts').then(({ compose }) => compose),
  verify: () => import('./verify.ts').then(({ verify }) => verify),
} as const;

type Step<Name extends StepName> = Awaited<ReturnType<(typeof STEPS)[Name]>>;

export type StepName = keyof typeof STEPS;
export type StepInput<Name extends StepName> = Parameters<Step<Name>>[0];
export type StepResult<Name extends StepName> = Awaited<ReturnType<Step<Name>>>;
