/** The models of a Worker, for the code of that Worker. */
import { OperationName } from '../../shared/manifest.ts';
import type { Services } from '../environment.ts';
import { callOperation } from './call.ts';
import { createService, type Service } from './service.ts';
import type { CallOptions, Methods } from './types.ts';

/** A model with its operations as methods. Each call is answered by the version that is current then. */
export type OpenModel = Methods & {
  /** As it was opened. */
  readonly reference: string;
};

/**
 * The models that this isolate serves: `latentedge({ models })` gives them an HTTP API, `rpcEntrypoint(models)` makes them
 * methods for other Workers, and `open` for this one. All three share caches, limits, canaries, metrics and drift.
 */
export class ModelService {
  readonly service: Service;

  constructor(services: Services) {
    this.service = createService(services);
  }

  /**
   * Opens `name`, `name@version`, or `name@production`, `name@canary` and `name@previous`. What it answers may be kept: a new
   * version is taken up as it is over HTTP.
   * @param options Those of every call, where it has none of its own.
   * @throws {ProblemError} `unknown-model` or `unknown-version` for what is not served, `model-unavailable` where it
   * cannot be loaded.
   *
   * @example
   * const model = await models.open('orders');
   * const [score] = await model.score([{ amount: 120, country: 'NL' }]);
   */
  async open(reference: string, options: CallOptions = {}): Promise<OpenModel> {
    await this.service.models.find(reference);
    const methods = OperationName.options.map((name) => [
      name,
      (input: unknown, own?: object) =>
        callOperation(this.service, 'CALL', name, {
          ...{ model: reference, input, options: { ...options, ...own } },
        }),
    ]);
    return { reference, ...Object.fromEntries(methods) } as OpenModel;
  }
}
