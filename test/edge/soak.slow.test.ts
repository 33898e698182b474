/** A minute of requests, with a stored model in the Worker's own isolate. */
import { inject } from 'vitest';
import { soak } from '../support/edge/soak.ts';

soak({ seconds: Number(process.env.SOAK_SECONDS ?? 60), build: async () => inject('build') });
