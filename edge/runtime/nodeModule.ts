/**
 * Replaces Node's `module` and `worker_threads`, which onnxruntime-web imports in branches that never run in
 * a Worker.
 */
export const createRequire = undefined;
export const workerData = undefined;
