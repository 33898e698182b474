/** The order in which test files start. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Take minutes, the longest first: started late, each would keep one core busy while all others have nothing left to do. */
const LONG = [
  ...['e2e/wrangler.slow', 'e2e/retrainFaults.slow', 'e2e/docsTraining.data', 'e2e/docsServing.slow'],
  ...['e2e/commands', 'models/variants', 'e2e/train', 'training/conformance.slow', 'e2e/projects.slow'],
  ...['retrain/nights.slow', 'e2e/interrupt.slow', 'e2e/versions.slow', 'e2e/month.slow'],
  ...['e2e/retrain.slow', 'edge/isolates.slow', 'e2e/packages.slow', 'e2e/docsRetraining.slow'],
  ...['e2e/production.slow', 'e2e/retrainModels.slow', 'e2e/trainingCases.data', 'playground/panels.browser'],
  ...['e2e/retrainIsolates.slow', 'freeze/large.slow', 'e2e/publish.slow', 'e2e/retrainLocal.slow'],
  ...['retrain/moto.slow', 'edge/isolatesSoak.slow', 'playground/page.browser', 'edge/mcp.slow'],
  ...['edge/soak.slow', 'e2e/evaluateRecipes.slow', 'e2e/docsShadow.slow', 'edge/jobs/jobsFaults.slow'],
  ...['retrain/dataGates.slow', 'e2e/retrainChoices.slow', 'e2e/docsImporting.slow', 'e2e/bench.slow'],
  ...['e2e/applications.data', 'edge/docs.browser', 'e2e/docsProduction.slow', 'edge/generatedClients.slow'],
  ...['edge/embedding.slow', 'e2e/experiments.data', 'report/report', 'e2e/train.data'],
];

/** Vitest's own order but for these. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return index < 0 ? LONG.length : index;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
