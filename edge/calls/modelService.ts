/** The models of a Worker, for use by that Worker's own code. */
import { OperationName } from '../../shared/manifest.ts';
import { callOperation } from './call.ts';
import { createService, type Service, type ServiceParts } from './service.ts';
import type { CallOptions, Methods } from './types.ts';

/**
 * A model with its operations as methods. Each call is answered by the version that is current at that time.
 */
export type OpenModel = Methods & {
  /** The reference that it was opened with. */
  readonly reference: string;
};

/**
 * The models that this isolate serves. `latentedge({ models })` serves them over HTTP,
 * `rpcEntrypoint(models)` to other Workers, and `open` to this one. All three share caches, limits, canaries,
 * metrics and drift.
 */
export class ModelService {
  readonly service: Service;

  constructor(parts: ServiceParts) {
    this.service = createService(parts);
  }

  /**
   * Opens `name`, `name@version`, or `name@production`, `name@canary` and `name@previous`. An open model can
   * be kept: like requests over HTTP, its calls are answered by a new version as soon as there is one.
   * @param options Defaults for the options of every call.
   * @throws {ProblemError} `unknown-model` or `unknown-version` for a model that is not served,
   * `model-unavailable` if it cannot be loaded.
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
